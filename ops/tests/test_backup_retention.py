"""Which backups are kept, night after night."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from ops.backups.destinations import Folder
from ops.backups.manifest import Verdict, manifest_from, name_at, verdict_from
from ops.backups.repository import Backup, backups
from ops.backups.retention import remove_old, worth_keeping

BEGIN = datetime(2026, 1, 1, 2, 30, tzinfo=UTC)
NIGHT = timedelta(days=1)
MONTH = timedelta(days=30)


def backup(moment: datetime, *problems: str, checked: bool = True) -> Backup:
    made = Backup(cast(Any, None), name_at(moment), [])
    made.__dict__["verdict"] = Verdict(moment, list(problems)) if checked else None
    return made


def after_nights(count: int) -> tuple[list[Backup], datetime]:
    """What is there when each night a backup was made and old ones were removed."""
    kept: list[Backup] = []
    now = BEGIN
    for night in range(count):
        now = BEGIN + night * NIGHT + timedelta(minutes=night % 7)
        kept = worth_keeping([*kept, backup(now)], now + timedelta(minutes=5))
    return kept, now


@pytest.mark.parametrize("nights", [1, 5, 40, 100, 365])
def test_a_week_of_days_then_weeks(nights: int) -> None:
    kept, now = after_nights(nights)
    days = [(now.date() - each.made_at.date()).days for each in kept]
    assert days == sorted(days)
    assert days[:7] == list(range(min(7, nights)))
    assert max(b - a for a, b in zip([0, *days], days, strict=False)) <= 7
    assert len(days) <= 12
    if nights > 30:
        assert 21 <= days[-1] < 30


def test_none_outlives_the_promise_before_the_next_night() -> None:
    """An erased name is gone from backups after BACKUP_DAYS, says the desk."""
    kept, now = after_nights(100)
    assert all(now + NIGHT - each.made_at <= MONTH for each in kept)


def test_the_last_verified_one_is_never_removed() -> None:
    good = backup(BEGIN)
    later = [backup(BEGIN + night * NIGHT, "damaged") for night in range(1, 90)]
    unchecked = backup(BEGIN + 90 * NIGHT, checked=False)
    now = unchecked.made_at
    kept = worth_keeping([good, *later, unchecked], now)
    assert kept[0] is unchecked
    assert kept[-1] is good
    again = backup(now + NIGHT)
    assert good not in worth_keeping([*kept, again], again.made_at)


def test_of_a_day_the_verified_one_stays() -> None:
    noon = BEGIN + timedelta(hours=10)
    found = [backup(BEGIN), backup(noon, "damaged"), backup(BEGIN + 5 * NIGHT)]
    kept = worth_keeping(found, BEGIN + 5 * NIGHT)
    assert [each.made_at for each in kept] == [BEGIN + 5 * NIGHT, BEGIN]


def test_all_of_two_days_stay() -> None:
    hours = [backup(BEGIN + timedelta(hours=hour)) for hour in range(0, 48, 6)]
    assert len(worth_keeping(hours, BEGIN + timedelta(hours=47))) == 8


def test_files_go_with_the_last_backup_that_needs_them(tmp_path) -> None:
    place = Folder(tmp_path)
    for moment, blobs in ((BEGIN, "ab"), (BEGIN + 60 * NIGHT, "bc")):
        lay(tmp_path, moment, blobs)
    (tmp_path / "backups/notes").mkdir()
    (tmp_path / "backups/notes/mine.txt").write_text("not ours")
    now = BEGIN + 60 * NIGHT
    backups(place)[0].note(Verdict(now), tmp_path)
    assert remove_old(place, now) == [name_at(BEGIN)]
    assert {path.name[0] for path in (tmp_path / "files").rglob("*") if path.is_file()} == {*"bc"}
    assert not (tmp_path / "backups" / name_at(BEGIN)).exists()
    assert (tmp_path / "backups/notes/mine.txt").exists()


def lay(root, moment: datetime, blobs: str) -> None:
    """A backup of some files, as `make` leaves it."""
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
    with pytest.raises(ValueError, match="can't be read|is of format 2"):
        manifest_from(text)
    assert verdict_from(text) is None
