"""Two machines that are updated at once migrate one after the other."""

import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from ops.database import default_database
from ops.management.commands.migrate import LOCK
from ops.tests.installations import empty_database, url_of
from tests.production import MACHINE, REQUIRED, ROOT, eventually

WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def begin(url: str, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", "migrate", "--noinput", *options],
        cwd=ROOT, env=MACHINE | REQUIRED | {"DATABASE_URL": url},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@pytest.mark.slow
def test_a_second_migrate_waits(django_db_setup: None, django_db_blocker: Any) -> None:
    with empty_database("two_migrations") as database:
        url = url_of(database)
        running = [begin(url) for _ in range(2)]
        said = [each.communicate(timeout=300)[0] for each in running]
        assert [each.returncode for each in running] == [0, 0], "\n".join(said)
        assert sorted("No migrations to apply." in text for text in said) == [False, True], said


@pytest.mark.slow
def test_it_says_what_it_waits_for(django_db_setup: None, django_db_blocker: Any) -> None:
    with empty_database("held_migration") as database, closing(database.connect()) as holder:
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
        second = begin(url_of(database), "contenttypes")
        eventually(lambda: waiting(database.name) == 1)
        check = begin(url_of(database), "--check")  # waits for nobody
        assert check.wait(timeout=60) == 1
        holder.close()
        said, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    assert said.startswith("Waiting for another migration of this database.\n")


def waiting(name: str) -> int:
    with closing(default_database().named(name).connect()) as opened, opened.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_single_role_goes_on_unchanged() -> None:
    """Nobody else gets rights, and nobody loses any."""
    rights = "SELECT relname, relacl::text FROM pg_class WHERE relacl IS NOT NULL ORDER BY 1"
    before = rows(rights)
    call_command("migrate", verbosity=0)
    assert rows(rights) == before


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
