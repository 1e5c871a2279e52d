"""Lists: the podcast's episodes and the written interviews, with filters that combine."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.core.paginator import Page
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get, per_content_version
from episodes.counts import YearCount, by_year, public_guests, technologies_in_use
from episodes.filters import Filters, UnknownFilter, parse_filters
from episodes.models import Episode, EpisodeQuerySet
from pages import did_you_mean
from pages.feed_links import feed_of_filters
from pages.indexing import NOT_LISTED, page_of_its_own
from pages.metadata import Metadata, metadata
from pages.paging import page_description
from pages.redirects import missing
from pages.rendering import page, paginate
from pages.structured import breadcrumbs, collection
from show.models import Show

# A list of more people is no help. Those heard most often come first; all are in their index.
GUESTS = 200
# Where to look for names near an unknown one.
NEAR = {
    "stack": did_you_mean.technologies,
    "not": did_you_mean.technologies,
    "guest": did_you_mean.guests,
}

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that can be added, and how many episodes it leaves."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the form offers to narrow a list further. Nothing that would leave it empty."""

    stack: list[Choice]
    without: list[Choice]
    guests: list[Choice]
    years: list[YearCount]


@conditional_get
def episodes(request: CacheableRequest) -> HttpResponse:
    return _list(request, Episode.Kind.PODCAST)


@conditional_get
def interviews(request: CacheableRequest) -> HttpResponse:
    return _list(request, Episode.Kind.INTERVIEW)


def _list(request: CacheableRequest, kind: str) -> HttpResponse:
    try:
        filters = parse_filters(request.GET)
    except UnknownFilter as error:
        names = NEAR.get(error.parameter)
        return missing(request, did_you_mean.near_names(error.value, names()) if names else ())
    if not filters.is_canonical(request.GET):
        return HttpResponsePermanentRedirect(request.path + filters.query)
    show, is_interviews = Show.objects.current(), kind == Episode.Kind.INTERVIEW
    of_kind = Episode.objects.published().filter(kind=kind)
    matching = filters.apply(of_kind, show.zone)
    count = _once(request, f"{kind}-count", filters, matching.count)
    found = paginate(matching.newest_first().for_cards(), filters.page, count=count)
    if found is None:
        return missing(request)
    return page(
        request,
        "pages/episodes.html",
        show=show,
        metadata=_metadata(show, kind, filters, found, request.path),
        section="episodes",
        is_interviews=is_interviews,
        filters=filters,
        feed=feed_of_filters(reverse("interviews_feed" if is_interviews else "feed"), filters),
        found=found,
        newer=filters.on_page(filters.page - 1).query if found.has_previous() else None,
        older=filters.on_page(filters.page + 1).query if found.has_next() else None,
        narrowing=_once(
            request,
            f"{kind}-narrowing",
            filters,
            lambda: _narrowing(filters, show.zone, of_kind, count),
        ),
    )


def _once(
    request: CacheableRequest, name: str, filters: Filters, compute: Callable[[], Value]
) -> Value:
    """What `compute` returns; of the whole list, which is asked for most, once per content."""
    return compute() if filters.is_narrow else per_content_version(request, name, compute)


def _narrowing(filters: Filters, zone: ZoneInfo, of_kind: EpisodeQuerySet, count: int) -> Narrowing:
    """What is left to choose from among the `count` episodes that match; three queries.

    Another year may be chosen in place of this one, so years come from all but that filter.
    """
    matching = filters.apply(of_kind, zone)
    of_any_year = replace(filters, year=None).apply(of_kind, zone)
    technologies = [
        each
        for each in technologies_in_use(matching, most_used_first=True)
        if each not in filters.stack
    ]
    guests = public_guests(matching, most_heard_first=True)[: GUESTS + len(filters.guests)]
    return Narrowing(
        stack=[_choice(each, each.episode_count) for each in technologies],
        without=[
            _choice(each, count - each.episode_count)
            for each in technologies
            if each.episode_count < count
        ],
        guests=[_choice(each, each.episode_count) for each in guests if each not in filters.guests],
        years=by_year(of_any_year, zone),
    )


def _choice(row: Any, count: int) -> Choice:
    return Choice(row.slug, row.name, count)


def _metadata(show: Show, kind: str, filters: Filters, found: Page, path: str) -> Metadata:
    is_interviews = kind == Episode.Kind.INTERVIEW
    words = [chip.label for chip in filters.chips]
    words += [f"page {filters.page}"] if filters.page > 1 else []
    name = "Written interviews" if is_interviews else "Episodes"
    title = ", ".join([name, *words])
    own = page_of_its_own(filters)
    items = [(each.title, each.get_absolute_url()) for each in found]
    return metadata(
        show,
        title,
        own or path + filters.query,
        description=_description(show, is_interviews, filters),
        # Combinations are endless; the pages of technologies and guests stand for them.
        robots=NOT_LISTED if filters.is_narrow and not own else "",
        structured=[
            collection(title, path + filters.query, items),
            breadcrumbs((show.title, reverse("home")), (name, path)),
        ],
    )


def _description(show: Show, is_interviews: bool, filters: Filters) -> str:
    every = f"Every episode of {show.title}, newest first: who was there, and what they run."
    of_interviews = show.interviews_description or f"{show.title} in writing."
    return page_description(of_interviews if is_interviews else every, filters.page)
