"""Figures for Prometheus: how requests went, and how the house is.

Answered only to who brings METRICS_TOKEN, and not at all where there is none: scrape each web
process's own port. gunicorn's workers count into files that they share (gunicorn.conf.py).
"""

import os
from collections.abc import Iterator

from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from caching.http import content_state
from ops.models import BackupRecord

# Seconds: from a kept page to a form that waits for a storage.
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
HOUSE = """
SELECT pg_database_size(current_database()),
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())
"""

REQUESTS = Histogram(
    "podcast_request_seconds",
    "How long Django took for its answers.",
    ["page", "method", "status"],
    buckets=BUCKETS,
)


def observe(page: str, method: str, status: int, seconds: float) -> None:
    """Count an answer, if anybody is to ask for the figures."""
    if settings.METRICS_TOKEN:
        known = method if method in METHODS else "other"
        REQUESTS.labels(page, known, status).observe(seconds)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures in Prometheus' text format. Raises Http404 to who has no token."""
    expected = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, expected):
        raise Http404
    house = CollectorRegistry()
    house.register(House())
    text = generate_latest(of_all_workers()) + generate_latest(house)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def of_all_workers() -> CollectorRegistry:
    """The counts of every worker of this machine, also of those that have ended."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return together


class House(Collector):
    """How the database and the content are, asked when the figures are."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("podcast_database_up", "Whether the database answers.")
        figures: list[Metric] = []
        try:
            figures = list(self.figures())
        except Error:
            up.add_metric([], 0)
        else:
            up.add_metric([], 1)
        yield up
        yield from figures

    def figures(self) -> Iterator[Metric]:
        now = timezone.now()
        fresh = content_state(now)
        backup = BackupRecord.objects.last_verified_at()
        with connection.cursor() as cursor:
            cursor.execute(HOUSE)
            size, connections = cursor.fetchone()
        for name, text, value in (
            ("database_bytes", "Size of the database.", size),
            ("database_connections", "Connections to the database, whoever's.", connections),
            ("content_version", "Commits that changed what visitors see.", fresh.version),
            (
                "newest_episode_timestamp_seconds",
                "When the newest episode appeared.",
                fresh.newest_due.timestamp() if fresh.newest_due else 0,
            ),
            (
                "backup_verified_timestamp_seconds",
                "When the newest verified backup was made; 0 if there is none.",
                backup.timestamp() if backup else 0,
            ),
        ):
            yield GaugeMetricFamily(f"podcast_{name}", text, value=value)
