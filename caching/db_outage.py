"""The one definition of a database outage."""

import psycopg2
from django.db import DatabaseError, InterfaceError, OperationalError

OUTAGES = (
    OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError,
)  # fmt: skip


def is_db_outage(error: BaseException | None) -> bool:
    """Whether the database can't answer, being away, full or too slow; else it refuses something.

    psycopg2 raises its base class, without an SQLSTATE, if a server dies while it answers.
    """
    if isinstance(error, OUTAGES):
        return True
    cause = error.__cause__ if type(error) is DatabaseError else error
    is_bare = type(cause) is psycopg2.DatabaseError
    return is_bare and getattr(cause, "pgcode", None) is None
