"""HTTP of feeds and the files they link to: open to any origin, errors as XML."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from feeds.rss import CONTENT_TYPE, document, element
from media.cross_origin import SHARED, allow_any_origin

FEED_FILE = "/feed.xml"


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
        headers={"X-Robots-Tag": "noindex"} | SHARED,
    )
