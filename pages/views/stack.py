"""What runs in production: technologies and libraries, with the episodes about them."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get, per_content_version
from episodes.counts import (
    by_category,
    libraries_in_use,
    libraries_with,
    technologies_in_use,
    usage_by_year,
    used_together,
    used_with,
)
from episodes.filters import Filters
from episodes.models import Episode
from episodes.related import main_first
from pages.charts.by_year import UsageHistory, histories, technology_chart, years_chart
from pages.charts.cooccurrence import TechnologyPair, cooccurrence_chart
from pages.indexing import robots_of, with_indexing
from pages.json_ld.site import listing, thing
from pages.metadata import metadata
from pages.page_cards import list_image
from pages.paging import page_description, page_query, page_title, paginate, with_page_number
from pages.redirects import not_found, redirect_or_404
from pages.rendering import render_page
from pages.social_image import card_image
from search.retrieval.entity_moments import latest_entity_moments
from search.retrieval.latest_moments import LatestMoment
from show.models import CallToAction, Show
from stack.models import Technology
from text.affiliates import has_affiliates

# What one page lists; the filtered lists continue from there, page by page.
EPISODES = 100
LIBRARIES = 120
MOMENTS = 5
USED_WITH = 8  # so that a phone shows the moments below without scrolling
# The charts compare the most used technologies.
MOST_OVER_YEARS = 16
MOST_TOGETHER = 12

Pairs = dict[tuple[int, int], TechnologyPair]


@conditional_get
def stack(request: CacheableRequest) -> HttpResponse:
    show = Show.objects.current()
    technologies, most_used, over_years, pairs = per_content_version(
        request, "stack", lambda: _compare(show.zone)
    )
    return render_page(
        request,
        "pages/stack.html",
        metadata(
            show,
            "Technologies in production",
            request.path,
            description=f"What guests of {show.title} run, and the episodes about it.",
            image=list_image(show, "stack"),
            json_ld=listing(show, [("Stack", request.path)], title="Technologies in production"),
        ),
        section="stack",
        groups=by_category(technologies),
        over_years=over_years,
        years_chart=years_chart(over_years, label="years"),
        pairs=sorted(
            pairs.values(), key=lambda pair: (-pair.episodes, pair.first.name, pair.second.name)
        ),
        cooccurrence_chart=cooccurrence_chart(most_used[:MOST_TOGETHER], pairs),
    )


def _compare(zone: ZoneInfo) -> tuple[list[Any], list[Any], list[UsageHistory], Pairs]:
    """Technologies by name and by use, and the data of both charts; three queries."""
    technologies = list(technologies_in_use())
    most_used = sorted(technologies, key=lambda each: -each.episode_count)
    charted = most_used[:MOST_OVER_YEARS]
    over_years = histories(charted, usage_by_year(charted, zone))
    return technologies, most_used, over_years, _pairs(most_used[:MOST_TOGETHER])


def _pairs(technologies: list[Technology]) -> Pairs:
    """The technologies that podcast episodes use together, by their two primary keys."""
    counts = used_together(technologies, Episode.objects.published().podcast())
    pairs = {}
    for key, episodes in counts.items():
        # The more used one first, as in the chart.
        first, second = (each for each in technologies if each.pk in key)
        path = reverse("episodes") + Filters(stack=(first, second)).query
        pairs[key] = TechnologyPair(first, second, episodes, path)
    return pairs


@conditional_get
def technology(request: HttpRequest, slug: str) -> HttpResponse:
    rows = technologies_in_use().filter(slug=slug)
    found = with_indexing(rows).prefetch_related("names").first()
    if found is None:
        return redirect_or_404(request)
    show = Show.objects.current()
    using = Episode.objects.published().filter(uses__technology=found)
    episodes = list(main_first(using, found).for_cards()[:EPISODES])
    others = used_with(found, Episode.objects.published().podcast())[:USED_WITH]
    names = [name.name for name in found.names.all()]
    moments, count = latest_entity_moments(names, using, limit=MOMENTS)
    # If all moments are in the only episode, its card is shown above them.
    only = episodes[0] if len(episodes) == 1 and _all_in(episodes[0], moments) else None
    call = CallToAction.objects.filter(purpose=CallToAction.Purpose.BECOME_GUEST)
    years = usage_by_year([found], show.zone)
    (history,) = histories([found], years)
    return render_page(
        request,
        "pages/technology.html",
        metadata(
            show,
            found.heading,
            request.path,
            description=f"{found.name} in production: who runs it, and what they say about it.",
            image=card_image(show, found, years),
            robots=robots_of(found),
            json_ld=listing(
                show,
                [("Stack", reverse("stack")), (found.name, request.path)],
                episodes,
                title=found.heading,
                label="title",
                about=thing(found.name, request.path, found.homepage),
            ),
        ),
        section="stack",
        technology=found,
        moments=moments,
        moment_count=count,
        only=only,
        main=[episode for episode in episodes if episode.is_main and episode != only],
        others=[episode for episode in episodes if not episode.is_main and episode != only],
        is_cut=found.episode_count > EPISODES,
        history=history,
        year_chart=technology_chart(history, label="by-year"),
        has_affiliates=has_affiliates([found.introduction_html], [found.homepage]),
        used_with=[(each, Filters(stack=(found, each)).query) for each in others],
        libraries=list(libraries_with(found)[:USED_WITH]),
        call=call.first(),
    )


def _all_in(episode: Episode, moments: Sequence[LatestMoment]) -> bool:
    """Whether there are moments, and all are in this episode."""
    return {each.episode.slug for each in moments} == {episode.slug}


@conditional_get
@with_page_number
def libraries(request: HttpRequest, number: int) -> HttpResponse:
    found = paginate(libraries_in_use(), number, LIBRARIES)
    if found is None:
        return not_found(request)
    show = Show.objects.current()
    description = f"Libraries and tools that the guests of {show.title} named."
    return render_page(
        request,
        "pages/libraries.html",
        metadata(
            show,
            page_title("Libraries", number),
            request.path + page_query(number),
            description=page_description(description, number),
            image=list_image(show, "libraries"),
            json_ld=listing(show, [("Libraries", request.path)], found, query=page_query(number)),
        ),
        section="stack",
        found=found,
    )


@conditional_get
def library(request: HttpRequest, slug: str) -> HttpResponse:
    found = with_indexing(libraries_in_use().filter(slug=slug)).first()
    if found is None:
        return redirect_or_404(request)
    show = Show.objects.current()
    naming = Episode.objects.published().filter(library_uses__library=found)
    moments, count = latest_entity_moments([found.name], naming, limit=MOMENTS)
    episodes = list(naming.newest_first().for_cards()[:EPISODES])
    title = f"{found.name} in production"
    return render_page(
        request,
        "pages/library.html",
        metadata(
            show,
            title,
            request.path,
            description=f"Who uses {found.name} in production.",
            robots=robots_of(found),
            json_ld=listing(
                show,
                [("Libraries", reverse("libraries")), (found.name, request.path)],
                episodes,
                title=title,
                label="title",
                about=thing(found.name, request.path, found.url),
            ),
        ),
        section="stack",
        library=found,
        has_affiliates=has_affiliates([], [found.url]),
        moments=moments,
        moment_count=count,
        episodes=episodes,
        technologies=list(technologies_in_use(naming, most_used_first=True)[:USED_WITH]),
    )
