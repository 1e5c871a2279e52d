"""Pages of the host's own: how to follow the show, and what he writes himself."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from caching.http import conditional_get
from pages import rendering
from pages.did_you_mean import near_path
from pages.feed_links import feed_at, feeds_of
from pages.indexing import NOT_LISTED
from pages.metadata import metadata
from pages.podcast_apps import app_links
from pages.redirects import destination, elsewhere, missing
from pages.structured import beginning, breadcrumbs, series
from show.models import FollowLink, Page, Show

LONGEST_PATH = 3000  # the longest search, in letters that take nine characters each


@conditional_get
def follow(request: HttpRequest) -> HttpResponse:
    """How to follow the show or, by `?feed=`, any feed of the site in a podcast app."""
    show = Show.objects.current()
    path = request.GET.get("feed", "").strip()[:LONGEST_PATH]
    feed = feed_at(path or reverse("feed"), show)
    if feed is None:
        return _feed_elsewhere(request, path, show)
    if path and path != feed.path:
        return HttpResponsePermanentRedirect(feed.follow_path)
    title = "Follow the show" if feed.is_show else f"Follow {feed.name}"
    links = list(FollowLink.objects.open()) if feed.is_show else []
    named = {link.name for link in links}
    return rendering.page(
        request,
        "pages/follow.html",
        show=show,
        metadata=metadata(
            show,
            title,
            feed.follow_path,
            description=f"Follow {feed.name} in your podcast app, or any feed of {show.title}.",
            robots="" if feed.is_show else NOT_LISTED,
            structured=[series(show, links)],
        ),
        section="follow",
        title=title,
        feed=feed,
        follow_links=links,
        # An app is offered once: by the host's own link, where there is one.
        app_links=[link for link in app_links(feed.address) if link.name not in named],
        other_feeds=[each for each in feeds_of(show) if each != feed],
    )


def _feed_elsewhere(request: HttpRequest, path: str, show: Show) -> HttpResponse:
    """The same for the feed as it is called today, else 404 with near names."""
    target = destination(path) if path.startswith("/") else None
    moved = feed_at(target, show) if target else None
    if moved is None:
        return missing(request, near_path(path))
    return HttpResponsePermanentRedirect(moved.follow_path)


@conditional_get
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page the host edits, such as /thanks."""
    found = Page.objects.published().filter(slug=slug).first()
    if found is None:
        return elsewhere(request)
    show = Show.objects.current()
    head = metadata(
        show,
        found.title,
        request.path,
        description=found.description or beginning(found.body_html),
        robots="" if found.indexed else "noindex",
        structured=[breadcrumbs((show.title, reverse("home")), (found.title, request.path))],
    )
    return rendering.page(request, "pages/page.html", show=show, metadata=head, page=found)
