"""Records how periodic jobs end, and tells a dead man's switch (PING_URL) that they went well."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from caching.nginx.presence import MISSED, RESTARTING, announced
from ops.models import JobRun
from ops.ping import ping

logger = logging.getLogger(__name__)

MAX_PROBLEM = 2000  # characters


@contextmanager
def recorded(name: str) -> Iterator[None]:
    """Record how the block ends, and ping if it raised nothing."""
    try:
        yield
    except Exception as error:
        _record(name, str(error)[:MAX_PROBLEM] or type(error).__name__)
        raise
    _record(name)
    _record_ping(name, ping(settings.PING_URL, name))


class InvalidatorMissing(Exception):
    """nginx may go on serving pages from before an edit."""


def see_invalidators() -> str:
    """Record that an invalidator runs; for `tick`. Raises InvalidatorMissing some minutes after the
    last one ended."""
    with connection.cursor() as cursor:
        states = announced(cursor)
    if states:
        _record("invalidator")
        return ""
    now = timezone.now()
    missing = JobRun.objects.filter(name="invalidator", ended_at__lt=now - RESTARTING)
    if row := missing.filter(ended_at__gt=now - MISSED).first():
        raise InvalidatorMissing(f"No invalidator has run since {row.ended_at:%Y-%m-%d %H:%M} UTC.")
    return ""


def forget_runs() -> None:
    """Forget how jobs ended: after a restore, a failure or invalidator of back then is none of now.

    A backup of an old release has no such table.
    """
    if JobRun._meta.db_table in connection.introspection.table_names():
        JobRun.objects.all().delete()


def mark_idle(etag: str) -> None:
    """Note the content for which `tick` found nothing to do, by its ETag; for podcast/tick.py."""
    JobRun.objects.filter(name="tick").update(idle_etag=etag)


def _record(name: str, problem: str = "") -> None:
    now = timezone.now()
    row = {"ended_at": now, "problem": problem} | ({} if problem else {"succeeded_at": now})
    try:
        JobRun.objects.update_or_create(name=name, defaults=row)
    except Error as error:
        logger.warning("The end of %s couldn't be recorded: %s", name, error)


def _record_ping(name: str, problem: str) -> None:
    others = JobRun.objects.filter(name=name).exclude(ping_problem=problem)
    try:
        others.update(ping_problem=problem)
    except Error as error:
        logger.warning("The ping of %s couldn't be recorded: %s", name, error)
