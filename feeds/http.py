"""How feeds and what hangs on them are answered: to apps on any site, and always as XML."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from feeds.rss import CONTENT_TYPE, document, element

FEED_FILE = "/feed.xml"
EXPOSED = "ETag, Last-Modified"
# A player in a browser asks before it sends If-None-Match or Range (Fetch, section 3.2.2).
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}

View = Callable[..., HttpResponseBase]


def for_any_site(view: View) -> View:
    """Let players that run in a browser, on any site, read the answer.

    There is no form to protect: a POST is answered 405 by the view, and not with a page.
    """

    @csrf_exempt
    @wraps(view)
    def shared(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204, headers=PREFLIGHT)
        else:
            response = view(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        return response

    return shared


def is_feed(path: str) -> bool:
    """Whether apps ask this path for a feed, known or not."""
    return path.endswith(FEED_FILE)


@for_any_site
def unknown(request: HttpRequest) -> HttpResponse:
    """A feed's address that no other pattern took."""
    raise Http404


def refusal(status: int, title: str, reason: str = "") -> HttpResponse:
    """What a feed's address answers when it has no feed: one without items, that says why.

    Apps go by the status. Those that read on regardless find XML and show the words, where a
    page would be “not a feed”; and no item means that none is new.
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
