"""Whether the site can answer at all: the database, and its migrations."""

import functools

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor


class Unhealthy(Exception):
    """`str()` names what failed and nothing else: it is public."""


def check_database() -> None:
    """Raises Unhealthy, after the connect_timeout of the settings at the latest."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        raise Unhealthy("database") from error


# Caches success only, because exceptions aren't cached: the plan is slow to compute, and applied
# migrations stay applied while this process runs.
@functools.cache
def check_migrations() -> None:
    """Raises Unhealthy when the database lacks migrations of this code."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        raise Unhealthy("migrations") from error
    if plan:
        raise Unhealthy("migrations")
