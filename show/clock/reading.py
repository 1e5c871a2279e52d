"""The clock as `tick` and `backup` have read it."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from show.clock.jumps import Clock, follows
from show.models import ClockReading

logger = logging.getLogger(__name__)


@transaction.atomic
def read_clock(evidence: datetime | None = None) -> Clock:
    """Read the clock and store it. The first time, `evidence` is taken for the last reading."""
    now = timezone.now()
    first = {"read_at": evidence or now}
    row, _ = ClockReading.objects.select_for_update().get_or_create(pk=1, defaults=first)
    before = _clock(row)
    after = before.read(now)
    row.read_at, row.jumped_at, row.left_at = after.read_at, after.jumped_at, after.left_at
    row.gaps = [[begin.isoformat(), end.isoformat()] for begin, end in after.gaps]
    row.save()
    if not follows(before.read_at, now):
        logger.warning("%s Nothing is removed for a day.", jump(after))
    return after


def jump(clock: Clock) -> str:
    """What the last jump was, as a sentence."""
    return (
        f"The clock jumped from {clock.left_at:%Y-%m-%d %H:%M} to {clock.jumped_at:%Y-%m-%d %H:%M}."
    )


def current_clock() -> Clock:
    """As last read; where it never was, as it is now."""
    row = ClockReading.objects.filter(pk=1).first()
    return _clock(row) if row else Clock(timezone.now())


def removable_before(age: timedelta) -> datetime:
    """As `Clock.removable_before`, of the last reading. Whatever is removed by age asks this."""
    return current_clock().removable_before(age)


def _clock(row: ClockReading) -> Clock:
    gaps = ((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in row.gaps)
    return Clock(row.read_at, row.jumped_at, row.left_at, tuple(gaps))
