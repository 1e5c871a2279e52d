"""Pages of the host's own: how to follow the show, and what he writes himself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve, reverse

from episodes.counts import public_guests, technologies_in_use
from episodes.freshness import public_page
from pages import frame
from pages.addresses import absolute
from pages.metadata import metadata
from pages.near import near_path
from pages.podcast_apps import app_links
from pages.structured import series
from pages.views.moved import destination, elsewhere, missing
from search.models import Question
from show.models import FollowLink, Page, Show

LONGEST_PATH = 300


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of the site. `name`: whom or what it tells of."""

    name: str
    path: str
    is_show: bool = False

    @property
    def address(self) -> str:
        return absolute(self.path)

    @property
    def follow_path(self) -> str:
        """Where it is explained how to follow this feed."""
        query = "" if self.is_show else "?" + urlencode({"feed": self.path}, safe="/")
        return reverse("follow") + query


@public_page
def follow(request: HttpRequest) -> HttpResponse:
    """How to follow the show or, by `?feed=`, any feed of the site in a podcast app."""
    show = Show.objects.current()
    path = request.GET.get("feed", "").strip()[:LONGEST_PATH]
    feed = _feed(path or reverse("feed"), show)
    if feed is None:
        return _feed_elsewhere(request, path, show)
    title = "Follow the show" if feed.is_show else f"Follow {feed.name}"
    links = list(FollowLink.objects.filter(closed=False)) if feed.is_show else []
    named = {link.name for link in links}
    return frame.page(
        request,
        "pages/follow.html",
        show=show,
        metadata=metadata(
            show,
            title,
            feed.follow_path,
            description=f"Follow {feed.name} in your podcast app, or any feed of {show.title}.",
            robots="" if feed.is_show else "noindex, follow",
            structured=[series(show)],
        ),
        section="follow",
        title=title,
        feed=feed,
        follow_links=links,
        # An app is offered once: by the host's own link, where there is one.
        app_links=[link for link in app_links(feed.address) if link.name not in named],
        other_feeds=[each for each in _feeds_of(show) if each != feed],
    )


def _feeds_of(show: Show) -> list[Feed]:
    """The feeds of the show as a whole."""
    interviews = show.interviews_title or "Written interviews"
    return [
        Feed(show.title, reverse("feed"), is_show=True),
        Feed(interviews, reverse("interviews_feed")),
    ]


def _feed(path: str, show: Show) -> Feed | None:
    """The feed at exactly this path of the site; one query at most."""
    own = next((each for each in _feeds_of(show) if each.path == path), None)
    if own:
        return own
    try:
        match = resolve(path)
    except Resolver404:
        return None
    rows: dict[str, Callable[[], QuerySet[Any]]] = {
        "technology_feed": technologies_in_use,
        "guest_feed": public_guests,
        "question_feed": Question.objects.all,
    }
    if match.url_name not in rows:
        return None
    found = rows[match.url_name]().filter(slug=match.kwargs["slug"]).first()
    return Feed(str(found), path) if found else None


def _feed_elsewhere(request: HttpRequest, path: str, show: Show) -> HttpResponse:
    """The same for the feed as it is called today, else 404 with near names."""
    target = destination(path) if path.startswith("/") else None
    moved = _feed(target, show) if target else None
    if moved is None:
        return missing(request, near_path(path))
    return HttpResponsePermanentRedirect(moved.follow_path)


@public_page
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
        description=found.description,
        robots="" if found.indexed else "noindex",
    )
    return frame.page(request, "pages/page.html", show=show, metadata=head, page=found)
