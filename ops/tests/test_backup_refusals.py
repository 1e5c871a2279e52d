"""What stops a backup, a check or a restore is reported and leaves earlier backups intact."""

import os
import re
import signal
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from ops.backups import postgres, programs, restic
from ops.backups.postgres import LOCK
from ops.backups.repository import backups
from ops.backups.restic import repository
from ops.owner import system_user
from ops.tests.installations import (
    command,
    empty_database,
    every_file,
    every_row,
    url_of,
    using,
    write,
)
from ops.tests.sites import Site, names, refusal, wait_for_the_lock
from tests.production import python
from tests.small_disk import small_disk


def test_a_killed_backup_leaves_the_old_one_valid(site: Site) -> None:
    before = names()
    for part in ("pg_dump", "restic"):
        killed_at(part, site)
        assert names() == before
    said = command("backup", check=True)
    assert "verified" in said
    assert len(names()) == 2
    assert not (settings.BACKUP_CACHE / "dump").exists()


def killed_at(part: str, site: Site) -> None:
    """Run `backup` in a process that is killed with the program that it has started.

    Not in a fork of this process, which has threads, connections and an event loop.
    """
    ended = python(
        "-m", "ops.tests.dying_backup", part,
        SITE_URL=settings.SITE_URL,
        DATABASE_URL=f"{url_of(site.database)}?connect_timeout=60",  # it starts beside a suite
        MEDIA_ROOT=str(site.media), BACKUP_URL=f"file://{site.destination}", PGBIN=settings.PGBIN,
        BACKUP_PASSWORD=settings.BACKUP_PASSWORD, BACKUP_CACHE=str(settings.BACKUP_CACHE),
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


def test_what_restic_says_is_said_in_our_words(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = every_file(site.destination)
    for words, sentence in (
        ("write /srv: no space left on device", "No room left in .*Complete backups remain"),
        ("repository is already locked by PID 1", "manage.py restic unlock --remove-all"),
        # Else a check would take packs that it may not read for lost ones.
        (
            f"pack 1: does not exist\nopen {site.destination}/data/1f: permission denied",
            f"chown -R {system_user()} {site.destination}",
        ),
        (f"open {site.destination}-other/x: permission denied", r"\(exit 1\): Fatal: open /"),
        ("something else", r"restic failed \(exit 1\): Fatal: something else"),
    ):
        program(tmp_path, "restic", f'echo "Fatal: {words}" >&2; exit 1')
        monkeypatch.setattr(restic, "program", lambda: tmp_path / "restic")
        assert re.search(sentence, refusal("backup"))
    assert every_file(site.destination) == before


def test_a_missing_destination_is_not_made(site: Site, settings: Any, tmp_path: Path) -> None:
    for url, words in (
        ("", "BACKUP_URL is not set. It says where backups go"),
        ("sftp://host", "isn't a destination"),
        (f"file://{tmp_path}/unmounted", f"-o {system_user()} {tmp_path}/unmounted"),
        ("/srv/backups", "isn't a destination: file:///srv/backups"),
        ("file://srv/backups", "isn't a destination: file:///srv/backups"),
        ("s3:///prefix", "isn't a destination"),
    ):
        settings.BACKUP_URL = url
        assert words in refusal("backup")
    assert not (tmp_path / "unmounted").exists()


def test_a_destination_without_backups_is_named(site: Site, settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_URL, errors = f"file://{tmp_path}", StringIO()
    assert command("restore", list=True, stderr=errors) == ""
    assert errors.getvalue() == f"There is no backup in {tmp_path}.\n"


def test_no_room_for_the_dump_is_named(site: Site, settings: Any, tmp_path: Path) -> None:
    before = every_file(site.destination)
    with small_disk(tmp_path / "cache", 20 * 4096) as disk:
        settings.BACKUP_CACHE = disk
        assert f"No room left ({disk}: No space left on device)" in refusal("backup")
    assert every_file(site.destination) == before


def program(folder: Path, name: str, *lines: str) -> None:
    """Make a program of that name."""
    write(folder / name, "\n".join(["#!/bin/sh", *lines]).encode())
    (folder / name).chmod(0o755)


def program_of_the_server(folder: Path, name: str, *lines: str) -> None:
    """Make one that tells the server's version, and else does this."""
    version = f"{name} (PostgreSQL) {connection.pg_version // 10000}.0"  # type: ignore[attr-defined]
    program(folder, name, f'[ "$1" = --version ] && echo "{version}" && exit', *lines)


def test_an_older_pg_dump_is_refused(
    site: Site, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_restic = restic.program()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr(programs, "DEBIAN", tmp_path / "nothing")
    monkeypatch.setattr(restic, "program", lambda: found_restic)
    settings.PGBIN = ""
    found = refusal("backup")
    assert "there is none on the PATH" in found
    assert "apt-get install postgresql-client-" in found
    program(tmp_path, "pg_dump", 'echo "pg_dump (PostgreSQL) 12.3"')
    settings.PGBIN = str(tmp_path)
    assert f"there is {tmp_path}/pg_dump of version 12" in refusal("backup")


def test_the_password_is_never_shown(
    site: Site, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program_of_the_server(
        tmp_path,
        "pg_dump",
        f'echo "$@" > {tmp_path}/arguments; echo "$PGPASSWORD" > {tmp_path}/password',
        "echo refused >&2; exit 3",
    )
    settings.PGBIN = str(tmp_path)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "hunter2")
    assert refusal("backup") == "pg_dump failed (exit 3): refused"
    assert (tmp_path / "password").read_text() == "hunter2\n"
    assert "hunter2" not in (tmp_path / "arguments").read_text()


def test_the_password_of_another_server_comes_from_the_environment(
    site: Site, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("backup")
    program_of_the_server(
        tmp_path,
        "pg_restore",
        f'echo "$PGPASSWORD" > {tmp_path}/password',
    )
    settings.PGBIN = str(tmp_path)
    monkeypatch.setenv("PGPASSWORD", "hunter2")
    refusal("restore", check=True, on=url_of(site.database))
    assert (tmp_path / "password").read_text() == "hunter2\n"


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


def test_a_server_that_refuses_the_scratch_database_damages_no_backup(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "CREATE", f"{postgres.CREATE} ALLOW_CONNECTIONS false")
    assert "not currently accepting connections" in refusal("backup", check=True)
    assert "damaged" not in command("restore", list=True)


def test_a_folder_that_is_read_only_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: path != site.destination and access(path, mode)
    )
    assert f"{site.destination} can't be written to. Mount it writable" in refusal("backup")


def test_a_foreign_database_is_never_used_as_scratch(site: Site) -> None:
    with empty_database("check"):
        assert "there is one that no check has created" in refusal("restore", check=True)


def test_an_older_server_is_refused_and_the_backup_stays_verified(site: Site) -> None:
    retag(postgresql="99")
    assert "The backup is of PostgreSQL 99, and the server is" in refusal("restore", check=True)
    with empty_database("restored") as restored, using(restored):
        assert "a dump can only be restored in the same version" in refusal("restore")
    assert "verified" in command("restore", list=True)


def retag(**tags: str) -> None:
    newest = backups(repository())[0]
    newest.tags.update(tags)
    assert newest.checked_at
    newest.save(newest.checked_at, newest.problem)
