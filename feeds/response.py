"""Channels and episodes as the RSS that is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db.models import Prefetch
from django.http import Http404, HttpResponse, StreamingHttpResponse

from caching.http import CacheableRequest
from episodes.models import Episode, EpisodeQuerySet, LibraryUse, Use
from feeds.channel import Channel, Extent, channel_elements
from feeds.items import item_elements
from feeds.rss import CONTENT_TYPE, document
from show.models import Promotion, Show

# Apps read a whole feed each time. Beyond this the show's has pages (RFC 5005, section 3).
PER_PAGE = 2000
PART_LIMIT = 100
AT_ONCE = 100  # episodes in memory


def whole_feed(
    request: CacheableRequest,
    show: Show,
    channel: Channel,
    episodes: EpisodeQuerySet,
    number: int = 1,
) -> StreamingHttpResponse:
    """Every published one of these episodes, newest first, on as many pages as that takes.

    2,000 of them are 25 MB, so they are read and sent bit by bit. Raises Http404 for a page
    beyond the last.
    """
    published = episodes.published().newest_first()
    keys = keys_of_page(episodes, number)
    if number > 1 and not keys:
        raise Http404(f"This feed has no page {number}.")
    if number > 1 or len(keys) == PER_PAGE:
        last = -(-published.count() // PER_PAGE)
        channel = replace(channel, neighbours=neighbours(channel.path, number, last))
    pieces = rss(request, show, channel, keys) if request.method == "GET" else ()
    return StreamingHttpResponse(pieces, content_type=CONTENT_TYPE)


def keys_of_page(episodes: EpisodeQuerySet, number: int = 1) -> list[int]:
    """Keys of the episodes on a page of a whole feed, in its order; one query."""
    first = (number - 1) * PER_PAGE
    newest = episodes.published().newest_first()
    return list(newest.values_list("pk", flat=True)[first : first + PER_PAGE])


def part_feed(
    request: CacheableRequest, show: Show, channel: Channel, episodes: EpisodeQuerySet
) -> HttpResponse:
    """The newest published ones of these episodes."""
    newest = episodes.published().newest_first()
    keys = list(newest.values_list("pk", flat=True)[:PART_LIMIT])
    channel = replace(channel, extent=Extent.PART)
    return HttpResponse(
        rss(request, show, channel, keys),
        content_type=CONTENT_TYPE,
        headers={"X-Robots-Tag": "noindex"},
    )


def rss(
    request: CacheableRequest, show: Show, channel: Channel, keys: Sequence[int]
) -> Iterator[str]:
    """The document bit by bit; the episodes are in the order of their keys."""
    promotions = list(Promotion.objects.filter(active=True))
    return document(
        channel_elements(channel, show, request.content_state.last_change),
        (item_elements(episode, show, promotions) for episode in by_key(keys)),
    )


def by_key(keys: Sequence[int]) -> Iterator[Episode]:
    """The episodes with all rows that an item is made of, AT_ONCE of them in memory."""
    for first in range(0, len(keys), AT_ONCE):
        some = keys[first : first + AT_ONCE]
        found = with_everything(Episode.objects.published()).in_bulk(some)
        yield from (found[key] for key in some if key in found)


def with_everything(episodes: EpisodeQuerySet) -> EpisodeQuerySet:
    """Episodes with all rows that an item is made of."""
    return episodes.select_related("enclosure", "sponsor", "transcript").prefetch_related(
        "topics",
        "references",
        Prefetch("library_uses", LibraryUse.objects.select_related(None)),
        # Many episodes share a technology, so each is read once.
        Prefetch("uses", Use.objects.select_related(None).prefetch_related("technology")),
        "appearances",
    )


def neighbours(path: str, number: int, last: int) -> tuple[tuple[str, str], ...]:
    """The other pages of a feed by what they are to this one; none where it is the only one."""
    if last < 2:
        return ()
    pages = {"first": 1, "prev": number - 1, "next": number + 1, "last": last}
    address = path.partition("?")[0]
    return tuple(
        (rel, address if page == 1 else f"{address}?page={page}")
        for rel, page in pages.items()
        if 1 <= page <= last
    )
