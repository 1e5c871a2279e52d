"""Lists of podcast episodes and written interviews, with filters that combine."""

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
from pages.feed_links import filter_feed
from pages.indexing import NOINDEX, canonical_path
from pages.json_ld.site import listing
from pages.metadata import Metadata, metadata
from pages.page_cards import list_image
from pages.paging import page_description, paginate
from pages.redirects import not_found
from pages.rendering import render_page
from show.models import Show

# The filter offers the guests with the most episodes; the index of guests has all.
GUESTS = 200
# Where to look for suggestions when a filter's value is unknown.
SUGGESTED = {
    "stack": did_you_mean.technologies,
    "not": did_you_mean.technologies,
    "guest": did_you_mean.guests,
}

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class FilterOption:
    """A filter that can be added, and how many episodes it leaves."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """The filters that the form offers. None would leave the list empty."""

    stack: list[FilterOption]
    without: list[FilterOption]
    guests: list[FilterOption]
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
        names = SUGGESTED.get(error.parameter)
        suggestions = did_you_mean.closest_names(error.value, names()) if names else ()
        return not_found(request, suggestions)
    if not filters.is_canonical(request.GET):
        return HttpResponsePermanentRedirect(request.path + filters.query)
    show, is_interviews = Show.objects.current(), kind == Episode.Kind.INTERVIEW
    of_kind = Episode.objects.published().filter(kind=kind)
    matching = filters.apply(of_kind, show.zone)
    count = _cached_unfiltered(request, f"{kind}-count", filters, matching.count)
    found = paginate(matching.newest_first().for_cards(), filters.page, count=count)
    if found is None:
        return not_found(request)
    return render_page(
        request,
        "pages/episodes.html",
        _metadata(show, kind, filters, found, request.path),
        section="episodes",
        is_interviews=is_interviews,
        filters=filters,
        feed=filter_feed(reverse("interviews_feed" if is_interviews else "feed"), filters),
        found=found,
        newer=filters.on_page(filters.page - 1).query if found.has_previous() else None,
        older=filters.on_page(filters.page + 1).query if found.has_next() else None,
        options=_cached_unfiltered(
            request,
            f"{kind}-options",
            filters,
            lambda: _options(filters, show.zone, of_kind, count),
        ),
    )


def _cached_unfiltered(
    request: CacheableRequest, name: str, filters: Filters, compute: Callable[[], Value]
) -> Value:
    """What `compute` returns; for the unfiltered list, once per content version."""
    return compute() if filters.is_narrow else per_content_version(request, name, compute)


def _options(
    filters: Filters, zone: ZoneInfo, of_kind: EpisodeQuerySet, count: int
) -> FilterOptions:
    """The filters left among the `count` episodes that match; three queries.

    Another year may replace the chosen one, so years ignore that filter.
    """
    matching = filters.apply(of_kind, zone)
    of_any_year = replace(filters, year=None).apply(of_kind, zone)
    technologies = [
        each
        for each in technologies_in_use(matching, most_used_first=True)
        if each not in filters.stack
    ]
    guests = public_guests(matching, most_frequent_first=True)[: GUESTS + len(filters.guests)]
    return FilterOptions(
        stack=[_option(each, each.episode_count) for each in technologies],
        without=[
            _option(each, count - each.episode_count)
            for each in technologies
            if each.episode_count < count
        ],
        guests=[_option(each, each.episode_count) for each in guests if each not in filters.guests],
        years=by_year(of_any_year, zone),
    )


def _option(row: Any, count: int) -> FilterOption:
    return FilterOption(row.slug, row.name, count)


def _metadata(show: Show, kind: str, filters: Filters, found: Page, path: str) -> Metadata:
    is_interviews = kind == Episode.Kind.INTERVIEW
    words = [chip.label for chip in filters.chips]
    words += [f"page {filters.page}"] if filters.page > 1 else []
    name = "Written interviews" if is_interviews else "Episodes"
    title = ", ".join([name, *words])
    canonical = canonical_path(filters)
    return metadata(
        show,
        title,
        canonical or path + filters.query,
        description=_description(show, is_interviews, filters),
        image=list_image(show, "interviews" if is_interviews else "episodes"),
        # Combinations are endless; the pages of technologies and guests represent them.
        robots=NOINDEX if filters.is_narrow and not canonical else "",
        json_ld=listing(
            show, [(name, path)], found, title=title, query=filters.query, label="title"
        ),
    )


def _description(show: Show, is_interviews: bool, filters: Filters) -> str:
    every = f"Every episode of {show.title}, newest first: who was there, and what they run."
    of_interviews = show.interviews_description or f"{show.title} in writing."
    return page_description(of_interviews if is_interviews else every, filters.page)
