"""Which of the driver's errors are an outage of the database. No Django: the invalidator asks."""

import psycopg2

OUTAGES = (psycopg2.OperationalError, psycopg2.InterfaceError)


def is_driver_outage(error: BaseException | None) -> bool:
    """Whether the database can't answer, being away, full or too slow; else it refuses something.

    psycopg2 raises its base class, without an SQLSTATE, if a server dies while it answers.
    """
    is_bare = type(error) is psycopg2.DatabaseError
    return isinstance(error, OUTAGES) or (is_bare and getattr(error, "pgcode", None) is None)
