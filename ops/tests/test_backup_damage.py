"""Damage in a backup is found, reported and repaired; the rest can be restored."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

from guests.models import Guest
from ops.backups.destinations import HashingWriter
from ops.models import BackupRecord
from ops.tests.installations import command, empty_database, every_file, every_row, using
from ops.tests.sites import AUDIO, FILES, ODD, Site, blob, names, only_backup, refusal


def test_damage_is_found_reported_and_repaired(site: Site) -> None:
    (good,) = names(site)
    recording = blob(site, "audio/1f/one.mp3")
    recording.write_bytes(AUDIO[:-1] + b"!")
    blob(site, "avatars/zoë 🎙.png").unlink()
    found = refusal("restore", check=True)
    assert f"{good} is damaged" in found
    assert "audio/1f/one.mp3 has other bytes than were written" in found
    assert "avatars/zoë 🎙.png is missing" in found
    assert "pictures/empty.png" not in found
    assert "audio/1f/one.mp3" in BackupRecord.objects.get().problem
    assert "damaged: audio/1f/one.mp3" in command("restore", "--list")

    assert "2 of them copied" in command("backup", check=True)
    assert BackupRecord.objects.latest("made_at").is_verified
    assert recording.read_bytes() == AUDIO  # for the older backup, too


def test_a_truncated_dump_is_found_and_not_restored(site: Site) -> None:
    dump_file = only_backup(site) / "database.dump"
    dump_file.write_bytes(dump_file.read_bytes()[:-100])
    assert "the dump has " in refusal("restore", check=True)
    with empty_database("restored") as restored, using(restored):
        assert "Name another backup" in refusal("restore")
        assert list(every_row(restored)) == ["sequences"]


def test_a_dump_that_restores_other_rows_is_found(site: Site) -> None:
    path = only_backup(site) / "manifest.json"
    manifest = json.loads(path.read_text())
    tables = manifest["tables"]
    tables["public.guests_guest"]["sum"] += "1"
    tables["public.topics_topic"]["rows"] += 1
    tables["public.gone"] = {"rows": 0, "sum": "0"}
    del tables["public.show_show"]
    path.write_text(json.dumps(manifest))
    found = refusal("restore", check=True)
    assert "table public.guests_guest has " in found
    assert "rows, but other contents" in found
    assert "table public.topics_topic has " in found
    assert "table public.gone is missing" in found
    assert "table public.show_show should not be there" in found


def test_a_dump_that_cannot_be_restored_is_found(site: Site) -> None:
    folder = only_backup(site)
    manifest = json.loads((folder / "manifest.json").read_text())
    cut = (folder / "database.dump").read_bytes()[: manifest["dump"]["size"] // 2]
    (folder / "database.dump").write_bytes(cut)
    into = HashingWriter()
    into.write(cut)
    manifest["dump"] |= {"size": into.size, "sha256": into.sha256}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert "the dump can't be restored: pg_restore failed" in refusal("restore", check=True)
    with closing(site.database.connect()) as opened, opened.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = current_database() || '_check'")
        assert not cursor.fetchall()  # the scratch database is gone


def test_an_unreadable_manifest_is_reported(site: Site) -> None:
    path = only_backup(site) / "manifest.json"
    path.write_bytes(path.read_bytes()[:200])
    assert "manifest.json can't be read" in refusal("restore", check=True)
    assert "damaged" in command("restore", list=True)
    files = len(list((site.destination / "files").rglob("*")))
    assert "no stored file is removed" in refusal("backup")
    assert len(list((site.destination / "files").rglob("*"))) == files


def test_one_damaged_recording_does_not_stop_the_restore(
    site: Site, settings: Any, tmp_path: Path
) -> None:
    blob(site, "audio/1f/one.mp3").write_bytes(b"x")
    settings.MEDIA_ROOT = tmp_path / "new"
    with empty_database("restored") as restored, using(restored):
        found = refusal("restore")
        assert "audio/1f/one.mp3 has 1 bytes, not 1280000" in found
        assert Guest.objects.get(slug="zoe").introduction == ODD
    assert every_file(tmp_path / "new").keys() == FILES.keys() - set(list(FILES)[:2])
