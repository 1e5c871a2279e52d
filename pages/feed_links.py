"""The feeds a listener can follow: their names, pages, and links that add them to podcast apps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse

from episodes.addresses import absolute_url
from episodes.counts import public_guests, technologies_in_use
from episodes.filters import Filters, UnknownFilter, parse_filters
from search.models import Question
from search.query.parse import parse_query
from show.models import Show

# The schemes that apps register to add any feed. `{bare}`: the feed's URL without https://;
# `{quoted}`: the whole URL, percent-encoded. Apps without such a scheme take the URL itself.
APPS = {
    "Apple Podcasts": "podcast://{bare}",
    "Overcast": "overcast://x-callback-url/add?url={quoted}",
    "Pocket Casts": "pktc://subscribe/{bare}",
    "AntennaPod": "https://antennapod.org/deeplink/subscribe?url={quoted}",
    "Castro": "castro://subscribe/{bare}",
    "Podcast Addict": "podcastaddict://{bare}",
}


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed of the site. `name`: what its episodes have in common. `path`: with its query."""

    name: str
    path: str
    is_show: bool = False

    @property
    def url(self) -> str:
        return absolute_url(self.path)

    @property
    def follow_path(self) -> str:
        """The page that explains how to follow this feed."""
        query = "" if self.is_show else "?" + urlencode({"feed": self.path}, safe="/")
        return reverse("follow") + query

    @property
    def app_links(self) -> dict[str, str]:
        """By an app's name, the URL that opens it, if installed, and adds the feed."""
        bare, quoted = self.url.partition("://")[2], quote(self.url, safe="")
        return {name: link.format(bare=bare, quoted=quoted) for name, link in APPS.items()}


def show_feeds(show: Show) -> list[FeedLink]:
    """The feeds of the show as a whole."""
    interviews = show.interviews_title or "Written interviews"
    return [
        FeedLink(show.title, reverse("feed"), is_show=True),
        FeedLink(interviews, reverse("interviews_feed")),
    ]


def filter_feed(path: str, filters: Filters) -> FeedLink | None:
    """The feed at `path` of what passes the filter; None unless there is exactly one filter."""
    if not filters.is_single:
        return None
    label = filters.chips[0].label.replace("guest: ", "with ")
    kind = "episodes" if path == reverse("feed") else "interviews"
    return FeedLink(f"{kind} {label}", path + filters.on_page(1).query)


def search_feed(query: str) -> FeedLink | None:
    """The feed of episodes that match a search."""
    parsed = parse_query(query)
    if parsed.is_empty:
        return None
    path = reverse("search_feed") + "?" + urlencode({"q": parsed.text})
    return FeedLink(f"the search “{parsed.text}”", path)


def find_feed(path_and_query: str, show: Show) -> FeedLink | None:
    """The feed at this path of the site, under its canonical path; at most three queries."""
    path, _, query = path_and_query.partition("?")
    if "\0" in unquote(path_and_query):  # PostgreSQL refuses to search for one
        return None
    if query:
        return _feed_with_query(path, QueryDict(query))
    own = next((each for each in show_feeds(show) if each.path == path), None)
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
    return FeedLink(str(found), path) if found else None


def _feed_with_query(path: str, query: QueryDict) -> FeedLink | None:
    if path == reverse("search_feed"):
        return search_feed(query.get("q", ""))
    if path not in (reverse("feed"), reverse("interviews_feed")):
        return None
    try:
        return filter_feed(path, parse_filters(query))
    except UnknownFilter:
        return None
