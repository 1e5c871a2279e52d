"""The feeds of the show and of its interviews, whole or narrowed as their lists are."""

from collections.abc import Callable
from uuid import UUID, uuid5

from django.http import Http404, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get_by_date
from episodes.filters import Filters, UnknownFilter, parse_filters
from episodes.models import Episode
from feeds.channel import Channel, Extent
from feeds.http import for_any_site
from feeds.response import part_feed, whole_feed
from show.models import CallToAction, Show

Head = Callable[[Show, Filters], Channel]


@for_any_site
@conditional_get_by_date
def feed(request: CacheableRequest) -> HttpResponseBase:
    """The show; with `?stack=`, `?not=`, `?guest=` or `?year=` what /podcast/ lists so."""
    return _feed(request, Episode.Kind.PODCAST, whole=show_channel, part=episodes_channel)


@for_any_site
@conditional_get_by_date
def interviews_feed(request: CacheableRequest) -> HttpResponseBase:
    """The written interviews, or what /interviews/ lists of them."""
    return _feed(request, Episode.Kind.INTERVIEW, whole=interviews_channel, part=interviews_channel)


def _feed(request: CacheableRequest, kind: str, *, whole: Head, part: Head) -> HttpResponseBase:
    try:
        filters = parse_filters(request.GET)
    except UnknownFilter as error:
        raise Http404(f"Nothing here is called “{error.value}”.") from error
    if not filters.is_canonical(request.GET):
        return HttpResponsePermanentRedirect(request.path + filters.query)
    show, episodes = Show.objects.current(), Episode.objects.filter(kind=kind)
    if not filters.is_narrow:
        return whole_feed(request, show, whole(show, filters), episodes, filters.page)
    if not filters.is_single or filters.page > 1:
        raise Http404("A feed follows one filter, and has one page.")
    return part_feed(request, show, part(show, filters), filters.apply(episodes, show.zone))


def show_channel(show: Show, filters: Filters) -> Channel:
    """The show as directories list it. Two queries."""
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
        extent=Extent.SHOW,
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
        extent=Extent.INTERVIEWS,
        medium="blog",
        guid=_guid(show, "interviews"),
    )


def _guid(show: Show, part: str = "") -> UUID | None:
    """What apps know a feed by, wherever it moves; a part's follows from the show's.

    None before the show is saved: it would have a new one at each request.
    """
    if show._state.adding:
        return None
    return uuid5(show.podcast_guid, part) if part else show.podcast_guid
