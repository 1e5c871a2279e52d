"""Pages for monitoring: `/health`, and `/metrics` for Prometheus.

/metrics answers only with METRICS_TOKEN, and not at all if that is unset. Scrape each web process's
own port. gunicorn's workers count into files that they share (gunicorn.conf.py).
"""

import functools
import logging
import os
from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from caching.http import content_state
from ops.models import BackupRecord

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


# Seconds: from a cached page to a form that waits for the storage.
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
DATABASE = """
SELECT pg_database_size(current_database()),
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())
"""
GAUGES = {
    "database_bytes": "Size of the database.",
    "database_connections": "All connections to the database.",
    "content_version": "Commits that changed what visitors see.",
    "newest_episode_timestamp_seconds": "When the newest episode was published, or 0.",
    "backup_verified_timestamp_seconds": "When the newest verified backup was made, or 0.",
}

REQUESTS = Histogram(
    "podcast_request_seconds",
    "Duration of Django's responses.",
    ["page", "method", "status"],
    buckets=BUCKETS,
)


def observe(page: str, method: str, status: int, seconds: float) -> None:
    """Count a response, if metrics are in use."""
    if settings.METRICS_TOKEN:
        label = method if method in METHODS else "other"
        REQUESTS.labels(page, label, status).observe(seconds)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All metrics in Prometheus' text format. Raises Http404 without the token."""
    expected = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, expected):
        raise Http404
    site = CollectorRegistry()
    site.register(SiteCollector())
    text = generate_latest(all_workers()) + generate_latest(site)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def all_workers() -> CollectorRegistry:
    """The counts of all workers on this machine, including those that have ended."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


class SiteCollector(Collector):
    """The state of database and content at the time of the scrape."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        values: tuple[float, ...] = ()
        with suppress(Error):  # podcast_database_up reports it
            values = site_values()
        yield GaugeMetricFamily(
            "podcast_database_up", "Whether the database answers.", value=bool(values)
        )
        for (name, text), value in zip(GAUGES.items(), values, strict=False):
            yield GaugeMetricFamily(f"podcast_{name}", text, value=value)


def site_values() -> tuple[float, ...]:
    """The values of GAUGES."""
    state = content_state(timezone.now())
    backup = BackupRecord.objects.last_verified_at()
    with connection.cursor() as cursor:
        cursor.execute(DATABASE)
        size, connections = cursor.fetchone()
    newest = state.newest_due.timestamp() if state.newest_due else 0
    verified = backup.timestamp() if backup else 0
    return size, connections, state.version, newest, verified
