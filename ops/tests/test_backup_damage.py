"""Damage in a backup is found, reported and repaired; the rest can be restored."""

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from guests.models import Guest
from ops.backups import make as make_module
from ops.backups.postgres import TableDigest, dump, table_digests
from ops.backups.restic import repository
from ops.models import BackupRecord
from ops.tests.installations import command, empty_database, every_file, every_row, using, write
from ops.tests.sites import FILES, ODD, Site, change, names, packs, refusal

NEW = "audio/3d/new.mp3"
SOUND = os.urandom(3_000_000)


@pytest.fixture
def pack(site: Site) -> Path:
    """The restic's file of data with most of a new recording, which has a backup of its own."""
    before = packs(site)
    write(site.media / NEW, SOUND)
    command("backup")
    return max(packs(site).items() - before.items(), key=lambda each: each[1])[0]


def damage(pack: Path) -> None:
    """Flip a bit of the recording: of what the pack holds, nothing else is as large."""
    for name in repository().run("list", "index").split():
        for found in json.loads(repository().run("cat", "index", name))["packs"]:
            if found["id"] == pack.name:
                largest = max(found["blobs"], key=lambda blob: blob["length"])
                change(pack, largest["offset"] + largest["length"] // 2)


def test_damage_is_found_reported_and_repaired(
    site: Site, pack: Path, settings: Any, tmp_path: Path
) -> None:
    newest, good = names()
    damage(pack)
    found = refusal("restore", check=True)
    assert f"{newest} is damaged" in found
    assert f"the pack {pack.name} has changed or is missing" in found
    assert pack.name in BackupRecord.objects.latest("made_at").problem
    assert f"damaged: the pack {pack.name}" in command("restore", "--list")

    said = command("backup", check=True)
    assert f"Damaged, and so removed from {site.destination}: {pack.name}" in said
    assert "verified, " in said and not pack.exists()
    assert BackupRecord.objects.latest("made_at").is_verified
    assert BackupRecord.objects.get(name=good).is_verified
    # What was in its dump alone is gone.
    assert "Data that it needs was damaged" in BackupRecord.objects.get(name=newest).problem
    assert "verified, " in command("backup", check=True)

    settings.MEDIA_ROOT = tmp_path / "new"
    with empty_database("restored") as restored, using(restored):
        command("restore")
        assert every_row(restored) == every_row(site.database)
    assert every_file(tmp_path / "new") == FILES | {NEW: SOUND}


@pytest.mark.slow
@pytest.mark.parametrize("is_cut", [True, False])
def test_a_pack_that_is_cut_or_missing_is_stored_again(
    site: Site, pack: Path, is_cut: bool
) -> None:
    if is_cut:
        os.truncate(pack, 1000)
    else:
        pack.unlink()
    assert f"Damaged, and so removed from {site.destination}" in command("backup", check=True)
    assert BackupRecord.objects.latest("made_at").is_verified


def test_lists_of_files_that_are_lost_stop_nothing_else(site: Site) -> None:
    before = packs(site)
    write(site.media / NEW, SOUND)
    command("backup")
    lists = min(packs(site).items() - before.items(), key=lambda each: each[1])[0]
    change(lists, 20)
    newest, good = names()
    assert "verified, " in command("backup", check=True)
    assert "Data that it needs was damaged" in BackupRecord.objects.get(name=newest).problem
    assert BackupRecord.objects.get(name=good).is_verified
    said = refusal("restore", newest, check=True)
    assert "not found in repository" in said
    assert ".go:" not in said


def test_a_damaged_dump_is_found_and_not_restored(site: Site) -> None:
    for path, size in packs(site).items():
        for offset in range(100, size, 500):
            change(path, offset)
    found = refusal("restore", check=True)
    assert "the dump can't be" in found
    with empty_database("restored") as restored, using(restored):
        assert "is damaged. Name another backup." in refusal("restore")
        assert list(every_row(restored)) == ["sequences"]


def test_a_dump_that_restores_other_rows_is_found(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def others(*arguments: Any) -> dict[str, TableDigest]:
        tables = table_digests(*arguments)
        guests, topics = tables["public.guests_guest"], tables["public.topics_topic"]
        tables["public.guests_guest"] = guests._replace(sum=f"{guests.sum}1")
        tables["public.topics_topic"] = topics._replace(rows=topics.rows + 1)
        tables["public.gone"] = TableDigest(0, "0")
        del tables["public.show_show"]
        return tables

    monkeypatch.setattr(make_module, "table_digests", others)
    found = refusal("backup", check=True)
    assert "table public.guests_guest has " in found
    assert "rows, but other contents" in found
    assert "table public.topics_topic has " in found
    assert "table public.gone is missing" in found
    assert "table public.show_show should not be there" in found


def test_a_dump_that_cannot_be_restored_is_found(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*arguments: Any) -> None:
        dump(*arguments)
        contents = arguments[-1] / "toc.dat"
        os.truncate(contents, contents.stat().st_size // 2)

    monkeypatch.setattr(make_module, "dump", cut)
    assert "the dump can't be restored: pg_restore failed" in refusal("backup", check=True)
    with closing(site.database.connect()) as opened, opened.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = current_database() || '_check'")
        assert not cursor.fetchall()  # the scratch database is gone


def test_one_damaged_recording_does_not_stop_the_restore(
    site: Site, pack: Path, settings: Any, tmp_path: Path
) -> None:
    damage(pack)
    settings.MEDIA_ROOT = tmp_path / "new"
    with empty_database("restored") as restored, using(restored):
        found = refusal("restore")
        assert f"{NEW}: " in found
        assert Guest.objects.get(slug="zoe").introduction == ODD
    assert every_file(tmp_path / "new") == FILES
