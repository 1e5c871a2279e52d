"""The database: one moment of it, its dump, and a scratch one beside it."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg2
from django.db import Error, connection
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import make_dsn, parse_dsn

from ops.backups.destinations import Sum
from ops.backups.errors import BackupError
from ops.backups.manifest import Table
from ops.backups.programs import program, run

LOCK = (0x6261636B, 1)  # of all advisory locks in a database, ours
LOCK_WAIT = "30s"  # for tables that a migration holds
LONGEST_NAME = 63
SCRATCH = "scratch database of a backup's check"  # its comment, by which it is known
TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2
"""
# In any order, the same on every server: rows as text, by MD5 cut to what a bigint holds.
CONTENT = """
SELECT count(*), coalesce(sum(('x' || left(md5(row_::text), 15))::bit(60)::bigint), 0)
FROM {table} AS row_
"""
SAME_TEXT = (
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; "
    "SET extra_float_digits = 1; SET bytea_output = 'hex'; SET client_encoding = 'UTF8'"
)


@dataclass(frozen=True, slots=True)
class Database:
    """libpq's parameters of one."""

    parameters: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.parameters["dbname"])

    @property
    def password(self) -> str:
        return str(self.parameters.get("password") or "")

    @property
    def dsn(self) -> str:
        """Without the password: command lines can be read by others."""
        shown = {name: value for name, value in self.parameters.items() if name != "password"}
        return make_dsn(**shown)

    def named(self, name: str) -> "Database":
        return replace(self, parameters={**self.parameters, "dbname": name})

    def connect(self) -> Connection:
        """Raises psycopg2.OperationalError, whose words hold no password."""
        return psycopg2.connect(**self.parameters)


def own_database() -> Database:
    """The one of DATABASE_URL."""
    known = connection.get_connection_params()
    unfit = ("client_encoding", "cursor_factory", "context", "prepare_threshold")
    return Database({name: value for name, value in known.items() if name not in unfit})


def database_at(url: str) -> Database:
    """Raises BackupError where it is no address of a PostgreSQL."""
    try:
        parameters = parse_dsn(url)
    except psycopg2.ProgrammingError as error:
        # The driver's words could hold the password.
        raise BackupError("This is no address of a database: postgres://USER@HOST/NAME") from error
    if not parameters.get("dbname"):
        raise BackupError("The address names no database: postgres://USER@HOST/NAME")
    return Database(parameters)


@contextmanager
def alone() -> Iterator[None]:
    """Raises BackupError while another backup, check or restore of this database is at work.

    The lock is the database's, so it holds on all machines and goes with a killed process.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", LOCK)
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        raise BackupError("Another backup, check or restore of this database is running; wait.")
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", LOCK)
        except Error:  # the connection has gone meanwhile, and the lock with it
            connection.close()


def major(open_connection: Connection) -> int:
    return open_connection.server_version // 10_000


def refuse_older(server: int, dumped: int) -> None:
    """Raises BackupError where a server can't read what a newer one wrote."""
    if server < dumped:
        raise BackupError(
            f"The backup is of PostgreSQL {dumped}, and the server is {server}: a dump only "
            "goes to the same version, or a newer one."
        )


@contextmanager
def one_moment(database: Database) -> Iterator[tuple[Connection, str]]:
    """A transaction that sees one moment, and the moment's name, by which others see the same."""
    with closing(database.connect()) as moment:
        moment.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with moment.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            yield moment, cursor.fetchone()[0]


def table_names(open_connection: Connection) -> list[tuple[str, str]]:
    """Schema and name of each; extensions' own are no part of a dump."""
    with open_connection.cursor() as cursor:
        cursor.execute(TABLES)
        return cursor.fetchall()


def tables(open_connection: Connection) -> dict[str, Table]:
    """Every table's rows, by schema and name."""
    found = {}
    with open_connection.cursor() as cursor:
        cursor.execute(SAME_TEXT)
        for schema, name in table_names(open_connection):
            cursor.execute(sql.SQL(CONTENT).format(table=sql.Identifier(schema, name)))
            rows, content = cursor.fetchone()
            found[f"{schema}.{name}"] = Table(rows, str(content))
    return found


def dump(database: Database, moment: str, server: int, into: Sum) -> None:
    """Write what the database was at that moment. Raises BackupError."""
    arguments = [
        "--format=custom", f"--snapshot={moment}", f"--lock-wait-timeout={LOCK_WAIT}",
        "--no-publications", "--no-subscriptions", "--no-password", f"--dbname={database.dsn}",
    ]  # fmt: skip
    for block in run(program("pg_dump", server), arguments, database.password):
        into.write(block)


def load(path: Path, database: Database, server: int) -> None:
    """Restore a dump into an empty database, whole or not at all. Raises BackupError."""
    arguments = [
        "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
        "--no-password", f"--dbname={database.dsn}", str(path),
    ]  # fmt: skip
    for _ in run(program("pg_restore", server), arguments, database.password):
        pass


@contextmanager
def scratch(database: Database) -> Iterator[Database]:
    """An empty database on the same server, which goes afterwards. Raises BackupError."""
    made = database.named(f"{database.name[: LONGEST_NAME - 6]}_check")
    name = sql.Identifier(made.name)
    with closing(database.connect()) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            try:
                _drop_scratch(cursor, made.name)  # of a check that was killed
                cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
            except psycopg2.errors.InsufficientPrivilege as error:
                user = server.info.user
                raise BackupError(
                    f"The database's user {user} may not make the scratch database that a check "
                    f"restores into. As an administrator: ALTER ROLE {user} CREATEDB; or name "
                    "another server by --on."
                ) from error
            cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS %s").format(name), [SCRATCH])
    try:
        yield made
    finally:
        with closing(database.connect()) as server:
            server.autocommit = True
            with server.cursor() as cursor:
                _drop_scratch(cursor, made.name)


def _drop_scratch(cursor: Any, name: str) -> None:
    """If it is there. Raises BackupError where it is somebody's."""
    cursor.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    )
    found = cursor.fetchone()
    if found is None:
        return
    if found[0] != SCRATCH:
        raise BackupError(
            f"A check would make a scratch database “{name}”, but there is one that no check has "
            "made. Rename it, or name another server by --on."
        )
    cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def different_tables(expected: Mapping[str, Table], found: Mapping[str, Table]) -> list[str]:
    """In words."""
    nothing = Table(-1, "")
    words = []
    for name in sorted({*expected, *found}):
        wanted, got = expected.get(name, nothing), found.get(name, nothing)
        if wanted == got:
            continue
        if got is nothing:
            words.append(f"table {name} is missing")
        elif wanted is nothing:
            words.append(f"table {name} should not be there")
        elif wanted.rows != got.rows:
            words.append(f"table {name} has {got.rows} rows, not {wanted.rows}")
        else:
            words.append(f"table {name} has {got.rows} rows, but other contents")
    return words
