"""The invalidator as a program of its own."""

import json
from pathlib import Path

import pytest

from podcast.database import parameters
from tests.production import python


def test_it_loads_neither_django_nor_what_is_not_configured():
    """Each would take more memory than all of it."""
    program = (
        "import sys, podcast.invalidator; "
        "print({'django', 'sentry_sdk', 'environs', 'asyncio'} & set(sys.modules))"
    )
    assert python("-c", program).stdout == "set()\n"


@pytest.mark.parametrize(
    "url",
    [
        "postgres://podcast:secret@127.0.0.1:5433/podcast",
        "postgres://podcast:p%20%40@db.test/podcast?connect_timeout=9",  # pragma: allowlist secret
        "postgres://podcast@%2Fvar%2Frun%2Fpostgresql/podcast",
        "postgres:///podcast?host=one,two&port=5432,5433&sslmode=require&target_session_attrs=read-write",
    ],
)
def test_its_connection_is_that_of_the_site(url: str):
    program = (
        "import django, json; django.setup(); from django.db import connection; "
        "found = connection.get_connection_params(); found.pop('cursor_factory', None); "
        "print(json.dumps(found, sort_keys=True))"
    )
    ran = python("-c", program, DATABASE_URL=url)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == parameters(url)


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"DATABASE_URL": ""}, "Missing from the environment: DATABASE_URL."),
        ({"SITE_URL": None}, "Missing from the environment: SITE_URL."),
        ({"DATABASE_URL": "podcast:secret@127.0.0.1"}, "DATABASE_URL: "),
        ({"DATABASE_POOLER": "1"}, "It listens to the database, which a pooler passes nothing"),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    tmp_path: Path, environment: dict[str, str | None], problem: str
):
    ran = python("-m", "podcast.invalidator", str(tmp_path), **environment)
    assert ran.returncode == 1
    assert ran.stderr.startswith(problem)
    assert "secret" not in ran.stderr


def test_the_former_command_becomes_it(tmp_path: Path):
    ran = python("manage.py", "front", str(tmp_path / "missing"))
    assert ran.returncode == 1
    assert "this works until 2.0" in ran.stderr
    assert ran.stderr.endswith("missing isn't a folder; nginx makes it when it starts.\n")
