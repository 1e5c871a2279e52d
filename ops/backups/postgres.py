"""The database: its snapshot, dump and checksums, and the scratch database of checks."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2
from django.db import Error, connection
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from ops.backups.errors import BackupError
from ops.backups.programs import program, run
from ops.database import Database

LOCK = (0x6261636B, 1)  # an advisory lock
LOCK_WAIT = "30s"  # for tables that a migration holds
LONGEST_NAME = 63
SCRATCH = "scratch database of a backup's check"  # its comment, which identifies it
LOCALE = """
SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database
WHERE datname = current_database()
"""
CREATE = "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}"
# A restore derives the vectors again, and the server may lack their extension.
TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_'
AND n.nspname NOT IN ('information_schema', 'search_vectors')
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2
"""
# As patterns for pg_dump, whose --exclude-extension is new in 17.
EXTENSIONS = "SELECT '--extension=' || quote_ident(extname) FROM pg_extension WHERE extname <> %s"
# A checksum that depends neither on the order of rows nor on the server: the sum of MD5 hashes,
# each cut to what a bigint holds.
CONTENT = """
SELECT count(*), coalesce(sum(('x' || left(md5(row_::text), 15))::bit(60)::bigint), 0)
FROM {table} AS row_
"""
SAME_TEXT = (
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; "
    "SET extra_float_digits = 1; SET bytea_output = 'hex'; SET client_encoding = 'UTF8'"
)


class TableDigest(NamedTuple):
    """A table's number of rows, and a checksum of their contents."""

    rows: int
    sum: str


@contextmanager
def exclusive() -> Iterator[None]:
    """Raises BackupError while another backup, check or restore of this database is running.

    The lock is in the database, so it holds on all machines and ends with a killed process.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", LOCK)
        (is_locked,) = cursor.fetchone()
    if not is_locked:
        raise BackupError("Another backup, check or restore of this database is running; wait.")
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", LOCK)
        except Error:  # the connection has ended, and the lock with it
            connection.close()


def major_version(open_connection: Connection) -> int:
    return open_connection.server_version // 10_000


def refuse_older(server: int, dumped: int) -> None:
    """Raises BackupError if the dump is of a newer server."""
    if server < dumped:
        raise BackupError(
            f"The backup is of PostgreSQL {dumped}, and the server is {server}: a dump can only be "
            "restored in the same version or a newer one."
        )


@contextmanager
def snapshot(database: Database) -> Iterator[tuple[Connection, str]]:
    """A connection that sees one snapshot, and the snapshot's name for pg_dump."""
    with closing(database.connect()) as opened:
        opened.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with opened.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            yield opened, cursor.fetchone()[0]


def table_names(open_connection: Connection) -> list[tuple[str, str]]:
    """Schema and name of each that is dumped: not those of extensions and vectors."""
    with open_connection.cursor() as cursor:
        cursor.execute(TABLES)
        return cursor.fetchall()


def table_digests(open_connection: Connection) -> dict[str, TableDigest]:
    """The digest of each table, by schema and name."""
    digests = {}
    with open_connection.cursor() as cursor:
        cursor.execute(SAME_TEXT)
        for schema, name in table_names(open_connection):
            cursor.execute(sql.SQL(CONTENT).format(table=sql.Identifier(schema, name)))
            rows, content = cursor.fetchone()
            digests[f"{schema}.{name}"] = TableDigest(rows, str(content))
    return digests


def dump(database: Database, snapshot_name: str, server: int, folder: Path) -> None:
    """Dump the database as of that snapshot into a new folder. Raises BackupError.

    A file for each table, uncompressed: so the next dump has most of its bytes in common with it.
    """
    arguments = [
        "--format=directory", "--compress=0", f"--file={folder}",
        f"--snapshot={snapshot_name}", f"--lock-wait-timeout={LOCK_WAIT}",
        # The catalogue holds no large objects; another role's would stop the dump.
        "--no-blobs", "--no-publications", "--no-subscriptions", "--no-password",
        "--exclude-schema=search_vectors", *_extensions(database),
        f"--dbname={database.dsn}",
    ]  # fmt: skip
    run(program("pg_dump", server).path, arguments, database.secrets)


def _extensions(database: Database) -> list[str]:
    with closing(database.connect()) as opened, opened.cursor() as cursor:
        cursor.execute(EXTENSIONS, ["vector"])
        return [option for (option,) in cursor.fetchall()]


def load(path: Path, database: Database, server: int) -> None:
    """Restore a dump into an empty database in one transaction. Raises BackupError."""
    arguments = [
        "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
        "--no-password", f"--dbname={database.dsn}", str(path),
    ]  # fmt: skip
    run(program("pg_restore", server).path, arguments, database.secrets)


@contextmanager
def scratch_database(database: Database) -> Iterator[Database]:
    """An empty database on the same server, dropped afterwards. Raises BackupError."""
    scratch = database.named(f"{database.name[: LONGEST_NAME - 6]}_check")
    name = sql.Identifier(scratch.name)
    with closing(database.connect()) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            try:
                _drop_scratch(cursor, scratch.name)  # left by a killed check
                cursor.execute(LOCALE)
                locale = map(sql.Literal, cursor.fetchone())
                cursor.execute(sql.SQL(CREATE).format(name, *locale))
            except psycopg2.errors.InsufficientPrivilege as error:
                user = server.info.user
                raise BackupError(
                    f"The database user {user} may not create the scratch database that a check "
                    f"needs. As an administrator: ALTER ROLE {user} CREATEDB; or name another "
                    "server with --on."
                ) from error
            cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS %s").format(name), [SCRATCH])
    try:
        yield scratch
    finally:
        with closing(database.connect()) as server:
            server.autocommit = True
            with server.cursor() as cursor:
                _drop_scratch(cursor, scratch.name)


def _drop_scratch(cursor: Any, name: str) -> None:
    """Drop the scratch database if it exists. Raises BackupError if no check has created it."""
    cursor.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    )
    found = cursor.fetchone()
    if found is None:
        return
    if found[0] != SCRATCH:
        raise BackupError(
            f"A check needs a scratch database “{name}”, but there is one that no check has "
            "created. Rename it, or name another server with --on."
        )
    drop = sql.SQL("DROP DATABASE {}").format(sql.Identifier(name))
    try:
        cursor.execute(drop + sql.SQL(" WITH (FORCE)"))
    except psycopg2.errors.InsufficientPrivilege:
        cursor.execute(drop)  # it ends autovacuum, which FORCE may not


def different_tables(
    expected: Mapping[str, TableDigest], found: Mapping[str, TableDigest]
) -> Iterator[str]:
    """Every difference between the tables, in words."""
    for name in sorted({*expected, *found}):
        before, after = expected.get(name), found.get(name)
        if after is None:
            yield f"table {name} is missing"
        elif before is None:
            yield f"table {name} should not be there"
        elif before.rows != after.rows:
            yield f"table {name} has {after.rows} rows, not {before.rows}"
        elif before != after:
            yield f"table {name} has {after.rows} rows, but other contents"
