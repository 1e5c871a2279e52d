"""HTTP of feeds and the files they link to: open to any origin, errors as XML."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from feeds.rss import CONTENT_TYPE, document, element

FEED_FILE = "/feed.xml"
EXPOSED = "ETag, Last-Modified"
# A browser asks before it sends If-None-Match or Range (Fetch, section 3.2.2).
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}

View = Callable[..., HttpResponseBase]


def allow_any_origin(view: View) -> View:
    """Let players in a browser, on any site, read the response (CORS).

    CSRF-exempt, so that the view answers a POST with 405 and not with a page.
    """

    @csrf_exempt
    @wraps(view)
    def open_view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204, headers=PREFLIGHT)
        else:
            response = view(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        return response

    return open_view


def is_feed(path: str) -> bool:
    """Whether apps expect a feed at this path."""
    return path.endswith(FEED_FILE)


@allow_any_origin
def unknown_feed(request: HttpRequest) -> HttpResponse:
    """A feed's address that no other pattern matched."""
    raise Http404


def error_feed(status: int, title: str, reason: str = "") -> HttpResponse:
    """An error as a feed without items, whose description is the reason.

    Most apps look at the status. The others find XML instead of “not a feed”, and nothing new.
    """
    channel = [
        element("title", title),
        element("link", settings.SITE_URL),
        element("description", reason or title),
    ]
    return HttpResponse(
        document(channel, ()),
        content_type=CONTENT_TYPE,
        status=status,
        headers={"X-Robots-Tag": "noindex", "Access-Control-Allow-Origin": "*"},
    )
