"""Feeds as responses: the whole show page by page, and parts of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db.models import Prefetch
from django.http import Http404, HttpResponse, StreamingHttpResponse

from caching.http import CacheableRequest
from episodes.models import Episode, EpisodeQuerySet, LibraryUse, Use
from feeds.channel import Channel, channel_elements
from feeds.items import item_elements
from feeds.rss import CONTENT_TYPE, document
from show.models import Promotion, Show

# Apps read the whole feed each time. A longer one has pages (RFC 5005, section 3).
PER_PAGE = 2000
PART_LIMIT = 100
BATCH = 100  # episodes in memory


def full_feed(
    request: CacheableRequest,
    show: Show,
    channel: Channel,
    episodes: EpisodeQuerySet,
    number: int = 1,
) -> StreamingHttpResponse:
    """All published episodes among these, newest first, on pages of PER_PAGE.

    Streamed: 2,000 episodes are 25 MB. Raises Http404 beyond the last page.
    """
    published = episodes.published().newest_first()
    keys = keys_of_page(episodes, number)
    if number > 1 and not keys:
        raise Http404(f"This feed has no page {number}.")
    if number > 1 or len(keys) == PER_PAGE:
        last = -(-published.count() // PER_PAGE)
        channel = replace(channel, page_links=page_links(channel.path, number, last))
    pieces = rss(request, show, channel, keys) if request.method == "GET" else ()
    return StreamingHttpResponse(pieces, content_type=CONTENT_TYPE)


def keys_of_page(episodes: EpisodeQuerySet, number: int = 1) -> list[int]:
    """Keys of the episodes on a page of the full feed, in its order; one query."""
    first = (number - 1) * PER_PAGE
    newest = episodes.published().newest_first()
    return list(newest.values_list("pk", flat=True)[first : first + PER_PAGE])


def partial_feed(
    request: CacheableRequest, show: Show, channel: Channel, episodes: EpisodeQuerySet
) -> HttpResponse:
    """The newest PART_LIMIT published episodes among these."""
    newest = episodes.published().newest_first()
    keys = list(newest.values_list("pk", flat=True)[:PART_LIMIT])
    channel = replace(channel, is_show=False, is_listed=False)
    return HttpResponse(
        rss(request, show, channel, keys),
        content_type=CONTENT_TYPE,
        headers={"X-Robots-Tag": "noindex"},
    )


def rss(
    request: CacheableRequest, show: Show, channel: Channel, keys: Sequence[int]
) -> Iterator[str]:
    """The document in pieces; episodes are in the order of their keys."""
    promotions = list(Promotion.objects.filter(active=True))
    return document(
        channel_elements(channel, show, request.content_state.last_change),
        (item_elements(episode, show, promotions) for episode in episodes_by_key(keys)),
    )


def episodes_by_key(keys: Sequence[int]) -> Iterator[Episode]:
    """The episodes with all rows of their items, read in batches."""
    for first in range(0, len(keys), BATCH):
        batch = keys[first : first + BATCH]
        found = with_item_relations(Episode.objects.published()).in_bulk(batch)
        yield from (found[key] for key in batch if key in found)


def with_item_relations(episodes: EpisodeQuerySet) -> EpisodeQuerySet:
    """Episodes with all rows of their items."""
    return episodes.select_related("enclosure", "sponsor", "transcript").prefetch_related(
        "topics",
        "references",
        Prefetch("library_uses", LibraryUse.objects.select_related(None)),
        # Many episodes share a technology, so each is read once.
        Prefetch("uses", Use.objects.select_related(None).prefetch_related("technology")),
        "appearances",
    )


def page_links(path: str, number: int, last: int) -> tuple[tuple[str, str], ...]:
    """(rel, path) of the feed's pages; none if it has only one."""
    if last < 2:
        return ()
    pages = {"first": 1, "prev": number - 1, "next": number + 1, "last": last}
    address = path.partition("?")[0]
    return tuple(
        (rel, address if page == 1 else f"{address}?page={page}")
        for rel, page in pages.items()
        if 1 <= page <= last
    )
