"""HTTP caching of public pages: they are the same for everyone until the content changes.

ETag = content version + newest due publication + release. The database is asked before the view
reads any row, so a page can be newer than its ETag says, never older.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from episodes.models import PUBLISHED, SCHEDULED

# Seconds a shared cache may keep a page without asking. Browsers always ask.
SHARED_CACHE_SECONDS = 60
# What is computed once per content version goes when it has long been of no use.
COMPUTED_SECONDS = 24 * 60 * 60

Value = TypeVar("Value")
Answer = TypeVar("Answer", bound=HttpResponseBase)

VERSION = "SELECT number, changed_at FROM show_contentversion"
STATE = f"""
SELECT (SELECT number FROM show_contentversion),
       (SELECT changed_at FROM show_contentversion),
       (SELECT everywhere_at FROM show_contentversion),
       (SELECT max(published_at) FROM episodes_episode WHERE {PUBLISHED}),
       (SELECT min(published_at) FROM episodes_episode WHERE {SCHEDULED})
"""  # noqa: S608 - of constants


@dataclass(frozen=True)
class Freshness:
    """What the content was when asked, and when it will next change by itself."""

    asked_at: datetime
    version: int
    changed_at: datetime | None
    everywhere_at: datetime | None  # the last change that wasn't single episodes' alone
    newest_due: datetime | None
    next_due: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether nothing was due since then, if nothing was edited."""
        return self.asked_at <= now and (self.next_due is None or now < self.next_due)

    @cached_property
    def etag(self) -> str:
        newest = int(self.newest_due.timestamp()) if self.newest_due else 0
        # The number alone could come again for other content, after a backup was restored.
        changed = int(self.changed_at.timestamp() * 1000) if self.changed_at else 0
        return f'W/"{self.version:x}-{changed:x}-{newest:x}-{settings.RELEASE}"'

    @cached_property
    def changed(self) -> datetime | None:
        """When the content last changed: by an edit, or because an episode was due."""
        return max(filter(None, (self.changed_at, self.newest_due)), default=None)

    def last_modified(self, now: datetime) -> int | None:
        """The same as a timestamp, once it is past: within a second it may change again, and
        HTTP's dates couldn't tell (RFC 9110, section 8.8.2.2)."""
        if self.changed is None or now - self.changed < timedelta(seconds=1):
            return None
        return int(self.changed.timestamp())

    def cache_control(self, now: datetime) -> str:
        seconds = SHARED_CACHE_SECONDS
        if self.next_due:
            seconds = min(seconds, max(0, int((self.next_due - now).total_seconds())))
        return f"public, max-age=0, s-maxage={seconds}"


_known: Freshness | None = None


class FreshRequest(HttpRequest):
    """A request for a public page, with the state of the content it is answered from."""

    content_etag: str
    content_changed: datetime | None
    everywhere_at: datetime | None


def freshness(now: datetime) -> Freshness:
    """The state of the content at this moment.

    One query, and a short one while nothing was edited: what is published when, the former state
    knows. A transaction sees its own edits before the version does, and has all of it read.
    """
    global _known
    known = None if connection.in_atomic_block else _known
    if known and known.holds(now) and _asked(VERSION) == (known.version, known.changed_at):
        return known
    version, *times = _asked(STATE, {"now": now})
    state = Freshness(now, version or 0, *times)
    if not connection.in_atomic_block:
        _known = state
    return state


def _asked(query: str, values: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """The query's row, on a new connection where the kept one broke, as when PostgreSQL restarts.

    So none is asked first whether it works. Raises OperationalError while the database is away.
    """
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _row(query, values)
    except (InterfaceError, OperationalError):
        if connection.in_atomic_block or connection.connection is None or connection.is_usable():
            raise
        connection.close()
        return _row(query, values)


def _row(query: str, values: dict[str, Any] | None) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone() or ()


def per_content(request: FreshRequest, name: str, compute: Callable[[], Value]) -> Value:
    """What `compute` returns, once for each state of the content and process.

    The state was asked before, so what is kept under it may be newer, never older.
    """
    key = f"{name}:{request.content_etag}"
    return cast(Value, caches["default"].get_or_set(key, compute, COMPUTED_SECONDS))


def beside_episodes(request: FreshRequest, name: str, compute: Callable[[], Value]) -> Value:
    """The same for what stands beside episodes: edits of what single ones alone show leave it."""
    at = request.everywhere_at
    key = f"{name}:{at.isoformat() if at else 'never'}"
    return cast(Value, caches["beside"].get_or_set(key, compute, COMPUTED_SECONDS))


def public_page(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """For every page that is the same for everyone: GET and HEAD only, ETag, 304, no cookie."""
    return _cacheable(view, dated=False)


def dated_page(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """The same with Last-Modified, for what apps ask for by date. That knows no releases, so
    not for pages: whoever asks by date alone sees the work of a new one at the next edit."""
    return _cacheable(view, dated=True)


def _cacheable(view: Callable[..., Answer], *, dated: bool) -> Callable[..., Answer]:
    @require_safe
    @wraps(view)
    def cacheable(request: HttpRequest, *args: object, **kwargs: object) -> Answer:
        now = timezone.now()
        fresh = freshness(now)
        cast(FreshRequest, request).content_etag = fresh.etag
        cast(FreshRequest, request).content_changed = fresh.changed
        cast(FreshRequest, request).everywhere_at = fresh.everywhere_at
        modified = fresh.last_modified(now) if dated else None
        not_modified = get_conditional_response(request, fresh.etag, modified)
        response = cast(Answer, not_modified) or view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response.headers["ETag"] = fresh.etag
            response.headers["Cache-Control"] = fresh.cache_control(now)
            if modified:
                response.headers["Last-Modified"] = http_date(modified)
        return response

    return cacheable
