"""Work on a second connection, for tests of concurrency."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection, transaction

TIMEOUT = 10  # seconds
# In this database alone: other tests use others of the same server.
BLOCKED = """
SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (
    SELECT pid FROM pg_locks JOIN pg_database ON oid = database WHERE datname = current_database()
)
"""


def in_background(work: Callable[[], object]) -> Future[object]:
    """Run it on its own connection; `.result(TIMEOUT)` raises what it raised."""

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


def in_background_transaction(work: Callable[[], object]) -> Future[object]:
    return in_background(transaction.atomic(work))


def wait_until_blocked(others: int = 1) -> None:
    """Return when that many connections wait for a lock."""
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0] >= others:
                return
        time.sleep(0.01)
    raise AssertionError("no connection is blocked")
