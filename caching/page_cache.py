"""The page cache: public pages are rendered once for each content state (caching.http).

Behind our nginx, the site lets nginx cache them (deploy/nginx) and the invalidator purges them
after an edit. Without nginx, each process caches some itself.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import cast

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from caching.db_outage import is_db_outage
from caching.http import ContentState, content_state

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]
Key = tuple[str | None, ...]

NGINX_SECONDS = 3600  # nginx revalidates after these, should the invalidator have failed
MAX_PAGE_BYTES = 64 * 1024  # larger pages aren't cached in the process
ENCODINGS = ("zstd", "br", "gzip")


@dataclass(frozen=True, slots=True)
class CachedResponse:
    etag: str
    headers: dict[str, str]
    content: bytes


class PageCache:
    """This process's pages, up to settings.PAGE_CACHE_BYTES; least recently used ones go first."""

    def __init__(self) -> None:
        self.by_key: OrderedDict[Key, CachedResponse] = OrderedDict()
        self.size = 0
        self.lock = Lock()

    def get(self, key: Key) -> CachedResponse | None:
        with self.lock:
            if key in self.by_key:
                self.by_key.move_to_end(key)
            return self.by_key.get(key)

    def put(self, key: Key, page: CachedResponse) -> None:
        with self.lock:
            if former := self.by_key.pop(key, None):
                self.size -= size_of(key, former)
            self.by_key[key] = page
            self.size += size_of(key, page)
            while self.size > settings.PAGE_CACHE_BYTES:
                self.size -= size_of(*self.by_key.popitem(last=False))

    def clear(self) -> None:
        with self.lock:
            self.by_key.clear()
            self.size = 0


def size_of(key: Key, page: CachedResponse) -> int:
    """About how many bytes of memory it takes; a Python string has an overhead of fifty."""
    strings = [*page.headers, *page.headers.values(), *(part or "" for part in key)]
    return len(page.content) + sum(50 + len(each) for each in strings)


page_cache = PageCache()


def page_cache_middleware(get_response: Handler) -> Handler:
    """Place it above compression and security headers: it caches finished responses."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        if is_cached_by_nginx(request):
            return for_nginx(request, get_response(request))
        return cached_response(request) or store(request, get_response(request))

    return handle


def is_cached_by_nginx(request: HttpRequest) -> bool:
    """Whether an nginx with an invalidator asks for a page that it may cache."""
    # Until version 2.0 also the former header: nginx may be updated after the site.
    return "HTTP_X_CACHE_MANAGED" in request.META or request.META.get("HTTP_X_FRONT") == "kept"


def for_nginx(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let nginx cache the page, unless an edit was committed while it was being rendered."""
    if rendered := state_of(request, response):
        state = content_state(timezone.now())
        seconds = NGINX_SECONDS if state.etag == rendered.etag else 0
        response.headers["X-Accel-Expires"] = str(seconds)
        # Random padding against BREACH; a public page has no secret to guess.
        response.headers.pop("X-Noise", None)
        if state.next_due:  # a CDN before nginx must not cache the page beyond that minute
            response.headers["Cache-Control"] = "public, max-age=0, s-maxage=1"
    return response


def cached_response(request: HttpRequest) -> HttpResponse | None:
    """The cached page if the content hasn't changed since, or if the database is away."""
    page = page_cache.get(key(request))
    if page is None:
        return None
    response = HttpResponse(page.content, headers=page.headers)
    now = timezone.now()
    try:
        state = content_state(now)
    except Error as error:
        if not is_db_outage(error):
            raise
        logger.warning("The database is away; serving a cached page: %s", error)
        response.headers["Cache-Control"] = "no-cache"
        return response
    if state.etag != page.etag:
        return None
    response.headers["Cache-Control"] = state.cache_control(now)
    modified = state.last_modified(now) if "Last-Modified" in page.headers else None
    answer = cast(HttpResponse, get_conditional_response(request, page.etag, modified, response))
    if answer is not response:  # 304 or 412: security headers belong there, too
        for name, value in response.headers.items():
            if not name.lower().startswith("content-"):
                answer.headers.setdefault(name, value)
    return answer


def store(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if request.method != "GET" or response.streaming or not state_of(request, response):
        return response
    if len(response.content) <= MAX_PAGE_BYTES:
        page = CachedResponse(response.headers["ETag"], dict(response.headers), response.content)
        page_cache.put(key(request), page)
    return response


def state_of(request: HttpRequest, response: HttpResponse) -> ContentState | None:
    """The content that a public page was rendered from; None for what no cache may store."""
    is_public = response.status_code == 200 and not response.cookies
    is_public = is_public and getattr(request, "is_storable", True)
    return getattr(request, "content_state", None) if is_public else None


def key(request: HttpRequest) -> Key:
    """All that a page depends on. Hosts as sent: no page of a foreign host is ever stored."""
    headers = request.META
    accepted = headers.get("HTTP_ACCEPT_ENCODING", "")
    encodings = [each for each in ENCODINGS if each in accepted]
    query = headers.get("QUERY_STRING", "")
    return (request.scheme, headers.get("HTTP_HOST"), request.path, query, *encodings)
