"""HTTP caching of public pages: they are the same for everyone until the content changes.

ETag = content version + newest due publication + release. It is computed by one query before
the view reads any row, so a page can be newer than its ETag says, never older.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

# Seconds a shared cache may keep a page without asking. Browsers always ask.
SHARED_CACHE_SECONDS = 60

QUERY = """
SELECT (SELECT number FROM show_contentversion),
       (SELECT max(published_at) FROM episodes_episode
        WHERE status = 'published' AND deleted_at IS NULL AND published_at <= %(now)s),
       (SELECT min(published_at) FROM episodes_episode
        WHERE status = 'published' AND deleted_at IS NULL AND published_at > %(now)s)
"""


@dataclass(frozen=True, slots=True)
class Freshness:
    """What the content was when asked, and when it will next change by itself."""

    version: int
    newest_due: datetime | None
    next_due: datetime | None

    @property
    def etag(self) -> str:
        newest = int(self.newest_due.timestamp()) if self.newest_due else 0
        return f'W/"{self.version:x}-{newest:x}-{settings.RELEASE}"'

    def cache_control(self, now: datetime) -> str:
        seconds = SHARED_CACHE_SECONDS
        if self.next_due:
            seconds = min(seconds, max(0, int((self.next_due - now).total_seconds())))
        return f"public, max-age=0, s-maxage={seconds}"


def freshness(now: datetime) -> Freshness:
    """The state of the content at this moment; one query."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY, {"now": now})
        version, newest_due, next_due = cursor.fetchone()
    return Freshness(version or 0, newest_due, next_due)


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For every page that is the same for everyone: GET and HEAD only, ETag, 304, no cookie."""

    @require_safe
    @wraps(view)
    def cacheable(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        now = timezone.now()
        fresh = freshness(now)
        not_modified = get_conditional_response(request, etag=fresh.etag)
        response = not_modified or view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response.headers["ETag"] = fresh.etag
            response.headers["Cache-Control"] = fresh.cache_control(now)
        return response

    return cacheable
