"""Which backups are retained, night after night."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.backups.destinations import FolderDestination
from ops.backups.errors import BackupError
from ops.backups.manifest import CheckResult, check_result_from, manifest_from, name_at
from ops.backups.repository import Backup, backups
from ops.backups.retention import refuse_future, remove_old, retained
from show.clock.jumps import Clock

BEGIN = datetime(2026, 1, 1, 2, 30, tzinfo=UTC)
NIGHT = timedelta(days=1)
MONTH = timedelta(days=30)


def backup(moment: datetime, *problems: str, checked: bool = True) -> Backup:
    made = Backup(cast(Any, None), name_at(moment), moment, [])
    made.check_result = CheckResult(moment, list(problems)) if checked else None
    return made


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


def test_files_are_removed_with_the_last_backup_that_needs_them(tmp_path) -> None:
    destination = FolderDestination(tmp_path)
    for moment, blobs in ((BEGIN, "ab"), (BEGIN + 60 * NIGHT, "bc")):
        lay(tmp_path, moment, blobs)
    (tmp_path / "backups/notes").mkdir()
    (tmp_path / "backups/notes/mine.txt").write_text("not ours")
    now = BEGIN + 60 * NIGHT
    backups(destination)[0].save(CheckResult(now), tmp_path)
    assert remove_old(destination, Clock(now)) == [name_at(BEGIN)]
    assert {path.name[0] for path in (tmp_path / "files").rglob("*") if path.is_file()} == {*"bc"}
    assert not (tmp_path / "backups" / name_at(BEGIN)).exists()
    assert (tmp_path / "backups/notes/mine.txt").exists()


def lay(root, moment: datetime, blobs: str) -> None:
    """Write a backup of some files, as `make` does."""
    folder = root / "backups" / name_at(moment)
    folder.mkdir(parents=True)
    files = {letter: {"size": 1, "sha256": letter * 64} for letter in blobs}
    manifest = {
        "format": 1, "made_at": moment.isoformat(), "release": "dev", "postgresql": 18,
        "dump": files[blobs[0]], "tables": {}, "files": files,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    for letter in blobs:
        path = root / "files" / (letter * 2) / (letter * 64)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(letter)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"null",
        b'{"format": 2}',
        b'{"format": 1}',
        b"\xff",
        b'{"format": 1, "made_at": 3}',
    ],
)
def test_what_is_no_manifest_is_refused(text: bytes) -> None:
    with pytest.raises(BackupError, match="^path (can't be read|has format 2)"):
        manifest_from(text, "path")
    assert check_result_from(text) is None


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
