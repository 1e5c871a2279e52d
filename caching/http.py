"""Conditional GET and HTTP caching of public pages.

A page's ETag is the content version, the newest publication that is due, the settings that pages
show, and the release. The database is asked for the first two before the view reads any row, so a
page may be newer than its ETag says, never older.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache, wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.db import Error, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from caching.db_outage import is_db_outage
from caching.version import ContentState, read_state

COMPUTED_SECONDS = 24 * 60 * 60

Value = TypeVar("Value")
Response = TypeVar("Response", bound=HttpResponseBase)


class CacheableRequest(HttpRequest):
    """A request to a view with conditional GET.

    `is_storable`: False if the page may be one of thousands, so that no cache of ours stores it.
    """

    content_state: ContentState
    is_storable: bool


_latest: ContentState | None = None


def content_state(now: datetime) -> ContentState:
    """The state of the content at this moment, by one query.

    Cheap while nothing changed: publication dates are cached. In a transaction the whole state is
    read, for its own edits don't count in the version yet.
    """
    global _latest
    latest = None if connection.in_atomic_block else _latest
    state = read_state(_fetch_row, now, settings.RELEASE, latest, settings_digest())
    if not connection.in_atomic_block:
        _latest = state
    return state


@cache
def settings_digest() -> str:
    """Of the settings that pages show: who has a page from before a change gets no 304."""
    shown = {name: getattr(settings, name) for name in settings.SHOWN_SETTINGS}
    return salted_hmac("caching.http", repr(shown), algorithm="sha256").hexdigest()[:8]


def _fetch_row(query: str, parameters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """The query's only row; reconnects once if the persistent connection has broken.

    This takes the place of Django's health check, which costs a query for each request. Raises
    an outage (caching.db_outage) while the database is away.
    """
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _row(query, parameters)
    except Error as error:
        is_open = connection.connection is not None and not connection.in_atomic_block
        if not is_db_outage(error) or not is_open or connection.is_usable():
            raise
        connection.close()
        return _row(query, parameters)


def _row(query: str, parameters: dict[str, Any] | None) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchone() or ()


def per_content_version(
    request: CacheableRequest, name: str, compute: Callable[[], Value]
) -> Value:
    """What `compute` returns, computed once for each content state and process."""
    key = f"{name}:{request.content_state.etag}"
    return cast(Value, caches["default"].get_or_set(key, compute, COMPUTED_SECONDS))


def per_site_version(request: CacheableRequest, name: str, compute: Callable[[], Value]) -> Value:
    """Like `per_content_version`, for data that edits of a single episode don't invalidate."""
    at = request.content_state.site_changed_at
    key = f"{name}:{at.isoformat() if at else 'never'}"
    return cast(Value, caches["site"].get_or_set(key, compute, COMPUTED_SECONDS))


def conditional_get(view: Callable[..., Response]) -> Callable[..., Response]:
    """Decorator for public pages: GET and HEAD only, ETag and 304, no cookies."""
    return _conditional(view, by_date=False)


def conditional_get_by_date(view: Callable[..., Response]) -> Callable[..., Response]:
    """Like `conditional_get`, with Last-Modified, for feeds that apps ask for by date.

    Not for pages: by its date, each of them counts as modified after each start of the site.
    """
    return _conditional(view, by_date=True)


def _conditional(view: Callable[..., Response], *, by_date: bool) -> Callable[..., Response]:
    @require_safe
    @wraps(view)
    def conditional(request: HttpRequest, *args: object, **kwargs: object) -> Response:
        now = timezone.now()
        state = content_state(now)
        cast(CacheableRequest, request).content_state = state
        modified = state.last_modified(now) if by_date else None
        not_modified = get_conditional_response(request, state.etag, modified)
        response = cast(Response, not_modified) or view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response.headers["ETag"] = state.etag
            response.headers["Cache-Control"] = state.cache_control(now)
            if modified:
                response.headers["Last-Modified"] = http_date(modified)
        return response

    return conditional
