"""Which backups are retained, night after night."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from ops.backups.destinations import FolderDestination
from ops.backups.errors import BackupError
from ops.backups.manifest import CheckResult, check_result_from, manifest_from, name_at
from ops.backups.repository import Backup, backups, remove_old, retained

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
        remaining = retained([*remaining, backup(now)], now + timedelta(minutes=5))
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
    remaining = retained([good, *later, unchecked], now)
    assert remaining[0] is unchecked
    assert remaining[-1] is good
    again = backup(now + NIGHT)
    assert good not in retained([*remaining, again], again.made_at)


def test_a_days_verified_backup_is_preferred() -> None:
    noon = BEGIN + timedelta(hours=10)
    found = [backup(BEGIN), backup(noon, "damaged"), backup(BEGIN + 5 * NIGHT)]
    remaining = retained(found, BEGIN + 5 * NIGHT)
    assert [each.made_at for each in remaining] == [BEGIN + 5 * NIGHT, BEGIN]


def test_all_of_two_days_are_retained() -> None:
    hours = [backup(BEGIN + timedelta(hours=hour)) for hour in range(0, 48, 6)]
    assert len(retained(hours, BEGIN + timedelta(hours=47))) == 8


def test_files_are_removed_with_the_last_backup_that_needs_them(tmp_path) -> None:
    destination = FolderDestination(tmp_path)
    for moment, blobs in ((BEGIN, "ab"), (BEGIN + 60 * NIGHT, "bc")):
        lay(tmp_path, moment, blobs)
    (tmp_path / "backups/notes").mkdir()
    (tmp_path / "backups/notes/mine.txt").write_text("not ours")
    now = BEGIN + 60 * NIGHT
    backups(destination)[0].save(CheckResult(now), tmp_path)
    assert remove_old(destination, now) == [name_at(BEGIN)]
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
