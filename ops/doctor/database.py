"""The server, its clock, the schema, and what is read from it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db import Error, connection
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from ops.doctor.diagnosis import Check, Diagnosis, run
from ops.health import Unhealthy, check_migrations
from search.vectors import VectorState, vector_state
from show.clock.reading import current_clock, jump

OLDEST_POSTGRESQL = 15
FEW_CONNECTIONS = 5
MAX_CLOCK_SKEW = timedelta(seconds=2)
DATABASE = """
SELECT pg_database_size(current_database()),
       current_setting('max_connections')::int - (SELECT count(*) FROM pg_stat_activity),
       clock_timestamp()
"""
# Whether this role may change more than rows.
ROLE = """
SELECT rolname, rolsuper, EXISTS (SELECT FROM pg_tables WHERE tableowner = rolname
                                  AND tablename = 'django_migrations')
FROM pg_roles WHERE rolname = current_user
"""
PRIVATE_SOCKET = "/catalogue-socket-"  # of the server that `./run` starts (deploy.local.postgres)


def database(checks: Iterable[Check]) -> Iterator[Diagnosis]:
    """The server and, if it answers, these checks of what is in it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(DATABASE)
            size, free, now = cursor.fetchone()
            ahead = timezone.now() - now
    except Error as error:
        message = str(error).strip().splitlines()[0]
        yield Diagnosis("Database", message, "start it, or correct DATABASE_URL")
        return
    yield server(size, free)
    yield clock(ahead)
    try:
        yield from run((migrations, *checks))
    except Error:
        yield Diagnosis("Schema", "isn't this release's: the rest is unknown", "fix that first")


def server(size: int, free: int) -> Diagnosis:
    major = connection.pg_version // 10_000  # type: ignore[attr-defined]
    text = f"PostgreSQL {major}, {filesizeformat(size)}, {free} connections free"
    remedy = "raise max_connections, or start fewer workers" if free < FEW_CONNECTIONS else ""
    if major < OLDEST_POSTGRESQL:
        remedy = f"upgrade to PostgreSQL {OLDEST_POSTGRESQL} or newer"
    return Diagnosis("Database", text, remedy)


def clock(ahead: timedelta) -> Diagnosis:
    """Compares this machine's clock, by which episodes are published, with the database's."""
    if abs(ahead) > MAX_CLOCK_SKEW:
        text = f"{abs(ahead.total_seconds()):.0f} seconds apart from the database's"
        return Diagnosis("Clock", text, "synchronise both machines (timedatectl)")
    return Diagnosis("Clock", "agrees with the database's")


def migrations() -> Diagnosis:
    try:
        check_migrations()
    except Unhealthy:
        return Diagnosis("Migrations", "some are not applied", "./run manage migrate")
    return Diagnosis("Migrations", "all applied")


def role() -> Diagnosis:
    """Whether the site could do more to its database than read and write rows."""
    with connection.cursor() as cursor:
        cursor.execute(ROLE)
        name, is_superuser, is_owner = cursor.fetchone()
    if not is_superuser and not is_owner:
        return Diagnosis("Role", f"{name} reads and writes rows, nothing else")
    text = f"{name} {'is a superuser' if is_superuser else 'owns the tables'}"
    if PRIVATE_SOCKET in connection.settings_dict["HOST"]:
        return Diagnosis("Role", f"{text}, which suits a private installation alone")
    return Diagnosis("Role", text, "give the site its own: docs/deploy.md, “Database roles”")


def search() -> Diagnosis:
    """Whether it finds by meaning what was asked in other words."""
    with connection.cursor() as cursor:
        state = vector_state(cursor)
    where = "docs/deploy.md, “Search by meaning”"
    if state == VectorState.NO_EXTENSION:
        return Diagnosis("Search", f"by words alone: the database has no pgvector ({where})")
    if state == VectorState.USELESS_EXTENSION:
        text = "by words alone: pgvector is older than 0.7, or its files are gone"
        return Diagnosis("Search", text, f"install it: {where}")
    if state == VectorState.INCOMPLETE:
        text = "vectors are missing, or of another release's words"
        return Diagnosis("Search", text, "./run manage rebuild_search")
    return Diagnosis("Search", "by words and by meaning")


def jumps() -> Iterator[Diagnosis]:
    """What `tick` and `backup` have noticed of the clock (show.clock.jumps)."""
    read = current_clock()
    if not read.is_settled:
        text = f"{jump(read)} Nothing is removed by its age until it has been right for a day"
        yield Diagnosis("Clock", text, "check it: date, timedatectl")
