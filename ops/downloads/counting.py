"""Counts downloads: each batch of lines in one transaction, with the offset that was read."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ops.downloads.apps import app_of, device_of
from ops.downloads.audio import AudioFile, audio_by_path, largest, merged
from ops.downloads.figures import add_downloads, add_programs, add_visits
from ops.downloads.listeners import Listeners, delete_expired
from ops.downloads.log import LoggedRequest, UnreadableLine, is_listener, parse_line
from ops.downloads.log_files import LogFile, files_of, unread
from ops.downloads.visits import visits
from ops.models import Listener, LogPosition, LogRead, MonthlyDownloads
from show.clock.reading import removable_before
from show.models import Show

logger = logging.getLogger(__name__)

REMEMBERED = timedelta(days=400)  # longer than rotated logs are usually stored


@dataclass
class Tally:
    """What a run counted. `unreadable` is the problem of the first bad line."""

    lines: int = 0
    downloads: int = 0
    bad_lines: int = 0
    unreadable: str = ""
    lost: str = ""

    @property
    def warnings(self) -> list[str]:
        warnings = [f"{self.lost} The rest of that file is not counted."] if self.lost else []
        if self.bad_lines:
            warnings.append(f"{self.bad_lines} unreadable lines: {self.unreadable}")
        return warnings


class CountedElsewhere(Exception):
    """Another run is counting this log now, or has counted it as a part of another log."""


def count_downloads(path: Path) -> Tally:
    """Count what nginx has logged since the last run. Raises OSError, CountedElsewhere.

    If none of the files that were being read exists, it continues with the present log, and the
    tally says so.
    """
    log, now, tally = path.absolute(), timezone.now(), Tally()
    refuse_rotated(log)
    read = read_files(str(log))
    files = files_of(path)
    is_there = bool(files) and files[-1].path == path
    start = next((at for at, file in enumerate(files) if file.first in read), None)
    if start is None:
        if is_there and read:
            *_, last = read.values()
            tally.lost = (
                f"None of {path}* is the file that was read up to byte {last.offset}, "
                "unless that was another machine's."
            )
        start = len(files) - is_there  # rotated files are older than the first count
    if not any(is_today(each.read_at, now) for each in read.values()):
        MonthlyDownloads.objects.rebuild()
    counter = LogCounter(str(log), tally)
    for file in files[start:]:
        counter.count(file)
    delete_expired(now)
    return tally


def is_today(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment.date() == now.date()


def read_files(log: str) -> dict[str, LogRead]:
    """The log's files that were read before, oldest first, by the digests of their first lines."""
    LogRead.objects.filter(path=log, read_at__lt=removable_before(REMEMBERED)).delete()
    found = {row.first: row for row in LogRead.objects.filter(path=log).order_by("pk")}
    former = LogPosition.objects.filter(path=log).exclude(first="").first()
    row = found.get(former.first) if former else None
    if former is None or (row and row.offset >= former.offset):
        return found
    # The former release was in use again for a while, and has read on.
    row, _ = LogRead.objects.update_or_create(
        first=former.first, defaults={"path": log, "offset": former.offset}
    )
    return {row.first: row}


def refuse_rotated(path: Path) -> None:
    """Raises CountedElsewhere if this is a rotated file of a log that is counted already."""
    for log in map(Path, LogRead.objects.values_list("path", flat=True).distinct()):
        if path != log and path.parent == log.parent and path.name.startswith(log.name):
            raise CountedElsewhere(
                f"{path} was {log}, and has been counted with it. "
                "If it is older than that count, copy it to another folder and name it there."
            )


def count_new() -> str:
    """Count the log of DOWNLOADS_LOG; what was counted, if anything."""
    if not settings.DOWNLOADS_LOG:
        return ""
    tally = count_downloads(Path(settings.DOWNLOADS_LOG))
    for warning in tally.warnings:
        logger.warning("Downloads: %s", warning)
    return f"Counted {tally.downloads} downloads." if tally.downloads else ""


class LogCounter:
    """One run over the files of a log."""

    def __init__(self, log: str, tally: Tally) -> None:
        self.log, self.tally = log, tally
        self.audio, self.zone = audio_by_path(), Show.objects.current().zone

    def count(self, file: LogFile) -> None:
        """Raises OSError, CountedElsewhere."""
        row, _ = LogRead.objects.update_or_create(first=file.first, defaults={"path": self.log})
        # Rotated files, too: nginx's workers may write to them for a moment longer.
        if file.is_read(row.offset):
            return
        for lines, offset in unread(file, row.offset):
            with transaction.atomic():
                row = self.lock(row)
                self.count_batch(lines)
                row.offset, row.read_at = offset, timezone.now()
                row.save(update_fields=["offset", "read_at"])
        if str(file.path.absolute()) == self.log:
            LogPosition.objects.update_or_create(
                path=self.log, defaults={"first": row.first, "offset": row.offset}
            )

    def lock(self, read: LogRead) -> LogRead:
        """The row, locked. Raises CountedElsewhere if another run has read on."""
        row = LogRead.objects.select_for_update().get(pk=read.pk)
        if row.offset != read.offset:
            raise CountedElsewhere(f"{self.log} is being counted by another run.")
        return row

    def count_batch(self, lines: list[bytes]) -> None:
        audio: list[tuple[LoggedRequest, AudioFile]] = []
        others: list[LoggedRequest] = []
        for request in self.requests(lines):
            file = self.audio.get(request.path)
            if file is None:
                others.append(request)
            elif request.may_be_audio and is_listener(request.agent):
                audio.append((request, file))
        self.tally.lines += len(lines)
        self.tally.downloads += self.count_audio(audio)
        add_visits(visits(others, self.zone))

    def count_audio(self, requests: list[tuple[LoggedRequest, AudioFile]]) -> int:
        """How many downloads these requests complete."""
        listeners = Listeners()
        listeners.load((request, file.enclosure.pk) for request, file in requests)
        downloads: Counter[tuple[int, date]] = Counter()
        programs: Counter[tuple[int, date, str, str]] = Counter()
        for request, file in requests:
            if is_download(listeners.of(request, file.enclosure.pk), request, file):
                key = file.enclosure.episode_id, request.at.astimezone(self.zone).date()
                downloads[key] += 1
                programs[*key, app_of(request.agent), device_of(request.agent)] += 1
        listeners.save()
        add_downloads(downloads)
        add_programs(programs)
        return downloads.total()

    def requests(self, lines: list[bytes]) -> Iterator[LoggedRequest]:
        """The answered ones; unreadable lines are in the tally."""
        for line in lines:
            try:
                request = parse_line(line)
            except UnreadableLine as problem:
                self.tally.bad_lines += 1
                self.tally.unreadable = self.tally.unreadable or str(problem)
                continue
            if request:
                yield request


def is_download(listener: Listener, request: LoggedRequest, file: AudioFile) -> bool:
    """Whether this request completes a download; adds what it received to the listener."""
    if listener.counted or (request.status == 302) == file.is_local:
        return False
    if file.is_local:
        span = file.span(request.sent, request.status, request.range)
        ranges = merged([*map(tuple, listener.byte_ranges), *([span] if span else [])])
        listener.byte_ranges = largest(ranges)
        received = sum(end - begin for begin, end in listener.byte_ranges)
        listener.counted = received >= file.download_bytes
    else:
        # The other host doesn't tell how much it sent: a request from the beginning counts.
        listener.counted = not request.range or request.range.startswith("bytes=0-")
    if listener.counted:
        listener.byte_ranges = []
    return listener.counted
