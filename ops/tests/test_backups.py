"""A backup of a filled catalogue, restored, is the same."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from moto.server import ThreadedMotoServer

from ops.backups import destinations
from ops.backups import make as make_module
from ops.backups.destinations import FolderDestination, HashingWriter
from ops.backups.postgres import LOCALE, default_database, dump, scratch_database
from ops.backups.repository import backups
from ops.models import BackupRecord
from ops.tests.installations import (
    assert_site_works,
    command,
    empty_database,
    every_file,
    every_object,
    every_row,
    run,
    using,
    write,
)
from ops.tests.sites import AUDIO, FILES, Site, blob, refusal

KEYS = {
    "region_name": "us-east-1",
    "aws_access_key_id": "key",
    "aws_secret_access_key": "secret",
}


def test_a_restored_site_is_the_same_and_works(site: Site, settings: Any, tmp_path: Path) -> None:
    before = every_row(site.database)
    assert sum(map(len, before.values())) > 3000
    settings.MEDIA_ROOT = tmp_path / "new"
    write(tmp_path / "new/audio/1f/one.mp3", AUDIO)  # by an interrupted restore
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
        assert_site_works()
        assert Client().login(username="nick", password="password")
        assert "isn't empty" in refusal("restore")


def test_unchanged_files_are_not_copied_again(site: Site) -> None:
    write(site.media / "audio/3d/new.mp3", b"new")
    (site.media / "audio/1f/one.mp3").write_bytes(b"replaced")
    assert "5 files, 2 of them copied" in command("backup")
    assert "5 files, 0 of them copied" in command("backup")


def test_a_file_stored_or_removed_meanwhile_is_in_the_backup(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dump_while_a_recording_is_replaced(*arguments: Any) -> None:
        (site.media / "audio/1f/one.mp3").unlink()
        write(site.media / "audio/9a/its successor.mp3", b"better")
        dump(*arguments)

    monkeypatch.setattr(make_module, "dump", dump_while_a_recording_is_replaced)
    said = command("backup")
    files = backups(FolderDestination(site.destination))[0].manifest.files
    assert files.keys() == {*FILES, "audio/9a/its successor.mp3"}
    assert "audio/1f/one.mp3: the catalogue names this file" not in said


def test_a_file_that_the_storage_lost_stays_in_backups(site: Site) -> None:
    shutil.rmtree(site.media)  # as if its disk weren't mounted
    for _ in range(2):
        said = command("backup")
        assert "audio/1f/one.mp3: the storage has lost this file, backups still have it" in said
        assert backups(FolderDestination(site.destination))[0].manifest.files.keys() == {
            "audio/1f/one.mp3"
        }


def test_a_file_that_no_backup_has_is_reported(site: Site) -> None:
    blob(site, "audio/1f/one.mp3").unlink()
    shutil.rmtree(site.media / "audio")
    said = command("backup")
    assert "audio/1f/one.mp3: the catalogue names this file, and the storage hasn't" in said


def test_what_leads_out_of_the_storage_is_in_no_backup(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken-into site could put it there, and read in a backup what only its maker may read."""
    secret = site.media.parent / "secret"
    write(secret / "of-the-owner", b"password")
    (site.media / "audio/a-link.mp3").symlink_to(secret / "of-the-owner")
    (site.media / "audio/folder").symlink_to(secret)
    os.mkfifo(site.media / "audio/pipe.mp3")  # reading it would never end
    (site.media / "audio/1f/one.mp3").write_bytes(b"replaced")

    def dump_while_a_folder_is_replaced(*arguments: Any) -> None:
        dump(*arguments)
        write(site.media / "audio/2e/of-the-owner", b"harmless")
        listed = [*make_module.listing()]
        monkeypatch.setattr(make_module, "listing", lambda: listed)
        shutil.rmtree(site.media / "audio/2e")
        (site.media / "audio/2e").symlink_to(secret)

    monkeypatch.setattr(make_module, "dump", dump_while_a_folder_is_replaced)
    command("backup")
    blobs = [path for path in site.destination.rglob("*") if path.is_file()]
    assert not [path for path in blobs if path.read_bytes() == b"password"]
    assert any(path.read_bytes() == b"replaced" for path in blobs)
    names = backups(FolderDestination(site.destination))[0].manifest.files.keys()
    assert names == FILES.keys()


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


def test_from_a_bucket_into_another_and_back(backed_up: Site, settings: Any, endpoint: str) -> None:
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
    before = every_row(backed_up.database)
    with empty_database("restored") as restored, using(restored):
        command("restore")
        assert every_row(restored) == before
    back = {name: default_storage.open(name).read() for name in FILES}
    assert back == FILES | {"audio/1f/one.mp3": AUDIO[::-1]}

    with pytest.raises(FileNotFoundError):
        destinations.destination().read("files/gone", HashingWriter())
    settings.BACKUP_URL = "s3://nowhere"
    assert "bucket “nowhere” at http" in refusal("backup")


@pytest.mark.django_db
def test_a_check_reads_rows_in_the_encoding_of_the_site() -> None:
    """The server's may be another one: on Debian it is that of the shell that installed it."""
    server = default_database()
    other = server.named(f"{server.name}_latin")
    run(server, "CREATE DATABASE {} TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'", other.name)
    try:
        with scratch_database(other) as scratch, closing(scratch.connect()) as opened:
            cursor = opened.cursor()
            cursor.execute(LOCALE)
            assert cursor.fetchone() == ("LATIN1", "C", "C")
    finally:
        run(server, "DROP DATABASE {} WITH (FORCE)", other.name)
