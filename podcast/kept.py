"""Pages that nobody's edit has changed since they were last made are not made again.

Behind our nginx it keeps them (deploy/nginx), and is told here that it may; without it this
process keeps some itself. Only what is the same for everyone is kept: see episodes.freshness.
"""

import logging
from collections.abc import Callable
from hashlib import blake2b
from typing import cast

from django.core.cache import caches
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from episodes.freshness import Freshness, FreshRequest, freshness

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]

# Seconds: nginx asks again by then, should nobody be there to drop a page in time.
FRONT_SECONDS = 3600
# Seconds and bytes: what is kept in this process.
KEPT_SECONDS = 24 * 60 * 60
LARGEST = 64 * 1024
ENCODINGS = ("zstd", "br", "gzip")


def keep_pages(get_response: Handler) -> Handler:
    """Middleware above what compresses, so that this is done once, too."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        if request.headers.get("X-Front") == "kept":
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
        if state.next_due:  # a CDN before nginx must not keep the page past that minute
            response.headers["Cache-Control"] = "public, max-age=0, s-maxage=1"
    return response


def kept(request: HttpRequest) -> HttpResponse | None:
    """The page as it was kept, if the content is still what it was made from.

    While the database is away the page is shown as it was, rather than none.
    """
    found = caches["pages"].get(key(request))
    if found is None:
        return None
    etag, headers, content = found
    now = timezone.now()
    try:
        state: Freshness = freshness(now)
    except (OperationalError, InterfaceError) as error:
        logger.warning("The database is away, a kept page is shown: %s", error)
        return HttpResponse(content, headers=headers | {"Cache-Control": "no-cache"})
    if state.etag != etag:
        return None
    response = HttpResponse(content, headers=headers)
    response.headers["Cache-Control"] = state.cache_control(now)
    modified = state.last_modified(now) if "Last-Modified" in headers else None
    return cast(HttpResponse, get_conditional_response(request, etag, modified, response))


def keep(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if request.method != "GET" or response.streaming or not is_public(request, response):
        return response
    if len(response.content) <= LARGEST:
        page = (response.headers["ETag"], dict(response.headers), response.content)
        caches["pages"].set(key(request), page, KEPT_SECONDS)
    return response


def is_public(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the page is the same for everyone until the content changes."""
    etag = getattr(request, "content_etag", None)
    return response.status_code == 200 and etag is not None and not response.cookies


def key(request: HttpRequest) -> str:
    accepted = request.headers.get("Accept-Encoding", "")
    encodings = ",".join(each for each in ENCODINGS if each in accepted)
    page = f"{request.scheme}://{request.get_host()}{request.get_full_path()} {encodings}"
    # Caches take no spaces and no long keys.
    return blake2b(page.encode(), digest_size=16).hexdigest()
