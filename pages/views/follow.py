"""How to follow the show, or any of its feeds, in a podcast app."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from caching.http import conditional_get
from pages.did_you_mean import closest_pages
from pages.feed_links import find_feed, show_feeds
from pages.indexing import NOINDEX
from pages.json_ld.site import series
from pages.metadata import metadata
from pages.redirects import not_found, resolve_redirect
from pages.rendering import render_page
from show.models import FollowLink, Show

LONGEST_PATH = 3000  # the longest search, percent-encoded at nine characters a letter


@conditional_get
def follow(request: HttpRequest) -> HttpResponse:
    """The show's feed or, with `?feed=`, any feed of the site."""
    show = Show.objects.current()
    path = request.GET.get("feed", "").strip()[:LONGEST_PATH]
    feed = find_feed(path or reverse("feed"), show)
    if feed is None:
        return _redirect_or_404(request, path, show)
    if path and path != feed.path:
        return HttpResponsePermanentRedirect(feed.follow_path)
    title = "Follow the show" if feed.is_show else f"Follow {feed.name}"
    links = list(FollowLink.objects.open()) if feed.is_show else []
    named = {link.name for link in links}
    return render_page(
        request,
        "pages/follow.html",
        metadata(
            show,
            title,
            feed.follow_path,
            description=f"Follow {feed.name} in your podcast app, or any feed of {show.title}.",
            robots="" if feed.is_show else NOINDEX,
            json_ld=[series(show, links)],
        ),
        section="follow",
        title=title,
        feed=feed,
        follow_links=links,
        # The host's own link replaces an app's.
        app_links={name: url for name, url in feed.app_links.items() if name not in named},
        other_feeds=[each for each in show_feeds(show) if each != feed],
    )


def _redirect_or_404(request: HttpRequest, path: str, show: Show) -> HttpResponse:
    """The page of the feed at its present address, else 404 with suggestions."""
    target = resolve_redirect(path) if path.startswith("/") else None
    moved = find_feed(target, show) if target else None
    if moved is None:
        return not_found(request, closest_pages(path))
    return HttpResponsePermanentRedirect(moved.follow_path)
