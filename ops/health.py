"""The health check of load balancers, containers and people."""

import functools
import logging

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


class Unhealthy(Exception):
    """`str()` names what failed and nothing else: it is public."""


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and migrations are applied, else 503 naming what failed."""
    try:
        check_database()
        check_migrations()
    except Unhealthy as failure:
        logger.warning("Health check failed: %s", failure, exc_info=failure.__cause__)
        return JsonResponse({"status": "failing", "failed": str(failure)}, status=503)
    return JsonResponse({"status": "ok"})


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
