"""What stops a backup, a check or a restore is reported and leaves earlier backups intact."""

import errno
import json
import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from ops.backups import destinations, programs
from ops.backups.postgres import LOCK
from ops.tests.installations import (
    command,
    empty_database,
    every_file,
    every_row,
    url_of,
    using,
    write,
)
from ops.tests.sites import Site, names, only_backup, refusal, wait_for_the_lock
from tests.production import python


def test_a_killed_backup_leaves_the_old_one_valid(site: Site) -> None:
    before = names(site)
    write(site.media / "audio/3d/new.mp3", b"new")
    for part in ("files/", "database.dump", "manifest.json"):
        killed_at(part, site)
        assert names(site) == before
    assert list(site.destination.glob(".unfinished-*"))
    said = command("backup", check=True)
    assert "5 files, 0 of them copied" in said  # a killed run has copied it
    assert "verified" in said
    assert not list(site.destination.glob(".unfinished-*"))
    assert len(list((site.destination / "backups").iterdir())) == len(names(site)) == 2


def killed_at(part: str, site: Site) -> None:
    """Run `backup` in a process that is killed before it writes such a file.

    Not in a fork of this process, which has threads, connections and an event loop.
    """
    ended = python(
        "-m", "ops.tests.dying_backup", part,
        SITE_URL=settings.SITE_URL,
        DATABASE_URL=f"{url_of(site.database)}?connect_timeout=60",  # it starts beside a suite
        MEDIA_ROOT=str(site.media), BACKUP_URL=f"file://{site.destination}", PGBIN=settings.PGBIN,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL, ended.stdout + ended.stderr
    wait_for_the_lock()


def test_two_at_once_are_refused(site: Site) -> None:
    with closing(site.database.connect()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
        for name, options in (("backup", {}), ("restore", {"check": True})):
            assert "Another backup, check or restore" in refusal(name, **options)
    wait_for_the_lock()
    command("backup")


def test_a_restore_overwrites_nothing(site: Site) -> None:
    assert "isn't empty" in refusal("restore")
    write(site.media / "audio/1f/one.mp3", b"another show's")
    with empty_database("restored") as restored, using(restored):
        found = refusal("restore")
        assert "other files by the names of the backup's: audio/1f/one.mp3" in found
        assert list(every_row(restored)) == ["sequences"]
    assert (site.media / "audio/1f/one.mp3").read_bytes() == b"another show's"


def test_a_full_disk_leaves_the_old_one_valid(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    before = every_file(site.destination)
    made = destinations.tempfile.mkdtemp

    def on_a_full_disk(*options: Any) -> str:
        folder = made(*options)
        Path(folder, "database.dump").symlink_to("/dev/full")
        return folder

    monkeypatch.setattr(destinations.tempfile, "mkdtemp", on_a_full_disk)
    assert "No room left (No space left on device). Complete backups" in refusal("backup")
    assert every_file(site.destination) == before


def test_a_disk_that_fills_up_after_the_dump_retains_nothing_of_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = every_file(site.destination)

    def refuse(*options: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ops.backups.make.write_bytes", refuse)
    assert "No room left" in refusal("backup")
    assert every_file(site.destination) == before


def test_a_missing_destination_is_not_made(site: Site, settings: Any, tmp_path: Path) -> None:
    for url, words in (
        ("", "BACKUP_URL is not set"),
        (f"file://{tmp_path}/unmounted", f"mkdir -p -m 700 {tmp_path}/unmounted"),
        ("/srv/backups", "isn't a destination: file:///srv/backups"),
        ("file://srv/backups", "isn't a destination: file:///srv/backups"),
        ("s3:///prefix", "isn't a destination"),
    ):
        settings.BACKUP_URL = url
        assert words in refusal("backup")
    assert not (tmp_path / "unmounted").exists()


def pg_dump(folder: Path, *lines: str) -> None:
    """Make a program of that name."""
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


def test_the_password_is_never_shown(
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
    ran = python("manage.py", "backup", BACKUP_URL=f"file://{tmp_path}")
    assert ran.returncode == 1
    assert "CommandError: The database says:" in ran.stderr
    assert "Connection refused" in ran.stderr
    assert "Check its address: DATABASE_URL" in ran.stderr
    assert "secret" not in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_check_without_the_right_to_create_databases_says_how_to_grant_it(site: Site) -> None:
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


def test_a_foreign_database_is_never_used_as_scratch(site: Site) -> None:
    with empty_database("check"):
        assert "there is one that no check has created" in refusal("restore", check=True)


def test_an_older_server_is_refused_and_the_backup_stays_verified(site: Site) -> None:
    path = only_backup(site) / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"postgresql": 99}))
    assert "The backup is of PostgreSQL 99, and the server is" in refusal("restore", check=True)
    with empty_database("restored") as restored, using(restored):
        assert "a dump can only be restored in the same version" in refusal("restore")

    manifest["tables"]["public.guests_guest"]["rows"] += 1  # no server can restore that
    path.write_text(json.dumps(manifest))
    elsewhere = url_of(site.database)
    assert "table public.guests_guest has" in refusal("restore", check=True, on=elsewhere)
    assert "verified" in command("restore", list=True)
    assert "table public.guests_guest has" in refusal("restore", check=True)
    assert "damaged" in command("restore", list=True)
