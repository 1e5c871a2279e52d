"""The episodes published last, and whether page, feed and search have them."""

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, Func, OuterRef

from episodes.models import Episode
from feeds.documents import keys_of_page
from search.models import Document

MAX_EPISODES = 3


@dataclass(frozen=True, slots=True)
class Published:
    """An episode, and whether each place's own query finds it."""

    episode: Episode
    in_page: bool
    in_feed: bool
    in_search: bool

    @property
    def places(self) -> list[tuple[str, bool]]:
        return [("Page", self.in_page), ("Feed", self.in_feed), ("Search", self.in_search)]


def last_published() -> list[Published]:
    """The latest few episodes. Two queries, and one more for each kind of episode among them."""
    latest = Episode.objects.published().newest_first()[:MAX_EPISODES]
    keys = [episode.pk for episode in latest]
    rows = Episode.objects.filter(pk__in=keys).newest_first()
    rows = rows.annotate(
        has_page=Exists(Episode.objects.viewable().filter(pk=OuterRef("pk"))),
        in_search=Exists(_found_by_title()),
    )
    in_feeds: set[int] = set()
    for kind in {episode.kind for episode in latest}:
        in_feeds.update(keys_of_page(Episode.objects.filter(kind=kind)))
    return [Published(row, row.has_page, row.pk in in_feeds, row.in_search) for row in rows]


def _found_by_title():
    """The search document, if a search for the title finds it from the minute of publication."""
    words = SearchQuery(
        Func(OuterRef("title"), function="search_normalize"),
        config="search_words",
        search_type="plain",
    )
    return Document.objects.filter(
        pk=OuterRef("pk"), published_at=OuterRef("published_at"), vector=words
    )
