"""A second connection at work, for tests of what two do at once."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection, transaction

PATIENCE = 10  # seconds
# In this database alone: other tests run in others of the same server.
WAITING = """
SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (
    SELECT pid FROM pg_locks JOIN pg_database ON oid = database WHERE datname = current_database()
)
"""


def beside(work: Callable[[], object]) -> Future[object]:
    """Do it on a connection of its own; `.result(PATIENCE)` raises what it raised."""

    def run() -> object:
        try:
            return work()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(run)
    finally:
        pool.shutdown(wait=False)


def meanwhile(work: Callable[[], object]) -> Future[object]:
    """The same, in one transaction."""
    return beside(transaction.atomic(work))


def wait_until_waiting(others: int = 1) -> None:
    """Return when that many connections wait for a lock."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= others:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")
