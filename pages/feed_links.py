"""The feeds a listener can follow, as pages name and link them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse

from episodes.counts import public_guests, technologies_in_use
from episodes.filters import Filters, UnknownFilter, parse_filters
from pages.addresses import absolute
from search.models import Question
from search.query.parse import parse_query
from show.models import Show


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of the site. `name`: whom or what it tells of. `path`: with its query."""

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


def feeds_of(show: Show) -> list[Feed]:
    """The feeds of the show as a whole."""
    interviews = show.interviews_title or "Written interviews"
    return [
        Feed(show.title, reverse("feed"), is_show=True),
        Feed(interviews, reverse("interviews_feed")),
    ]


def feed_of_filters(path: str, filters: Filters) -> Feed | None:
    """The feed at `path` of what passes the filter; None where there isn't exactly one."""
    if not filters.is_single:
        return None
    label = filters.chips[0].label.replace("guest: ", "with ")
    kind = "episodes" if path == reverse("feed") else "interviews"
    return Feed(f"{kind} {label}", path + filters.on_page(1).query)


def feed_of_search(query: str) -> Feed | None:
    """The feed of what answers these words."""
    read = parse_query(query)
    if read.is_empty:
        return None
    path = reverse("search_feed") + "?" + urlencode({"q": read.text})
    return Feed(f"the search “{read.text}”", path)


def feed_at(address: str, show: Show) -> Feed | None:
    """The feed at this path of the site, under its canonical path; three queries at most."""
    path, _, query = address.partition("?")
    if query:
        return _by_query(path, QueryDict(query))
    own = next((each for each in feeds_of(show) if each.path == path), None)
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


def _by_query(path: str, query: QueryDict) -> Feed | None:
    if path == reverse("search_feed"):
        return feed_of_search(query.get("q", ""))
    if path not in (reverse("feed"), reverse("interviews_feed")):
        return None
    try:
        return feed_of_filters(path, parse_filters(query))
    except UnknownFilter:
        return None
