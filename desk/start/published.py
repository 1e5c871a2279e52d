"""What was published last, and whether it arrived everywhere: page, feed, search."""

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, Func, OuterRef

from episodes.models import Episode
from feeds.response import keys_of_page
from search.models import Document

MOST = 3


@dataclass(frozen=True, slots=True)
class Arrived:
    """An episode and where it is, as the queries of these places answer."""

    episode: Episode
    page: bool
    feed: bool
    search: bool

    @property
    def places(self) -> list[tuple[str, bool]]:
        return [("Page", self.page), ("Feed", self.feed), ("Search", self.search)]


def last_published() -> list[Arrived]:
    """The latest few. Three queries at most: one more for each kind among them."""
    latest = Episode.objects.published().newest_first()[:MOST]
    keys = [episode.pk for episode in latest]
    rows = Episode.objects.filter(pk__in=keys).newest_first()
    rows = rows.annotate(
        has_page=Exists(Episode.objects.viewable().filter(pk=OuterRef("pk"))),
        is_found=Exists(_found_by_title()),
    )
    in_feeds: set[int] = set()
    for kind in {episode.kind for episode in latest}:
        in_feeds.update(keys_of_page(Episode.objects.filter(kind=kind)))
    return [Arrived(row, row.has_page, row.pk in in_feeds, row.is_found) for row in rows]


def _found_by_title():
    """The search document, if whoever types the title finds it from the minute it is out."""
    words = SearchQuery(
        Func(OuterRef("title"), function="search_normalize"),
        config="search_words",
        search_type="plain",
    )
    return Document.objects.filter(
        pk=OuterRef("pk"), published_at=OuterRef("published_at"), vector=words
    )
