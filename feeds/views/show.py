"""The feeds of the show and of its interviews, in full or filtered like their lists."""

from collections.abc import Callable
from uuid import UUID, uuid5

from django.http import Http404, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get_by_date
from episodes.filters import Filters, UnknownFilter, parse_filters
from episodes.models import Episode
from feeds.channel import Channel
from feeds.documents import full_feed, partial_feed
from feeds.podcast_guid import podcast_guid
from media.cross_origin import allow_any_origin
from show.models import CallToAction, Show

MakeChannel = Callable[[Show, Filters], Channel]


@allow_any_origin
@conditional_get_by_date
def feed(request: CacheableRequest) -> HttpResponseBase:
    """The show; with `?stack=`, `?not=`, `?guest=` or `?year=` the same list as /podcast/."""
    return _feed(request, Episode.Kind.PODCAST, full=show_channel, part=episodes_channel)


@allow_any_origin
@conditional_get_by_date
def interviews_feed(request: CacheableRequest) -> HttpResponseBase:
    """The written interviews, filtered like /interviews/."""
    return _feed(request, Episode.Kind.INTERVIEW, full=interviews_channel, part=interviews_channel)


def _feed(
    request: CacheableRequest, kind: str, *, full: MakeChannel, part: MakeChannel
) -> HttpResponseBase:
    try:
        filters = parse_filters(request.GET)
    except UnknownFilter as error:
        raise Http404(f"Nothing here is called “{error.value}”.") from error
    if not filters.is_canonical(request.GET):
        return HttpResponsePermanentRedirect(request.path + filters.query)
    show, episodes = Show.objects.current(), Episode.objects.filter(kind=kind)
    if not filters.is_narrow:
        return full_feed(request, show, full(show, filters), episodes, filters.page)
    if not filters.is_single or filters.page > 1:
        raise Http404("A filtered feed has one filter and one page.")
    return partial_feed(request, show, part(show, filters), filters.apply(episodes, show.zone))


def show_channel(show: Show, filters: Filters) -> Channel:
    """The whole show, for directories. Two queries."""
    trailers = (
        Episode.objects.published()
        .podcast()
        .filter(type=Episode.Type.TRAILER, enclosure__isnull=False)
    )
    support = CallToAction.objects.filter(purpose=CallToAction.Purpose.SUPPORT)
    return Channel(
        path=reverse("feed") + filters.query,
        page=reverse("episodes"),
        title=show.title,
        description=show.description,
        is_show=True,
        is_listed=True,
        guid=_guid(show),
        trailers=tuple(trailers.newest_first().select_related("enclosure")),
        support=support.first(),
    )


def episodes_channel(show: Show, filters: Filters) -> Channel:
    words = "".join(f", {chip.label}" for chip in filters.chips)
    return Channel(
        path=reverse("feed") + filters.query,
        page=reverse("episodes") + filters.query,
        title=f"Episodes{words} · {show.title}",
        description=f"Episodes of {show.title}{words}.",
    )


def interviews_channel(show: Show, filters: Filters) -> Channel:
    words = "".join(f", {chip.label}" for chip in filters.chips)
    title = show.interviews_title or f"{show.title}: written interviews"
    return Channel(
        path=reverse("interviews_feed") + filters.query,
        page=reverse("interviews") + filters.on_page(1).query,
        title=title + words,
        description=show.interviews_description or show.description,
        is_listed=True,
        medium="blog",
        guid=_guid(show, "interviews"),
    )


def _guid(show: Show, part: str = "") -> UUID | None:
    """The feed's permanent identifier; a part's is derived from the show's.

    None before the show is saved or has a public address.
    """
    guid = None if show._state.adding else podcast_guid(show)
    return uuid5(guid, part) if guid and part else guid
