"""Which backups are retained, night after night."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.backups.errors import BackupError
from ops.backups.repository import Backup
from ops.backups.retention import refuse_future, retained
from show.clock.jumps import Clock

BEGIN = datetime(2026, 1, 1, 2, 30, tzinfo=UTC)
NIGHT = timedelta(days=1)
MONTH = timedelta(days=30)


def backup(moment: datetime, *problems: str, checked: bool = True) -> Backup:
    tags = {"checked": moment.isoformat()} if checked else {}
    if problems:
        tags["problem"] = "\n".join(problems)
    return Backup(cast(Any, None), "", moment, tags)


def after_nights(count: int) -> tuple[list[Backup], datetime]:
    """What remains if every night a backup is made and old ones are removed."""
    remaining: list[Backup] = []
    now = BEGIN
    for night in range(count):
        now = BEGIN + night * NIGHT + timedelta(minutes=night % 7)
        remaining = retained([*remaining, backup(now)], Clock(now + timedelta(minutes=5)))
    return remaining, now


@pytest.mark.parametrize("nights", [1, 5, 40, 100, 365])
def test_a_week_of_days_then_weeks(nights: int) -> None:
    remaining, now = after_nights(nights)
    days = [(now.date() - each.made_at.date()).days for each in remaining]
    assert days == sorted(days)
    assert days[:7] == list(range(min(7, nights)))
    assert max(b - a for a, b in zip([0, *days], days, strict=False)) <= 7
    assert len(days) <= 12
    if nights > 30:
        assert 21 <= days[-1] < 30


def test_none_outlives_backup_days_until_the_next_night() -> None:
    """The desk promises that an erased name is gone from backups after BACKUP_DAYS."""
    remaining, now = after_nights(100)
    assert all(now + NIGHT - each.made_at <= MONTH for each in remaining)


def test_the_last_verified_one_is_never_removed() -> None:
    good = backup(BEGIN)
    later = [backup(BEGIN + night * NIGHT, "damaged") for night in range(1, 90)]
    unchecked = backup(BEGIN + 90 * NIGHT, checked=False)
    now = unchecked.made_at
    remaining = retained([good, *later, unchecked], Clock(now))
    assert remaining[0] is unchecked
    assert remaining[-1] is good
    again = backup(now + NIGHT)
    assert good not in retained([*remaining, again], Clock(again.made_at))


def test_a_days_verified_backup_is_preferred() -> None:
    noon = BEGIN + timedelta(hours=10)
    found = [backup(BEGIN), backup(noon, "damaged"), backup(BEGIN + 5 * NIGHT)]
    remaining = retained(found, Clock(BEGIN + 5 * NIGHT))
    assert [each.made_at for each in remaining] == [BEGIN + 5 * NIGHT, BEGIN]


def test_all_of_two_days_are_retained() -> None:
    hours = [backup(BEGIN + timedelta(hours=hour)) for hour in range(0, 48, 6)]
    assert len(retained(hours, Clock(BEGIN + timedelta(hours=47)))) == 8


def test_the_last_one_with_all_stored_files_is_never_removed() -> None:
    """As after a night in which the disk of recordings wasn't mounted."""
    good = backup(BEGIN)
    later = [backup(BEGIN + night * NIGHT) for night in range(1, 90)]
    for each in later:
        each.tags["lost"] = "12"
    assert good in retained([good, *later], Clock(BEGIN + 90 * NIGHT))


jumps = st.lists(st.one_of(st.just(0), st.integers(3, 800), st.integers(-800, -3)), max_size=40)


@given(jumps)
def test_however_the_clock_jumps_no_backup_goes_before_its_time(jumps: list[int]):
    clock, made_in = Clock(BEGIN), {}
    remaining: list[Any] = []
    for night, moved in enumerate(jumps):
        clock = clock.read(clock.read_at + (1 + moved) * NIGHT)
        made = backup(clock.read_at + timedelta(seconds=night))
        made_in[made.name] = night
        before = [*remaining, made]
        remaining = retained(before, clock)
        assert clock.is_settled or len(remaining) == len(before)
        gone = [each for each in before if each not in remaining]
        assert all(night - made_in[each.name] >= 2 for each in gone)
        assert not any(clock.is_future(each.made_at) for each in gone)


def test_a_night_in_another_year_removes_nothing():
    """And the nights after it go on as if it had not been."""
    remaining, now = after_nights(40)
    clock = Clock(now).read(now + 400 * NIGHT)
    ahead = backup(clock.read_at)
    assert retained([*remaining, ahead], clock) == [ahead, *remaining]
    clock = clock.read(now + NIGHT)
    back = backup(clock.read_at)
    assert retained([*remaining, ahead, back], clock) == [ahead, back, *remaining]
    for night in range(2, 60):
        clock = clock.read(now + night * NIGHT)
        remaining = retained([*remaining, backup(clock.read_at)], clock)
    assert all(clock.age(each.made_at) <= MONTH for each in remaining)


def test_a_clock_that_stays_ahead_removes_as_the_nights_pass():
    remaining, now = after_nights(40)
    clock = Clock(now)
    for night in range(1, 60):
        before = {each.name for each in remaining}
        clock = clock.read(now + (400 + night) * NIGHT)
        remaining = retained([*remaining, backup(clock.read_at)], clock)
        assert len(before - {each.name for each in remaining}) <= 2
    assert len(remaining) <= 12


def test_one_dated_in_the_future_is_neither_the_newest_nor_the_verified_one():
    good, ahead = backup(BEGIN), backup(BEGIN + 400 * NIGHT)
    later = [backup(BEGIN + night * NIGHT, "damaged") for night in range(1, 90)]
    remaining = retained([good, *later, ahead], Clock(BEGIN + 90 * NIGHT))
    assert {ahead.name, good.name, later[-1].name} <= {each.name for each in remaining}
    with pytest.raises(BackupError, match=f"Dated in the future.*: {ahead.name}\\."):
        refuse_future(remaining, Clock(BEGIN + 90 * NIGHT))
