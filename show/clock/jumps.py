"""A clock that jumps must not remove anything for good.

`tick` and `backup` read the clock. A reading earlier than the last one, or over MAX_GAP later, is a
jump. Ages then count only the time between plausible readings: neither a jump nor a time in which
nothing ran makes anything older. After a jump nothing is removed for SETTLING.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

SKEW = timedelta(minutes=5)  # by which machines may differ
MAX_GAP = timedelta(days=2)  # a nightly backup may read the clock alone, and be missed once
SETTLING = timedelta(days=1)
MAX_GAPS = 50
NEVER = datetime.min.replace(tzinfo=UTC)

Gap = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Clock:
    """The last reading, and what earlier ones tell: pure values, without a database.

    `gaps` are the jumps forward, oldest first; `left_at` was read before the last jump.
    """

    read_at: datetime
    jumped_at: datetime | None = None
    left_at: datetime | None = None
    gaps: tuple[Gap, ...] = ()

    def read(self, now: datetime) -> "Clock":
        """The clock after another reading."""
        # A gap ends where the clock goes on within it.
        gaps = [(begin, min(end, now) if begin <= now else end) for begin, end in self.gaps]
        if follows(self.read_at, now):
            return replace(self, read_at=max(self.read_at, now), gaps=tuple(gaps))
        if now > self.read_at:
            gaps = [gap for gap in gaps if gap[1] <= self.read_at] + [(self.read_at, now)]
        return Clock(now, now, self.read_at, tuple(gaps[-MAX_GAPS:]))

    @property
    def is_settled(self) -> bool:
        return self.jumped_at is None or self.read_at - self.jumped_at >= SETTLING

    def age(self, moment: datetime) -> timedelta:
        """How much plausible time has passed since; zero for a moment in the future."""
        passed, end = timedelta(0), self.read_at
        for gap_begin, gap_end in reversed(self.gaps):
            if gap_end <= moment:
                break
            passed += max(end - max(gap_end, moment), timedelta(0))
            end = min(end, gap_begin)
        return passed + max(end - moment, timedelta(0))

    def is_future(self, moment: datetime) -> bool:
        return moment > self.read_at + SKEW

    def removable_before(self, age: timedelta) -> datetime:
        """What is dated up to then is at least so old, and may be removed for good."""
        if not self.is_settled:
            return NEVER
        left, end = age, self.read_at
        for gap_begin, gap_end in reversed(self.gaps):
            lived = max(end - gap_end, timedelta(0))
            if lived >= left:
                break
            left, end = left - lived, min(end, gap_begin)
        return end - left


def follows(earlier: datetime, later: datetime) -> bool:
    """Whether a clock that goes right may have been read so."""
    return -SKEW <= later - earlier <= MAX_GAP
