"""From lines to numbers: each batch in one transaction with how far the log was read."""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ops.downloads.audio import Sound, Sounds, largest, merged
from ops.downloads.lines import Request, UnreadableLine, read_line
from ops.downloads.listeners import Listeners, forget
from ops.downloads.log import Batch, LogFile, files_of, unread
from ops.models import DayOfDownloads, Listener, LogPosition, LogRead
from show.models import Show

logger = logging.getLogger(__name__)

# Longer than logs lie about: the host may keep them compressed.
REMEMBERED = timedelta(days=400)


@dataclass
class Tally:
    """What a run did. `unreadable` says why the first bad line couldn't be read."""

    lines: int = 0
    downloads: int = 0
    bad_lines: int = 0
    unreadable: str = ""
    lost: str = ""


class CountedElsewhere(Exception):
    """Another run counts this log at this moment, or has as a part of another."""


def count_downloads(path: Path) -> Tally:
    """Count what was written to nginx's log since the last run. Raises OSError, CountedElsewhere.

    Where no file is there any more that was being read, it goes on with the log as it is, and says
    so.
    """
    log, began, tally = str(path.absolute()), timezone.now(), Tally()
    refuse_part(path.absolute())
    read = reads_of(log)
    files = files_of(path)
    is_there = bool(files) and files[-1].path == path
    begin = next((at for at, file in enumerate(files) if file.first in read), None)
    if begin is None:
        if is_there and read:
            *_, last = read.values()
            tally.lost = (
                f"None of {path}* is the file that was read up to byte {last.offset}, "
                "unless that was another machine's."
            )
        # Those beside it are of a time before anything was counted.
        begin = len(files) - is_there
    counting = Counting(log, began, tally)
    for file in files[begin:]:
        counting.count(file)
    forget(began)
    return tally


def reads_of(log: str) -> dict[str, LogRead]:
    """How far the log's files were read, oldest first, by what they are known by."""
    LogRead.objects.filter(path=log, read_at__lt=timezone.now() - REMEMBERED).delete()
    found = {row.first: row for row in LogRead.objects.filter(path=log).order_by("pk")}
    former = LogPosition.objects.filter(path=log).exclude(first="").first()
    known = found.get(former.first) if former else None
    if former is None or (known and known.offset >= former.offset):
        return found
    # A former version, gone back to for a while, has read on: what it counted isn't counted again.
    row, _ = LogRead.objects.update_or_create(
        first=former.first, defaults={"path": log, "offset": former.offset}
    )
    return {row.first: row}


def refuse_part(path: Path) -> None:
    """Raises CountedElsewhere for a rotated file of a log that is counted under its own name."""
    for known in map(Path, LogRead.objects.values_list("path", flat=True).distinct()):
        if path != known and path.parent == known.parent and path.name.startswith(known.name):
            raise CountedElsewhere(
                f"{path} was {known}, and has been counted with it. "
                "If it is older than that count, copy it to another folder and name it there."
            )


def count_new() -> str:
    """Count what the log of DOWNLOADS_LOG has new; what was done, if anything."""
    if not settings.DOWNLOADS_LOG:
        return ""
    tally = count_downloads(Path(settings.DOWNLOADS_LOG))
    if tally.lost:
        logger.warning("Downloads: %s What it held further down is not counted.", tally.lost)
    if tally.bad_lines:
        logger.warning("Downloads: %d unreadable lines: %s", tally.bad_lines, tally.unreadable)
    return f"Counted {tally.downloads} downloads." if tally.downloads else ""


class Counting:
    """One run over the files of a log."""

    def __init__(self, log: str, began: datetime, tally: Tally) -> None:
        self.log, self.began, self.tally = log, began, tally
        self.sounds, self.zone = Sounds.now(), Show.objects.current().zone

    def count(self, file: LogFile) -> None:
        """Raises OSError, CountedElsewhere."""
        row, _ = LogRead.objects.update_or_create(first=file.first, defaults={"path": self.log})
        # Also one that was moved away: nginx's processes may write to it a moment longer.
        if file.is_read(row.offset):
            return
        for batch in unread(file, row.offset):
            with transaction.atomic():
                row = self.expect(row)
                count_batch(batch, self.sounds, self.zone, self.tally)
                row.offset, row.read_at = batch.after, self.began
                row.save(update_fields=["offset", "read_at"])
        if str(file.path.absolute()) == self.log:
            LogPosition.objects.update_or_create(
                path=self.log, defaults={"first": row.first, "offset": row.offset}
            )

    def expect(self, known: LogRead) -> LogRead:
        """The row, locked, as it was known."""
        row = LogRead.objects.select_for_update().get(pk=known.pk)
        if row.offset != known.offset:
            raise CountedElsewhere(f"{self.log} is being counted by another run.")
        return row


def count_batch(batch: Batch, sounds: Sounds, zone: ZoneInfo, tally: Tally) -> None:
    heard = list(sound_requests(batch, sounds, tally))
    listeners = Listeners()
    listeners.load((request, sound.enclosure.pk) for request, sound in heard)
    found: Counter[tuple[int, date]] = Counter()
    for request, sound in heard:
        if is_download(listeners.of(request, sound.enclosure.pk), request, sound):
            found[sound.enclosure.episode_id, request.at.astimezone(zone).date()] += 1
    listeners.save()
    for (episode, day), count in found.items():
        row, _ = DayOfDownloads.objects.get_or_create(episode_id=episode, day=day)
        DayOfDownloads.objects.filter(pk=row.pk).update(count=F("count") + count)
    tally.lines += len(batch.lines)
    tally.downloads += found.total()


def sound_requests(batch: Batch, sounds: Sounds, tally: Tally) -> list[tuple[Request, Sound]]:
    """The requests of listeners for a recording that we know."""
    found = []
    for line in batch.lines:
        try:
            request = read_line(line)
        except UnreadableLine as reason:
            tally.bad_lines += 1
            tally.unreadable = tally.unreadable or str(reason)
            continue
        sound = sounds.by_path.get(request.path) if request else None
        if request and sound:
            found.append((request, sound))
    return found


def is_download(listener: Listener, request: Request, sound: Sound) -> bool:
    """Whether this request completes a download that wasn't counted yet. Notes what was heard."""
    if listener.counted or (request.status == 302) == sound.is_here:
        return False
    if sound.is_here:
        span = sound.span(request.sent, request.status, request.range)
        heard = merged([*map(tuple, listener.heard), *([span] if span else [])])
        listener.heard = largest(heard)
        listener.counted = sum(end - begin for begin, end in listener.heard) >= sound.enough
    else:
        # How much the other host sent isn't ours to see: whoever begins at the beginning counts.
        listener.counted = not request.range or request.range.startswith("bytes=0-")
    if listener.counted:
        listener.heard = []
    return listener.counted
