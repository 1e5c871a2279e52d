"""A backup of a filled catalogue, restored, is the same."""

import os
import shutil
import socket
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from getpass import getuser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from moto.server import ThreadedMotoServer

from ops.backups import make as make_module
from ops.backups.postgres import LOCALE, dump, scratch_database
from ops.backups.repository import backups
from ops.backups.restic import repository
from ops.database import default_database
from ops.management.commands import backup as backup_command
from ops.models import BackupRecord, JobRun
from ops.owner import OWNER
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
from ops.tests.sites import AUDIO, FILES, Site, change, packs, refusal, stored_names
from tests.nginx_harness import free_port
from tests.production import eventually

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
        assert "verified" in command("restore", check=True)  # as after a restore that failed
        said = command("restore")
        assert "3 files written" in said
        assert "Every row is as it was" in said
        assert every_row(restored) == before
        assert BackupRecord.objects.get().is_verified
        assert not JobRun.objects.exists()  # what failed back then is nothing of now
        assert every_object(restored) == every_object(site.database)
        assert every_file(tmp_path / "new") == FILES
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").rglob("*.*")}
        assert modes == {0o644}
        call_command("migrate", check_unapplied=True, verbosity=0)
        assert_site_works()
        assert Client().login(username="nick", password="password")
        assert "isn't empty" in refusal("restore")
    assert not list((tmp_path / "cache").iterdir())


def test_a_storage_keeps_its_own_mark(site: Site, settings: Any, tmp_path: Path) -> None:
    """The first tick of a new server or a copy has written it before the restore."""
    write(site.media / OWNER, b"the site's")
    command("backup")
    settings.MEDIA_ROOT = tmp_path / "new"
    write(tmp_path / "new" / OWNER, b"the copy's own")
    with empty_database("restored") as restored, using(restored):
        assert "Every row is as it was" in command("restore")
    assert every_file(tmp_path / "new") == FILES | {OWNER: b"the copy's own"}


def test_nothing_can_be_read_without_the_password(site: Site, settings: Any) -> None:
    held = b"".join(every_file(site.destination).values())
    found = [text for text in (AUDIO[:256], b"nick@example.org", b"PGDMP") if text in held]
    assert not found
    settings.BACKUP_PASSWORD = "another"
    assert "BACKUP_PASSWORD isn't the password of the backups in" in refusal("restore")
    assert "BACKUP_PASSWORD isn't" in refusal("backup")


def test_what_has_not_changed_is_not_stored_again(site: Site) -> None:
    before = sum(packs(site).values())
    write(site.media / "audio/3d/new.mp3", os.urandom(300_000))
    (site.media / "audio/1f/one.mp3").write_bytes(b"replaced")
    assert "5 files" in command("backup")
    assert 300_000 < sum(packs(site).values()) - before < 0.9 * before + 300_000
    settled = sum(packs(site).values())
    assert "5 files" in command("backup")
    assert sum(packs(site).values()) - settled < before / 3


def test_a_file_stored_or_removed_meanwhile_stops_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dump_while_a_recording_is_replaced(*arguments: Any) -> None:
        (site.media / "audio/1f/one.mp3").unlink()
        write(site.media / "audio/9a/its successor.mp3", b"better")
        dump(*arguments)

    monkeypatch.setattr(make_module, "dump", dump_while_a_recording_is_replaced)
    said = command("backup")
    assert stored_names() == {*FILES, "audio/9a/its successor.mp3"} - {"audio/1f/one.mp3"}
    assert "audio/1f/one.mp3: the catalogue names this file, and the storage hasn't" in said


def test_a_file_that_the_storage_lost_stays_in_a_backup(site: Site) -> None:
    shutil.rmtree(site.media)  # as if its disk weren't mounted
    said = command("backup")
    assert "audio/1f/one.mp3: the catalogue names this file, and the storage hasn't" in said
    newest, before = backups(repository())
    assert before.is_whole and not newest.is_whole


def test_what_leads_out_of_the_storage_is_in_no_backup(
    site: Site, settings: Any, tmp_path: Path
) -> None:
    """A broken-into site could put it there, and read in a restored site what it can't read."""
    secret = site.media.parent / "secret"
    write(secret / "of-the-owner", b"password")
    (site.media / "audio/a-link.mp3").symlink_to(secret / "of-the-owner")
    (site.media / "audio/folder").symlink_to(secret)
    os.mkfifo(site.media / "audio/pipe.mp3")  # reading it would never end
    command("backup")
    assert stored_names() == FILES.keys()
    settings.MEDIA_ROOT = tmp_path / "new"
    with empty_database("restored") as restored, using(restored):
        command("restore")
    assert every_file(tmp_path / "new") == FILES


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


