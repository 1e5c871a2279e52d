"""The one definition of a database outage."""

from django.db import DatabaseError, InterfaceError, OperationalError

from caching.outages import is_driver_outage


def is_db_outage(error: BaseException | None) -> bool:
    """Whether the database can't answer, by Django's errors or the driver's."""
    if isinstance(error, (OperationalError, InterfaceError)):
        return True
    return is_driver_outage(error.__cause__ if isinstance(error, DatabaseError) else error)
