"""The state of the site, for /metrics."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from django.db import Error, connection
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from caching.http import content_state
from caching.nginx.presence import announced
from ops.doctor.checks import watched
from ops.models import BackupRecord, JobRun
from search.vectors import VectorState, vector_state

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
    "backup_timestamp_seconds": "When `backup --check` last succeeded, or 0.",
    "tick_timestamp_seconds": "When `tick` last succeeded, or 0.",
    "invalidators": "Invalidators of nginx's cache that are connected.",
    "invalidator_edits_behind": "Edits that the slowest of them has not purged.",
    "search_by_meaning": "Whether search knows meanings, not words alone.",
}


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
        yield failing_checks()


def site_values() -> tuple[float, ...]:
    """The values of GAUGES."""
    state = content_state(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(DATABASE)
        size, connections = cursor.fetchone()
        meaning = vector_state(cursor) == VectorState.COMPLETE
        states = announced(cursor)
    succeeded = dict(JobRun.objects.values_list("name", "succeeded_at"))
    purged = [int(each) for each in states if each.isdecimal()]
    return (
        size,
        connections,
        state.version,
        timestamp(state.newest_due),
        timestamp(BackupRecord.objects.last_verified_at()),
        timestamp(succeeded.get("backup")),
        timestamp(succeeded.get("tick")),
        len(states),
        state.version - min(purged) if purged else 0,
        meaning,
    )


def timestamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0


def failing_checks() -> GaugeMetricFamily:
    """What the doctor would say, by subject: 1 if something needs a remedy."""
    found = GaugeMetricFamily(
        "podcast_check_failing", "Whether a check of the doctor fails.", labels=["check"]
    )
    failing: dict[str, bool] = {}
    for subject, _, remedy in watched():
        failing[subject] = failing.get(subject, False) or bool(remedy)
    for subject, is_failing in failing.items():
        found.add_metric([subject], is_failing)
    return found
