"""From lines to numbers: each batch in one transaction with how far the log was read."""

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ops.downloads.lines import Request, UnreadableLine, read_line
from ops.downloads.listeners import Listeners, forget
from ops.downloads.log import Batch, LostLog, Place, unread
from ops.downloads.sound import Sound, Sounds, merged
from ops.models import DayOfDownloads, Listener, LogPosition
from show.models import Show

logger = logging.getLogger(__name__)


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

    Where the file that was being read is gone, it goes on with the one that is there, and says so.
    """
    log, began, tally = str(path.absolute()), timezone.now(), Tally()
    refuse_part(path.absolute())
    row, _ = LogPosition.objects.get_or_create(path=log)
    try:
        count_from(path, log, Place(row.first, row.offset), tally)
    except LostLog as lost:
        tally.lost = str(lost)
        LogPosition.objects.filter(path=log).update(first="", offset=0)
        count_from(path, log, Place(), tally)
    forget(began)
    return tally


def refuse_part(path: Path) -> None:
    """Raises CountedElsewhere for a rotated file of a log that is counted under its own name."""
    for known in map(Path, LogPosition.objects.values_list("path", flat=True)):
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


def count_from(path: Path, log: str, place: Place, tally: Tally) -> None:
    sounds, zone = Sounds.now(), Show.objects.current().zone
    for batch in unread(path, place):
        with transaction.atomic():
            row = LogPosition.objects.select_for_update().get(path=log)
            if Place(row.first, row.offset) != place:
                raise CountedElsewhere(f"{path} is being counted by another run.")
            count_batch(batch, sounds, zone, tally)
            place = batch.after
            row.first, row.offset = place.first, place.offset
            row.save()


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
        listener.heard = merged([*map(tuple, listener.heard), *([span] if span else [])])
        listener.counted = sum(end - begin for begin, end in listener.heard) >= sound.enough
    else:
        # How much the other host sent isn't ours to see: whoever begins at the beginning counts.
        listener.counted = not request.range or request.range.startswith("bytes=0-")
    if listener.counted:
        listener.heard = []
    return listener.counted
