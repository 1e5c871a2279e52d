"""Which of the driver's errors are an outage of the database. No Django: the invalidator asks."""

import psycopg2
from psycopg2.errors import ReadOnlySqlTransaction

# Read-only is a replica, or a provider's database whose disk is full: it will take writes again.
OUTAGES = (psycopg2.OperationalError, psycopg2.InterfaceError, ReadOnlySqlTransaction)


def is_driver_outage(error: BaseException | None) -> bool:
    """Whether the database can't do it now, being away, full, slow or read-only; else it refuses.

    psycopg2 raises its base class, without an SQLSTATE, if a server dies while it answers.
    """
    is_bare = type(error) is psycopg2.DatabaseError
    return isinstance(error, OUTAGES) or (is_bare and getattr(error, "pgcode", None) is None)
