"""Pages that nobody's edit has changed since they were last made are not made again.

Behind our nginx it keeps them (deploy/nginx), and is told here that it may; without it this
process keeps some itself. Only what is the same for everyone is kept: see caching.http.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import cast

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from caching.http import Freshness, FreshRequest, freshness

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]
Key = tuple[str | None, ...]

# Seconds: nginx asks again by then, should nobody be there to drop a page in time.
FRONT_SECONDS = 3600
LARGEST = 64 * 1024  # bytes of what is kept in this process
ENCODINGS = ("zstd", "br", "gzip")


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as it was given, with what every answer says of its safety."""

    etag: str
    headers: dict[str, str]
    content: bytes


class Pages:
    """The pages of this process, so much as settings.KEPT_BYTES: who was last asked for stays."""

    def __init__(self) -> None:
        self.by_key: OrderedDict[Key, Page] = OrderedDict()
        self.size = 0
        self.lock = Lock()

    def get(self, key: Key) -> Page | None:
        with self.lock:
            if key in self.by_key:
                self.by_key.move_to_end(key)
            return self.by_key.get(key)

    def put(self, key: Key, page: Page) -> None:
        with self.lock:
            if former := self.by_key.pop(key, None):
                self.size -= size_of(key, former)
            self.by_key[key] = page
            self.size += size_of(key, page)
            while self.size > settings.KEPT_BYTES:
                self.size -= size_of(*self.by_key.popitem(last=False))

    def clear(self) -> None:
        with self.lock:
            self.by_key.clear()
            self.size = 0


def size_of(key: Key, page: Page) -> int:
    """Bytes of memory, about: addresses can be long, and each string takes fifty by itself."""
    strings = [*page.headers, *page.headers.values(), *(part or "" for part in key)]
    return len(page.content) + sum(50 + len(each) for each in strings)


pages = Pages()


def keep_pages(get_response: Handler) -> Handler:
    """Middleware above all that makes an answer, so that compressing and headers are kept, too."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        if request.META.get("HTTP_X_FRONT") == "kept":
            return tell_front(request, get_response(request))
        return kept(request) or keep(request, get_response(request))

    return handle


def tell_front(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let nginx keep the page, unless an edit was committed while it was being made."""
    if is_public(request, response):
        now = timezone.now()
        state: Freshness = freshness(now)
        unchanged = state.etag == cast(FreshRequest, request).content_etag
        response.headers["X-Accel-Expires"] = str(FRONT_SECONDS if unchanged else 0)
        # Of chance length, lest secrets are guessed by how well they compress (BREACH): none here.
        response.headers.pop("X-Noise", None)
        if state.next_due:  # a CDN before nginx must not keep the page past that minute
            response.headers["Cache-Control"] = "public, max-age=0, s-maxage=1"
    return response


def kept(request: HttpRequest) -> HttpResponse | None:
    """The page as it was kept, if the content is still what it was made from.

    While the database is away the page is shown as it was, rather than none.
    """
    page = pages.get(key(request))
    if page is None:
        return None
    response = HttpResponse(page.content, headers=page.headers)
    now = timezone.now()
    try:
        state: Freshness = freshness(now)
    except (OperationalError, InterfaceError) as error:
        logger.warning("The database is away, a kept page is shown: %s", error)
        response.headers["Cache-Control"] = "no-cache"
        return response
    if state.etag != page.etag:
        return None
    response.headers["Cache-Control"] = state.cache_control(now)
    modified = state.last_modified(now) if "Last-Modified" in page.headers else None
    answer = cast(HttpResponse, get_conditional_response(request, page.etag, modified, response))
    if answer is not response:  # 304 or 412: not the page, but as safe
        for name, value in response.headers.items():
            if not name.lower().startswith("content-"):
                answer.headers.setdefault(name, value)
    return answer


def keep(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if request.method != "GET" or response.streaming or not is_public(request, response):
        return response
    if len(response.content) <= LARGEST:
        page = Page(response.headers["ETag"], dict(response.headers), response.content)
        pages.put(key(request), page)
    return response


def is_public(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the page is the same for everyone until the content changes."""
    etag = getattr(request, "content_etag", None)
    return response.status_code == 200 and etag is not None and not response.cookies


def key(request: HttpRequest) -> Key:
    """What a page depends on. Hosts as they are sent: of one that isn't ours, none is kept."""
    asked = request.META
    accepted = asked.get("HTTP_ACCEPT_ENCODING", "")
    encodings = [each for each in ENCODINGS if each in accepted]
    query = asked.get("QUERY_STRING", "")
    return (request.scheme, asked.get("HTTP_HOST"), request.path, query, *encodings)