def test_from_a_bucket_into_another_and_back(site: Site, settings: Any, endpoint: str) -> None:
    keys = {"access_key": "key", "secret_key": "secret", "endpoint_url": endpoint}
    settings.BACKUP_URL, settings.BACKUP_S3 = "s3://backups/of/podcast", keys
    bucket = {"BACKEND": "media.bucket.Bucket", "OPTIONS": {**keys, "bucket_name": "media"}}
    settings.STORAGES = settings.STORAGES | {"default": bucket}
    for name, content in FILES.items():
        default_storage.save(name, ContentFile(content))
    assert "4 files" in command("backup")
    default_storage.delete("audio/1f/one.mp3")
    default_storage.save("audio/1f/one.mp3", ContentFile(AUDIO[::-1]))
    assert "verified" in command("backup", check=True)

    objects = boto3.resource("s3", endpoint_url=endpoint, **KEYS).Bucket("backups").objects
    stored = {found.key for found in objects.all()}
    assert {"of/podcast/config"} < stored
    pack = max(objects.filter(Prefix="of/podcast/data/"), key=lambda found: found.size)
    body = bytearray(pack.get()["Body"].read())
    body[len(body) // 2] ^= 1
    pack.put(Body=bytes(body))
    name = pack.key.rpartition("/")[2]
    removed = f"Damaged, and so removed from {settings.BACKUP_URL}: {name}"
    assert removed in command("backup", check=True)
    assert pack.key not in {found.key for found in objects.all()}
    assert BackupRecord.objects.latest("made_at").is_verified

    for name in FILES:
        default_storage.delete(name)
    before = every_row(site.database)
    with empty_database("restored") as restored, using(restored):
        command("restore")
        assert every_row(restored) == before
    back = {name: default_storage.open(name).read() for name in FILES}
    assert back == FILES | {"audio/1f/one.mp3": AUDIO[::-1]}


@pytest.mark.django_db
def test_a_bucket_that_is_none_is_said_soon(
    settings: Any, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_command, "REACHED_WITHIN", 5)
    keys = {"access_key": "key", "secret_key": "secret", "endpoint_url": endpoint}
    settings.BACKUP_URL, settings.BACKUP_S3 = "s3://nowhere", keys
    settings.BACKUP_PASSWORD = "a password for tests"
    assert "The bucket of BACKUP_URL, s3://nowhere, doesn't exist" in refusal("backup")
    assert "The bucket “nowhere”" in refusal("restore")

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.BACKUP_S3 = keys | {"endpoint_url": f"http://127.0.0.1:{port}"}
        assert "no end in 5 s" in refusal("backup")


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


@pytest.fixture
def sftp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """USER@HOST:PORT of an SSH server, which `ssh` and `sftp` know as if the user's own said so."""
    path = f"{os.environ['PATH']}{os.pathsep}/usr/sbin"
    programs = {
        name: shutil.which(name, path=path) or "" for name in ("ssh", "sftp", "ssh-keygen", "sshd")
    }
    if not all(programs.values()):
        pytest.skip("openssh-server isn't here")
    folder, port = tmp_path / "ssh", free_port()
    folder.mkdir()
    for name in ("host", "user"):
        new = [programs["ssh-keygen"], "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(new, check=True)
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/user.pub\nStrictModes no\nPermitRootLogin yes\n"
        "UsePAM no\nSubsystem sftp internal-sftp\n"
    )
    key = (folder / "host.pub").read_text()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {key}")
    (folder / "config").write_text(
        f"IdentityFile {folder}/user\nUserKnownHostsFile {folder}/known_hosts\n"
    )
    for name in ("ssh", "sftp"):
        write(
            folder / "bin" / name,
            f'#!/bin/sh\nexec {programs[name]} -F {folder}/config "$@"\n'.encode(),
        )
        (folder / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}/bin{os.pathsep}{os.environ['PATH']}")
    Path("/run/sshd").mkdir(exist_ok=True)
    command = [programs["sshd"], "-D", "-e", "-f", f"{folder}/sshd_config"]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stderr=log) as server:
        eventually(lambda: b"listening" in (folder / "log").read_bytes())
        yield f"{getuser()}@127.0.0.1:{port}"
        server.terminate()


@pytest.mark.slow
def test_to_another_machine_and_back(site: Site, settings: Any, tmp_path: Path, sftp: str) -> None:
    there = tmp_path / "of another machine"
    settings.BACKUP_URL = f"sftp://{sftp}{quote(str(there))}"
    write(site.media / "audio/3d/new.mp3", os.urandom(3_000_000))
    command("backup")
    largest = max((there / "data").rglob("*"), key=lambda path: path.stat().st_size)
    change(largest, 1_500_000)
    said = command("backup", check=True)
    assert f"Damaged, and so removed from {settings.BACKUP_URL}: {largest.name}" in said
    assert "verified" in said
    settings.MEDIA_ROOT = tmp_path / "new"
    with empty_database("restored") as restored, using(restored):
        command("restore")
        assert every_row(restored) == every_row(site.database)
    assert every_file(tmp_path / "new") == every_file(site.media)


def test_a_read_only_copy_is_checked_and_restored(
    site: Site, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: path != site.destination and access(path, mode)
    )
    before = every_file(site.destination)
    assert "verified" in command("restore", check=True)
    settings.MEDIA_ROOT = tmp_path / "new"
    with empty_database("restored") as restored, using(restored):
        command("restore")
    assert every_file(tmp_path / "new") == FILES
    assert every_file(site.destination) == before
