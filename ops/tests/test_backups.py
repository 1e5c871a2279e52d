"""The drill: a backup of a filled catalogue, restored, is the same; what is damaged is noticed."""

import json
import shutil
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from moto.server import ThreadedMotoServer

from deploy.local.prepare import load_sample
from episodes.models import Enclosure, Episode
from guests.models import Guest
from ops.backups import make as making
from ops.backups import places, programs
from ops.backups.places import Folder, Sum
from ops.backups.postgres import LOCK, Database, dump, load, major, one_moment, own_database
from ops.backups.problems import BackupError
from ops.backups.shelf import backups
from ops.models import BackupRecord
from ops.tests.installations import (
    boots,
    command,
    empty_database,
    every_file,
    every_object,
    every_row,
    url_of,
    using,
    write,
)
from tests.production import python

ODD = "Zoë “O’Brien”\t\\N <&> 你好 \U0001f399"
AUDIO = bytes(range(256)) * 5000
FILES = {
    "audio/1f/one.mp3": AUDIO,
    "audio/2e/the same again.mp3": AUDIO,
    "avatars/zoë 🎙.png": b"\x89PNG",
    "pictures/empty.png": b"",
}


KEYS = {
    "region_name": "us-east-1",
    "aws_access_key_id": "key",
    "aws_secret_access_key": "secret",
}


class Site(NamedTuple):
    """An installation, and where its backups lie."""

    database: Database
    media: Path
    place: Path


