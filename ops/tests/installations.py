"""Databases for single tests: a dump needs committed rows, a restore an empty database."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from psycopg2 import sql

from episodes.models import Episode
from ops.database import Database, default_database

Rows = dict[str, list[str]]
OBJECTS = """
SELECT format('%s %s %s', c.relkind, c.relname, pg_get_indexdef(c.oid)) FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace
UNION SELECT format('constraint %s %s', conrelid::regclass, conname) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass
                AND objid = pg_proc.oid AND deptype = 'e')
UNION SELECT 'words ' || cfgname FROM pg_ts_config WHERE cfgnamespace = 'public'::regnamespace
ORDER BY 1
"""


@contextmanager
def empty_database(name: str, server: Database | None = None) -> Iterator[Database]:
    """On the server of Django's connection, or another."""
    server = server or default_database()
    own = f"{server.name}_{name}"
    for statement in ("DROP DATABASE IF EXISTS {}", "CREATE DATABASE {} TEMPLATE template0"):
        run(server, statement, own)
    try:
        yield server.named(own)
    finally:
        run(server, "DROP DATABASE {} WITH (FORCE)", own)


def run(server: Database, statement: str, name: str) -> None:
    with closing(server.connect()) as opened:
        opened.autocommit = True
        with opened.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))


@contextmanager
def using(database: Database) -> Iterator[None]:
    """Connect Django to this database."""
    before = dict(connection.settings_dict)
    forget_server()
    parameters = database.parameters
    connection.settings_dict.update(
        NAME=parameters["dbname"], HOST=parameters.get("host", ""), PORT=parameters.get("port", ""),
        USER=parameters.get("user", ""), PASSWORD=parameters.get("password") or "",
    )  # fmt: skip
    try:
        yield
    finally:
        forget_server()
        connection.settings_dict.update(before)


def forget_server() -> None:
    """Close Django's connection; the next may be to a server of another version and other rows."""
    ContentType.objects.clear_cache()
    opened = connections["default"]
    opened.close()
    opened.__dict__.pop("pg_version", None)
    opened.features = opened.features_class(opened)


def url_of(database: Database) -> str:
    """Its DATABASE_URL, for a program in another process."""
    parameters = database.parameters
    address = f"{quote(parameters['user'])}@{quote(parameters.get('host', ''), safe='')}"
    return f"postgres://{address}:{parameters.get('port', 5432)}/{database.name}"


def every_row(database: Database) -> Rows:
    """All rows of all tables, and the sequences, as PostgreSQL writes them.

    Except the reading of the clock, and the records of backups and of their runs, which can't hold
    the backup that they are in.
    """
    with closing(database.connect()) as opened, opened.cursor() as cursor:
        cursor.execute("SET TimeZone = 'UTC'")
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename NOT IN ('ops_backuprecord', 'ops_jobrun', 'show_clockreading')"
        )
        rows = {name: _rows(cursor, name) for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT sequencename || ' ' || coalesce(last_value, 0) FROM pg_sequences "
            "WHERE sequencename !~ '^ops_(backuprecord|jobrun)' ORDER BY 1"
        )
        return rows | {"sequences": [text for (text,) in cursor.fetchall()]}


def _rows(cursor: Any, name: str) -> list[str]:
    table = sql.Identifier(name)
    cursor.execute(sql.SQL("SELECT held::text FROM {} AS held ORDER BY 1").format(table))
    return [text for (text,) in cursor.fetchall()]


def every_object(database: Database) -> list[str]:
    """Tables, indexes, sequences, constraints, triggers, functions, text search configurations."""
    with closing(database.connect()) as opened, opened.cursor() as cursor:
        cursor.execute(OBJECTS)
        return [text for (text,) in cursor.fetchall()]


def every_file(folder: Path) -> Mapping[str, bytes]:
    paths = (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def command(name: str, *arguments: str, **options: Any) -> str:
    """The command's output."""
    out = StringIO()
    call_command(name, *arguments, stdout=out, **options)
    return out.getvalue()


def assert_site_works() -> None:
    """The site works on the database of Django's connection."""
    client = Client(SERVER_NAME="localhost")
    episode = Episode.objects.filter(deleted_at=None).latest("pk")
    for path in ("/health", "/", "/podcast/", episode.get_absolute_url(), "/podcast/feed.xml"):
        assert client.get(path).status_code == 200, path
    assert b"/podcast/" in client.get("/search?q=django").content
