"""Backups of the former format are restored, and nothing else."""

import json
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from guests.models import Guest
from ops.backups.postgres import major_version, table_digests
from ops.backups.programs import program, run
from ops.tests.installations import (
    command,
    empty_database,
    every_file,
    every_row,
    using,
    write,
)
from ops.tests.sites import FILES, ODD, PASSWORD, Site, refusal

NAME = "20260101T020000Z"


@pytest.fixture
def former(site: Site, settings: Any, tmp_path: Path) -> Path:
    """A folder as the former release wrote it."""
    folder = tmp_path / "former"
    dump = folder / f"backups/{NAME}/database.dump"
    dump.parent.mkdir(parents=True)
    with closing(site.database.connect()) as opened:
        server, tables = major_version(opened), table_digests(opened)
    arguments = ["--format=custom", f"--file={dump}", f"--dbname={site.database.dsn}"]
    run(program("pg_dump", server).path, arguments, {"PGPASSWORD": site.database.password})
    files = {name: digest(content) for name, content in FILES.items()}
    for name, content in FILES.items():
        key = files[name]["sha256"]
        write(folder / f"files/{key[:2]}/{key}", content)
    manifest = {
        "format": 1, "made_at": "2026-01-01T02:00:00+00:00", "release": "1.9", "postgresql": server,
        "dump": digest(dump.read_bytes()), "files": files,
        "tables": {name: {"rows": rows, "sum": total} for name, (rows, total) in tables.items()},
    }  # fmt: skip
    (dump.parent / "manifest.json").write_text(json.dumps(manifest))
    settings.BACKUP_URL, settings.MEDIA_ROOT = f"file://{folder}", tmp_path / "new"
    return folder


def digest(content: bytes) -> dict[str, Any]:
    return {"size": len(content), "sha256": sha256(content).hexdigest(), "modified": ""}


def test_a_former_backup_is_restored(site: Site, former: Path, tmp_path: Path) -> None:
    assert command("restore", list=True) == f"{NAME}  of the former format\n"
    assert "which is only restored" in refusal("restore", check=True)
    before = every_file(former)
    with empty_database("restored") as restored, using(restored):
        assert "4 files written" in command("restore")
        assert every_row(restored) == every_row(site.database)
    assert every_file(tmp_path / "new") == FILES
    assert every_file(former) == before


@pytest.mark.slow
def test_new_backups_are_beside_it(site: Site, former: Path, tmp_path: Path) -> None:
    before = every_file(former)
    command("backup", check=True)
    assert command("restore", list=True).splitlines()[1].startswith(NAME)
    with empty_database("restored") as restored, using(restored):
        assert NAME not in command("restore")
    assert every_file(former).items() > before.items()


@pytest.mark.slow
@pytest.mark.parametrize("password", ["", "another"])
def test_it_needs_no_password(
    site: Site, former: Path, settings: Any, tmp_path: Path, password: str
) -> None:
    command("backup")
    settings.BACKUP_PASSWORD = password
    assert command("restore", list=True) == f"{NAME}  of the former format\n"
    assert "BACKUP_PASSWORD is" in refusal("restore")
    with empty_database("restored") as restored, using(restored):
        assert "Every row is as it was" in command("restore", NAME)


def test_a_damaged_recording_is_named_and_a_damaged_dump_refused(
    site: Site, former: Path, tmp_path: Path
) -> None:
    (recording,) = (path for path in former.rglob("files/*/*") if path.stat().st_size > 5000)
    recording.write_bytes(b"x")
    with empty_database("restored") as restored, using(restored):
        found = refusal("restore", NAME)
        assert "audio/1f/one.mp3" in found and "avatars" not in found
        assert Guest.objects.get(slug="zoe").introduction == ODD
    dump = former / f"backups/{NAME}/database.dump"
    dump.write_bytes(dump.read_bytes()[:-100])
    with empty_database("restored") as restored, using(restored):
        assert "Name another backup" in refusal("restore", NAME)
        assert list(every_row(restored)) == ["sequences"]


def test_one_in_a_bucket_is_restored(
    site: Site, former: Path, settings: Any, tmp_path: Path
) -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        keys = {
            "access_key": "key",
            "secret_key": PASSWORD,
            "endpoint_url": f"http://{host}:{port}",
        }
        client = boto3.client(
            "s3", endpoint_url=keys["endpoint_url"], region_name="us-east-1",
            aws_access_key_id="key", aws_secret_access_key=PASSWORD,
        )  # fmt: skip
        # A bucket of its own: in one process, all of moto's servers share their buckets.
        client.create_bucket(Bucket="former")
        for name, content in every_file(former).items():
            client.put_object(Bucket="former", Key=f"of/podcast/{name}", Body=content)
        settings.BACKUP_URL, settings.BACKUP_S3 = "s3://former/of/podcast", keys
        with empty_database("restored") as restored, using(restored):
            command("restore")
            assert every_row(restored) == every_row(site.database)
    finally:
        server.stop()
    assert every_file(tmp_path / "new") == FILES
