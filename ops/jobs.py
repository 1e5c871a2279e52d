"""Records how periodic jobs end, and tells a dead man's switch (PING_URL) that they went well."""

import logging
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPException

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from caching.nginx.presence import announced
from ops.models import JobRun

logger = logging.getLogger(__name__)

PING_SECONDS = 10
RESTARTING = timedelta(minutes=5)
# An invalidator is missed for so long; later, this is a site without nginx.
MISSED = timedelta(days=30)
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
    ping(name)


def ping(name: str) -> None:
    """Tell PING_URL that the job went well. A failure is logged: the job itself succeeded."""
    if not settings.PING_URL:
        return
    url = settings.PING_URL.replace("{job}", name)
    try:
        with urllib.request.urlopen(url, timeout=PING_SECONDS):  # noqa: S310 - http, by settings
            pass
    except (OSError, ValueError, HTTPException) as error:
        # Others' messages have the address, which is a secret.
        reason = error if isinstance(error, OSError) else type(error).__name__
        logger.warning("PING_URL didn't answer after %s: %s", name, reason)


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


def _record(name: str, problem: str = "") -> None:
    now = timezone.now()
    row = {"ended_at": now, "problem": problem} | ({} if problem else {"succeeded_at": now})
    try:
        JobRun.objects.update_or_create(name=name, defaults=row)
    except Error as error:
        logger.warning("The end of %s couldn't be recorded: %s", name, error)
