"""Whatever the clock does: nothing seems older than the plausible time since."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from show.clock.jumps import MAX_GAP, NEVER, SETTLING, SKEW, Clock
from show.clock.reading import current_clock, jump, read_clock, removable_before

BEGIN = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# What the clock shows and how much time has really passed, between one reading and the next.
shown = st.one_of(
    st.timedeltas(timedelta(days=-800), timedelta(days=800)),
    st.sampled_from([moved * DAY for moved in (-400, -399, -3, 3, 399, 400, 410)]),
)
real = st.timedeltas(MINUTE, timedelta(days=2))
steps = st.lists(st.tuples(st.one_of(st.none(), st.none(), shown), real), max_size=30)


def run(clock: Clock, days: float, every: timedelta = timedelta(hours=1)) -> Clock:
    """Read a clock that goes right."""
    for _ in range(int(timedelta(days=days) / every)):
        clock = clock.read(clock.read_at + every)
    return clock


@given(steps)
def test_nothing_seems_older_than_the_time_since(steps: list[tuple[timedelta | None, timedelta]]):
    """However often the clock jumps, forwards or back. A jump of less than MAX_GAP can't be told
    from a pause, so each may add that much."""
    clock, passed, jumps = Clock(BEGIN), timedelta(0), 0
    made: list[tuple[datetime, timedelta, int]] = []  # dated, really made, after so many jumps
    for moved, length in steps:
        made.append((clock.read_at, passed, jumps))
        passed += length
        jumps += moved is not None
        clock = clock.read(clock.read_at + length + (moved or timedelta(0)))
    for dated, at, before in made:
        assert clock.age(dated) <= passed - at + (MAX_GAP + SKEW) * (jumps - before)


@given(steps, st.timedeltas(timedelta(0), timedelta(days=500)))
def test_what_may_be_removed_is_old_enough(steps, age: timedelta):
    clock = Clock(BEGIN)
    for moved, length in steps:
        clock = clock.read(clock.read_at + length + (moved or timedelta(0)))
    cutoff = clock.removable_before(age)
    if clock.is_settled:
        assert clock.age(cutoff) >= age
        assert clock.age(cutoff + MINUTE) <= age
    else:
        assert cutoff == NEVER


@given(st.lists(st.timedeltas(timedelta(0), MAX_GAP), max_size=50))
def test_a_clock_that_goes_right_is_believed(steps: list[timedelta]):
    clock = Clock(BEGIN)
    for step in steps:
        clock = clock.read(clock.read_at + step)
    assert clock.is_settled
    assert clock.removable_before(30 * DAY) == clock.read_at - 30 * DAY


@pytest.mark.parametrize("moved", [-400, -3, 3, 400])
def test_after_a_jump_nothing_is_removed_for_a_day(moved: int):
    clock = Clock(BEGIN).read(BEGIN + moved * DAY)
    assert not clock.is_settled
    assert not run(clock, 0.9).is_settled
    assert run(clock, 1).is_settled


def test_a_clock_that_stays_ahead_makes_nothing_older():
    clock = run(Clock(BEGIN).read(BEGIN + 400 * DAY), 10)
    assert clock.age(BEGIN - 5 * DAY) == 15 * DAY
    assert clock.removable_before(30 * DAY) == BEGIN - 20 * DAY


def test_a_clock_that_comes_back_counts_from_where_it_left():
    clock = Clock(BEGIN).read(BEGIN + 400 * DAY).read(BEGIN + MINUTE)
    clock = run(clock, 40)
    assert clock.removable_before(30 * DAY) == clock.read_at - 30 * DAY


def test_a_clock_that_flaps_makes_nothing_older():
    clock = run(Clock(BEGIN).read(BEGIN + 400 * DAY), 10)
    clock = clock.read(BEGIN + 11 * DAY)
    clock = run(clock.read(BEGIN + 411 * DAY), 2)
    assert clock.age(BEGIN - DAY) <= 14 * DAY


def test_a_clock_that_comes_back_too_early_does_not_stop():
    clock = Clock(BEGIN).read(BEGIN + 400 * DAY).read(BEGIN - DAY)
    clock = run(clock, 42)
    assert clock.removable_before(30 * DAY) >= clock.read_at - 32 * DAY


def test_machines_may_differ_by_some_minutes():
    assert Clock(BEGIN).read(BEGIN - SKEW) == Clock(BEGIN)
    assert not Clock(BEGIN).is_future(BEGIN + SKEW)
    assert Clock(BEGIN).is_future(BEGIN + SKEW + MINUTE)


def test_readings_are_stored(db):
    with time_machine.travel(BEGIN, tick=False) as now:
        assert read_clock() == Clock(BEGIN) == current_clock()
        now.shift(400 * DAY)
        assert read_clock() == Clock(BEGIN).read(BEGIN + 400 * DAY) == current_clock()
        assert jump(current_clock()) == (
            "The clock jumped from 2026-03-04 12:00 to 2027-04-08 12:00."
        )
        assert removable_before(DAY) == NEVER
        now.shift(-400 * DAY)
        assert jump(read_clock()).endswith("to 2026-03-04 12:00.")
        for _ in range(2):
            now.shift(SETTLING)
            read_clock()
        assert removable_before(DAY) == BEGIN + DAY


def test_where_the_clock_was_never_read_it_is_believed(db):
    with time_machine.travel(BEGIN, tick=False):
        assert removable_before(DAY) == BEGIN - DAY


def test_the_first_reading_is_compared_with_the_evidence(db):
    with time_machine.travel(BEGIN, tick=False):
        assert not read_clock(BEGIN - 400 * DAY).is_settled
