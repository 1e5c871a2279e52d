"""Counts responses, for /metrics."""

import os

from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

# Seconds: from a cached page to a form that waits for the storage.
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
METHODS = ("GET", "HEAD", "POST", "OPTIONS")

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


def all_workers() -> CollectorRegistry:
    """The counts of all workers on this machine, including those that have ended."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry
