"""A site with one verified backup, and what its tests inspect."""

import json
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connection

from ops.backups.postgres import dump, load, major_version, snapshot
from ops.backups.repository import backups
from ops.backups.restic import repository
from ops.database import Database
from ops.tests.installations import command

ODD = "Zoë “O’Brien”\t\\N <&> 你好 \U0001f399"
PASSWORD = "of-the-backups"
AUDIO = bytes(range(256)) * 5000
FILES = {
    "audio/1f/one.mp3": AUDIO,
    "audio/2e/the same again.mp3": AUDIO,
    "avatars/zoë 🎙.png": b"\x89PNG",
    "pictures/empty.png": b"",
}


class Site(NamedTuple):
    """An installation, and the destination of its backups."""

    database: Database
    media: Path
    destination: Path


def copy_database(source: Database, target: Database, path: Path) -> None:
    """The migrated schema, with the rows that migrations have written."""
    with snapshot(source) as (opened, name):
        server = major_version(opened)
        dump(source, name, server, path)
    load(path, target, server)


def refusal(name: str, *arguments: str, **options: Any) -> str:
    with pytest.raises(CommandError) as refused:
        command(name, *arguments, **options)
    return str(refused.value)


def names() -> list[str]:
    return [backup.name for backup in backups(repository())]


def packs(site: Site) -> dict[Path, int]:
    """restic's files of data, and their sizes."""
    found = [path for path in (site.destination / "data").rglob("*") if path.is_file()]
    return {path: path.stat().st_size for path in found}


def wait_for_the_lock() -> None:
    """The server may take a moment to notice that a client is gone."""
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute(
                "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database "
                "WHERE locktype = 'advisory' AND objid = 1 AND datname = current_database()"
            )
            if not cursor.fetchall():
                return
            time.sleep(0.05)
    pytest.fail("the killed backup's lock is still held")


def stored_names() -> set[str]:
    """The stored files in the newest backup, by their names."""
    newest, media = backups(repository())[0], f"{settings.MEDIA_ROOT}/"
    listed = newest.repository.run("ls", "--no-lock", "--json", newest.id)
    nodes = [json.loads(line) for line in listed.splitlines()]
    paths = [node["path"] for node in nodes if node.get("type") == "file"]
    return {path.removeprefix(media) for path in paths if path.startswith(media)}


def change(path: Path, offset: int) -> None:
    """Flip a bit."""
    content = bytearray(path.read_bytes())
    content[offset] ^= 1
    path.chmod(0o600)  # restic takes the right to write
    path.write_bytes(content)
