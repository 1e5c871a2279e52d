"""Counts downloads: each batch of lines in one transaction, with the offset that was read."""

import logging
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b, sha512
from ipaddress import IPv6Network
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ops.downloads.audio import AudioFile, audio_by_path, largest, merged
from ops.downloads.log import (
    LogFile,
    LoggedRequest,
    UnreadableLine,
    files_of,
    is_listener,
    parse_line,
    unread,
)
from ops.models import DailyDownloads, Listener, ListenerSalt, LogPosition, LogRead
from show.clock.reading import removable_before
from show.models import Show

logger = logging.getLogger(__name__)

WINDOW = timedelta(hours=24)
SALT_BYTES = 16
# Against programs that make up user agents or addresses, and thereby listeners.
AGENTS = 256  # told apart at one address; the IAB's guidelines filter addresses with many
IPV6_NETWORK = 64  # the prefix a household gets, with all the addresses it wants
MAX_LISTENERS = 1_000_000
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
    counter = LogCounter(str(log), tally)
    for file in files[start:]:
        counter.count(file)
    delete_expired(now)
    return tally


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
        requests = list(self.audio_requests(lines))
        listeners = Listeners()
        listeners.load((request, file.enclosure.pk) for request, file in requests)
        found: Counter[tuple[int, date]] = Counter()
        for request, file in requests:
            if is_download(listeners.of(request, file.enclosure.pk), request, file):
                found[file.enclosure.episode_id, request.at.astimezone(self.zone).date()] += 1
        listeners.save()
        for (episode, day), count in found.items():
            row, _ = DailyDownloads.objects.get_or_create(episode_id=episode, day=day)
            DailyDownloads.objects.filter(pk=row.pk).update(count=F("count") + count)
        self.tally.lines += len(lines)
        self.tally.downloads += found.total()

    def audio_requests(self, lines: list[bytes]) -> Iterator[tuple[LoggedRequest, AudioFile]]:
        """The requests for audio of ours."""
        for line in lines:
            try:
                request = parse_line(line)
            except UnreadableLine as problem:
                self.tally.bad_lines += 1
                self.tally.unreadable = self.tally.unreadable or str(problem)
                continue
            if request and request.path in self.audio and is_listener(request.agent):
                yield request, self.audio[request.path]


class Listeners:
    """The listeners of one batch; their rows are read and written together.

    A listener to an episode is a digest of household, user agent and enclosure, keyed by the site's
    secret and salted anew each day. Salt and digests are deleted when the 24 hours are over.
    """

    def __init__(self) -> None:
        self.secret = sha512(settings.SECRET_KEY.encode()).digest()
        self.salts: dict[date, bytes] = {
            row.day: bytes(row.salt) for row in ListenerSalt.objects.all()
        }
        self.rows: dict[bytes, Listener] = {}

    def load(self, requests: Iterable[tuple[LoggedRequest, int]]) -> None:
        """Read the listeners of these requests, each with its enclosure's key."""
        keys = {key for each in requests for key in self.keys(*each)}
        self.rows = {bytes(row.key): row for row in Listener.objects.filter(key__in=keys)}

    def of(self, request: LoggedRequest, enclosure: int) -> Listener:
        """The listener, a new one if there was none in the 24 hours before."""
        today, yesterday = self.keys(request, enclosure)
        for key in (today, yesterday):
            row = self.rows.get(key)
            if row and request.at - row.first_at < WINDOW:
                return row
        row = Listener(key=today, first_at=request.at, byte_ranges=[])
        self.rows[today] = row
        return row

    def save(self) -> None:
        Listener.objects.bulk_create(
            self.rows.values(),
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["first_at", "byte_ranges", "counted"],
        )

    def keys(self, request: LoggedRequest, enclosure: int) -> tuple[bytes, bytes]:
        """The listener's digests of today and of yesterday."""
        day = request.at.date()
        agent = blake2b(request.agent.encode(), digest_size=4).digest()
        number = int.from_bytes(agent) % AGENTS
        identity = f"{household(request.address)}\n{enclosure}\n{number}".encode()
        today, yesterday = (
            blake2b(identity, key=self.secret, salt=self.salt(each), digest_size=16).digest()
            for each in (day, day - timedelta(days=1))
        )
        return today, yesterday

    def salt(self, day: date) -> bytes:
        if day not in self.salts:
            salt = secrets.token_bytes(SALT_BYTES)
            row, _ = ListenerSalt.objects.get_or_create(day=day, defaults={"salt": salt})
            self.salts[day] = bytes(row.salt)
        return self.salts[day]


def household(address: str) -> str:
    """An IPv4 address, or the network of an IPv6 address."""
    try:
        return str(IPv6Network((address.partition("%")[0], IPV6_NETWORK), strict=False))
    except ValueError:  # IPv4, or a Unix socket
        return address


def delete_expired(now: datetime) -> None:
    """Delete listeners whose 24 hours are over or who are too many, and salts that none needs."""
    Listener.objects.filter(first_at__lte=now - WINDOW).delete()
    newest = Listener.objects.order_by("-first_at").values_list("first_at", flat=True)
    for oldest in newest[MAX_LISTENERS : MAX_LISTENERS + 1]:
        Listener.objects.filter(first_at__lte=oldest).delete()
    ListenerSalt.objects.filter(day__lt=(now - WINDOW).date()).delete()


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