@pytest.fixture(scope="module")
def filled(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database with a catalogue in it, all committed. Django's connection leads there."""
    with django_db_blocker.unblock(), empty_database("filled") as database:
        skip_without_programs(database)
        copy_database(own_database(), database, tmp_path_factory.mktemp("schema") / "dump")
        with using(database):
            call_command("migrate", verbosity=0)  # run alone, these tests bring no schema
            load_sample()
            Guest.objects.create(name="Zoë", slug="zoe", introduction=ODD)
            User.objects.create_superuser("nick", "nick@example.org", "password")
            Episode.objects.filter(pk=Episode.objects.earliest("pk").pk).update(
                deleted_at=timezone.now()
            )
            newest = Enclosure.objects.latest("pk")
            newest.file = "audio/1f/one.mp3"
            newest.save()
            yield database


def skip_without_programs(database: Database) -> None:
    with closing(database.connect()) as opened:
        server = major(opened)
    try:
        programs.program("pg_dump", server)
    except BackupError as missing:
        pytest.skip(str(missing))


def copy_database(source: Database, target: Database, path: Path) -> None:
    """The migrated schema, with what migrations have written."""
    with one_moment(source) as (moment, snapshot), path.open("wb") as file:
        server = major(moment)
        dump(source, snapshot, server, Sum(file))
    load(path, target, server)


@pytest.fixture(scope="module")
def kept(filled: Database, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with one verified backup; tests work on copies."""
    folder = tmp_path_factory.mktemp("site")
    site = Site(filled, folder / "media", folder / "place")
    site.place.mkdir()
    for name, content in FILES.items():
        write(site.media / name, content)
    with override_settings(MEDIA_ROOT=site.media, BACKUP_URL=f"file://{site.place}"):
        said = command("backup", check=True)
    assert "4 files, 3 of them copied" in said  # two have the same bytes
    assert "verified" in said
    return site


@pytest.fixture
def site(kept: Site, tmp_path: Path, settings: Any) -> Site:
    own = Site(kept.database, tmp_path / "media", tmp_path / "place")
    shutil.copytree(kept.media, own.media)  # with the files' times
    shutil.copytree(kept.place, own.place)
    settings.MEDIA_ROOT, settings.BACKUP_URL = own.media, f"file://{own.place}"
    return own


def refusal(name: str, *arguments: str, **options: Any) -> str:
    with pytest.raises(CommandError) as refused:
        command(name, *arguments, **options)
    return str(refused.value)


def names(site: Site) -> list[str]:
    return [backup.name for backup in backups(Folder(site.place))]


def only_backup(site: Site) -> Path:
    (name,) = names(site)
    return site.place / "backups" / name


def blob(site: Site, name: str) -> Path:
    manifest = json.loads((only_backup(site) / "manifest.json").read_text())
    digest = manifest["files"][name]["sha256"]
    return site.place / "files" / digest[:2] / digest


def test_a_restored_site_is_the_same_and_works(site: Site, settings: Any, tmp_path: Path) -> None:
    before = every_row(site.database)
    assert sum(map(len, before.values())) > 3000
    settings.MEDIA_ROOT = tmp_path / "new"
    write(tmp_path / "new/audio/1f/one.mp3", AUDIO)  # by a restore that was cut off
    with empty_database("restored") as restored, using(restored):
        said = command("restore")
        assert "3 files written" in said
        assert "Every row is as it was" in said
        assert every_row(restored) == before
        assert BackupRecord.objects.get().is_verified
        assert every_object(restored) == every_object(site.database)
        assert every_file(tmp_path / "new") == FILES
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").rglob("*.*")}
        assert modes == {0o644}
        call_command("migrate", check_unapplied=True, verbosity=0)
        boots()
        assert Client().login(username="nick", password="password")
        assert "isn't empty" in refusal("restore")


def test_unchanged_files_are_not_copied_again(site: Site) -> None:
    write(site.media / "audio/3d/new.mp3", b"new")
    (site.media / "audio/1f/one.mp3").write_bytes(b"replaced")
    assert "5 files, 2 of them copied" in command("backup")
    assert "5 files, 0 of them copied" in command("backup")


def test_a_file_that_came_or_went_meanwhile_is_in_the_backup(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dump_while_a_recording_is_replaced(*arguments: Any) -> None:
        (site.media / "audio/1f/one.mp3").unlink()
        write(site.media / "audio/9a/its successor.mp3", b"better")
        dump(*arguments)

    monkeypatch.setattr(making, "dump", dump_while_a_recording_is_replaced)
    said = command("backup")
    files = backups(Folder(site.place))[0].manifest.files
    assert files.keys() == {*FILES, "audio/9a/its successor.mp3"}
    assert "audio/1f/one.mp3: the catalogue names this file" not in said


def test_a_file_that_the_storage_lost_stays_in_backups(site: Site) -> None:
    shutil.rmtree(site.media)  # its disk isn't mounted
    for _ in range(2):
        said = command("backup")
        assert "audio/1f/one.mp3: the storage has lost this file, backups still have it" in said
        assert backups(Folder(site.place))[0].manifest.files.keys() == {"audio/1f/one.mp3"}


def test_a_file_that_nobody_has_is_told(site: Site) -> None:
    blob(site, "audio/1f/one.mp3").unlink()
    shutil.rmtree(site.media / "audio")
    said = command("backup")
    assert "audio/1f/one.mp3: the catalogue names this file, and the storage hasn't" in said


def test_a_killed_backup_leaves_the_old_one_valid(site: Site) -> None:
    before = names(site)
    write(site.media / "audio/3d/new.mp3", b"new")
    for begins in ("files/", "database.dump", "manifest.json"):
        killed_at(begins, site)
        assert names(site) == before
    assert list(site.place.glob(".unfinished-*"))
    said = command("backup", check=True)
    assert "5 files, 0 of them copied" in said  # one that was killed has copied it
    assert "verified" in said
    assert not list(site.place.glob(".unfinished-*"))
    assert len(list((site.place / "backups").iterdir())) == len(names(site)) == 2


def killed_at(begins: str, site: Site) -> None:
    """Run `backup` in a process of its own that is killed when it would put such a file.

    Not a fork of this one, which has threads, connections and a browser's loop by then.
    """
    ended = python(
        "-m", "ops.tests.dying_backup", begins,
        DATABASE_URL=f"{url_of(site.database)}?connect_timeout=60",  # it starts beside a suite
        MEDIA_ROOT=str(site.media), BACKUP_URL=f"file://{site.place}", PGBIN=settings.PGBIN,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL, ended.stdout + ended.stderr
    wait_for_the_lock()


def wait_for_the_lock() -> None:
    """The server may notice a moment later that a client is gone."""
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 1")
            if not cursor.fetchall():
                return
            time.sleep(0.05)
    pytest.fail("the killed backup's lock is still held")


def test_damage_is_found_told_and_mended(site: Site) -> None:
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
    into = Sum()
    into.write(cut)
    manifest["dump"] |= {"size": into.size, "sha256": into.sha256}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert "the dump can't be restored: pg_restore failed" in refusal("restore", check=True)
    with closing(site.database.connect()) as opened, opened.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname LIKE '%%filled_check'")
        assert not cursor.fetchall()  # the scratch database is gone


def test_an_unreadable_manifest_is_named(site: Site) -> None:
    path = only_backup(site) / "manifest.json"
    path.write_bytes(path.read_bytes()[:200])
    assert "manifest.json can't be read" in refusal("restore", check=True)
    assert "damaged" in command("restore", list=True)
    files = len(list((site.place / "files").rglob("*")))
    assert "no stored file is removed" in refusal("backup")
    assert len(list((site.place / "files").rglob("*"))) == files


def test_a_restore_touches_nothing_of_others(site: Site) -> None:
    assert "isn't empty" in refusal("restore")
    write(site.media / "audio/1f/one.mp3", b"another show's")
    with empty_database("restored") as restored, using(restored):
        found = refusal("restore")
        assert "other files by the names of the backup's: audio/1f/one.mp3" in found
        assert list(every_row(restored)) == ["sequences"]
    assert (site.media / "audio/1f/one.mp3").read_bytes() == b"another show's"


def test_one_damaged_recording_does_not_hinder_the_rest(
    site: Site, settings: Any, tmp_path: Path
) -> None:
    blob(site, "audio/1f/one.mp3").write_bytes(b"x")
    settings.MEDIA_ROOT = tmp_path / "new"
    with empty_database("restored") as restored, using(restored):
        found = refusal("restore")
        assert "audio/1f/one.mp3 has 1 bytes, not 1280000" in found
        assert Guest.objects.get(slug="zoe").introduction == ODD
    assert every_file(tmp_path / "new").keys() == FILES.keys() - set(list(FILES)[:2])


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of an S3 server with two buckets."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", **KEYS)
    for bucket in ("media", "backups"):
        client.create_bucket(Bucket=bucket)
    yield f"http://{host}:{port}"
    server.stop()


def test_from_a_bucket_into_another_and_back(kept: Site, settings: Any, endpoint: str) -> None:
    keys = {"access_key": "key", "secret_key": "secret", "endpoint_url": endpoint}
    settings.BACKUP_URL, settings.BACKUP_S3 = "s3://backups/of/podcast", keys
    bucket = {"BACKEND": "media.bucket.Bucket", "OPTIONS": {**keys, "bucket_name": "media"}}
    settings.STORAGES = settings.STORAGES | {"default": bucket}
    for name, content in FILES.items():
        default_storage.save(name, ContentFile(content))
    assert "4 files, 3 of them copied" in command("backup")
    default_storage.delete("audio/1f/one.mp3")
    default_storage.save("audio/1f/one.mp3", ContentFile(AUDIO[::-1]))
    assert "4 files, 1 of them copied" in command("backup", check=True)

    objects = boto3.resource("s3", endpoint_url=endpoint, **KEYS).Bucket("backups").objects
    stored = {found.key for found in objects.all()}
    assert {name.split("/")[2] for name in stored} == {"backups", "files"}
    for name in FILES:
        default_storage.delete(name)
    before = every_row(kept.database)
    with empty_database("restored") as restored, using(restored):
        command("restore")
        assert every_row(restored) == before
    back = {name: default_storage.open(name).read() for name in FILES}
    assert back == FILES | {"audio/1f/one.mp3": AUDIO[::-1]}

    with pytest.raises(FileNotFoundError):
        places.place().read("files/gone", Sum())
    settings.BACKUP_URL = "s3://nowhere"
    assert "bucket “nowhere” at http" in refusal("backup")


def test_two_at_once_are_refused(site: Site) -> None:
    with closing(site.database.connect()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
        for name, options in (("backup", {}), ("restore", {"check": True})):
            assert "Another backup, check or restore" in refusal(name, **options)
    wait_for_the_lock()
    command("backup")


def test_a_full_disk_leaves_the_old_one_valid(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    before = every_file(site.place)
    made = places.tempfile.mkdtemp

    def on_a_full_disk(**options: Any) -> str:
        folder = made(**options)
        Path(folder, "database.dump").symlink_to("/dev/full")
        return folder

    monkeypatch.setattr(places.tempfile, "mkdtemp", on_a_full_disk)
    assert "No room left (No space left on device). Backups that were" in refusal("backup")
    assert every_file(site.place) == before


def test_a_place_that_is_not_there_is_not_made(site: Site, settings: Any, tmp_path: Path) -> None:
    for url, words in (
        ("", "BACKUP_URL is not set"),
        (f"file://{tmp_path}/unmounted", f"mkdir -p -m 700 {tmp_path}/unmounted"),
        ("/srv/backups", "names no place: file:///srv/backups"),
        ("file://srv/backups", "names no place: file:///srv/backups"),
        ("s3:///prefix", "names no place"),
    ):
        settings.BACKUP_URL = url
        assert words in refusal("backup")
    assert not (tmp_path / "unmounted").exists()


def pg_dump(folder: Path, *lines: str) -> None:
    """A program by that name."""
    write(folder / "pg_dump", "\n".join(["#!/bin/sh", *lines]).encode())
    (folder / "pg_dump").chmod(0o755)


def test_an_older_pg_dump_is_refused(
    site: Site, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr(programs, "DEBIAN", tmp_path / "nothing")
    settings.PGBIN = ""
    found = refusal("backup")
    assert "there is none on the PATH" in found
    assert "apt-get install postgresql-client-" in found
    pg_dump(tmp_path, 'echo "pg_dump (PostgreSQL) 12.3"')
    settings.PGBIN = str(tmp_path)
    assert f"there is {tmp_path}/pg_dump of version 12" in refusal("backup")


def test_the_password_is_neither_shown_nor_told(
    site: Site, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = f"pg_dump (PostgreSQL) {connection.pg_version // 10000}.0"  # type: ignore[attr-defined]
    pg_dump(
        tmp_path,
        f'[ "$1" = --version ] && echo "{version}" && exit',
        f'echo "$@" > {tmp_path}/arguments; echo "$PGPASSWORD" > {tmp_path}/password',
        "echo refused >&2; exit 3",
    )
    settings.PGBIN = str(tmp_path)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "hunter2")
    assert refusal("backup") == "pg_dump failed (exit 3): refused"
    assert (tmp_path / "password").read_text() == "hunter2\n"
    assert "hunter2" not in (tmp_path / "arguments").read_text()


def test_a_database_that_does_not_answer_is_no_traceback(tmp_path: Path) -> None:
    asked = python("manage.py", "backup", BACKUP_URL=f"file://{tmp_path}")
    assert asked.returncode == 1
    assert "CommandError: The database says:" in asked.stderr
    assert "Connection refused" in asked.stderr
    assert "Look at its address: DATABASE_URL" in asked.stderr
    assert "secret" not in asked.stderr
    assert "Traceback" not in asked.stderr


def test_a_check_without_the_right_to_make_databases_says_what_helps(site: Site) -> None:
    with closing(site.database.connect()) as opened:
        opened.autocommit = True
        with opened.cursor() as cursor:
            cursor.execute("DROP ROLE IF EXISTS modest")
            cursor.execute("CREATE ROLE modest LOGIN")
            url = url_of(site.database).replace("postgres@", "modest@")
            try:
                found = refusal("restore", check=True, on=url)
            finally:
                cursor.execute("DROP ROLE modest")
    assert "ALTER ROLE modest CREATEDB" in found


def test_a_scratch_database_is_no_others(site: Site) -> None:
    with empty_database("check"):
        assert "there is one that no check has made" in refusal("restore", check=True)


def test_an_older_server_is_refused_and_the_backup_not_blamed(site: Site) -> None:
    path = only_backup(site) / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"postgresql": 99}))
    assert "The backup is of PostgreSQL 99, and the server is" in refusal("restore", check=True)
    with empty_database("restored") as restored, using(restored):
        assert "a dump only goes to the same version" in refusal("restore")

    manifest["tables"]["public.guests_guest"]["rows"] += 1  # so does no server take it
    path.write_text(json.dumps(manifest))
    elsewhere = url_of(site.database)
    assert "table public.guests_guest has" in refusal("restore", check=True, on=elsewhere)
    assert "verified" in command("restore", list=True)
    assert "table public.guests_guest has" in refusal("restore", check=True)
    assert "damaged" in command("restore", list=True)
