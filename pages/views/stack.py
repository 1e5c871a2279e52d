"""What runs in production: technologies and libraries, and the episodes that tell of them."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get, per_content_version
from episodes.cooccurrence import libraries_with, used_together, used_with
from episodes.counts import (
    libraries_in_use,
    technologies_in_use,
    usage_by_year,
)
from episodes.filters import Filters
from episodes.models import Episode
from episodes.related import main_first
from pages.charts.by_year import History, histories, year_row, years_picture
from pages.charts.cooccurrence import Pair, staircase
from pages.indexing import robots, with_worth
from pages.metadata import metadata
from pages.paging import numbered, page_description, page_query, page_title
from pages.redirects import elsewhere, missing
from pages.rendering import page, paginate
from pages.social_image import card_picture
from pages.structured import breadcrumbs, collection, thing
from search.retrieval.latest_moments import Heard
from search.retrieval.mentions import moments_naming
from show.models import CallToAction, Show
from stack.models import Technology
from text.affiliates import has_affiliates

# What one page lists; the filtered lists go on from there, page by page.
EPISODES = 100
LIBRARIES = 120
MOMENTS = 5
BESIDE = 8  # so that a phone shows what is said below them without scrolling
# What the pictures compare: the most used technologies.
OVER_YEARS = 16
TOGETHER = 12


@conditional_get
def stack(request: CacheableRequest) -> HttpResponse:
    show = Show.objects.current()
    technologies, most_used, over_years, pairs = per_content_version(
        request, "stack", lambda: _compared(show.zone)
    )
    return page(
        request,
        "pages/stack.html",
        show=show,
        metadata=metadata(
            show,
            "Technologies in production",
            request.path,
            description=f"What the guests of {show.title} run, with the episodes that tell of it.",
            structured=[
                collection("Technologies in production", request.path),
                breadcrumbs((show.title, reverse("home")), ("Stack", request.path)),
            ],
        ),
        section="stack",
        groups=by_category(technologies),
        over_years=over_years,
        years_picture=years_picture(over_years, label="years"),
        pairs=sorted(
            pairs.values(), key=lambda pair: (-pair.together, pair.first.name, pair.second.name)
        ),
        together_picture=staircase(most_used[:TOGETHER], pairs),
    )


def _compared(
    zone: ZoneInfo,
) -> tuple[list[Any], list[Any], list[History], dict[tuple[int, int], Pair]]:
    """All technologies by name, and most used first; what the pictures show. Three queries."""
    technologies = list(technologies_in_use())
    most_used = sorted(technologies, key=lambda each: -each.episode_count)
    over_years = histories(most_used[:OVER_YEARS], usage_by_year(most_used[:OVER_YEARS], zone))
    return technologies, most_used, over_years, _pairs(most_used[:TOGETHER])


def by_category(technologies: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """The technologies under the labels of their categories, none of which is empty."""
    groups = [
        (category.label, [each for each in technologies if each.category == category])
        for category in Technology.Category
    ]
    return [(label, rows) for label, rows in groups if rows]


def _pairs(technologies: list[Technology]) -> dict[tuple[int, int], Pair]:
    """Those of the technologies that podcast episodes use together, by their primary keys."""
    counts = used_together(technologies, Episode.objects.published().podcast())
    pairs = {}
    for key, together in counts.items():
        # The more used one first, as in the picture.
        first, second = (each for each in technologies if each.pk in key)
        path = reverse("episodes") + Filters(stack=(first, second)).query
        pairs[key] = Pair(first, second, together, path)
    return pairs


@conditional_get
def technology(request: HttpRequest, slug: str) -> HttpResponse:
    found = with_worth(technologies_in_use().filter(slug=slug)).prefetch_related("names").first()
    if found is None:
        return elsewhere(request)
    show = Show.objects.current()
    using = Episode.objects.published().filter(uses__technology=found)
    episodes = list(main_first(using, found).for_cards()[:EPISODES])
    beside = used_with(found, Episode.objects.published().podcast())
    names = [name.name for name in found.names.all()]
    moments, count = moments_naming(names, using, limit=MOMENTS)
    # One episode, and all that is said is said there: its card heads its moments.
    only = episodes[0] if len(episodes) == 1 and _all_in(episodes[0], moments) else None
    call = CallToAction.objects.filter(purpose=CallToAction.Purpose.BECOME_GUEST)
    (history,) = histories([found], usage_by_year([found], show.zone))
    return page(
        request,
        "pages/technology.html",
        show=show,
        metadata=metadata(
            show,
            found.heading,
            request.path,
            description=f"{found.name} in production: who runs it, and what they say about it.",
            picture=card_picture(show, found),
            robots=robots(found),
            structured=[
                collection(
                    found.heading,
                    request.path,
                    [(each.title, each.get_absolute_url()) for each in episodes],
                    about=thing(found.name, request.path, found.homepage),
                ),
                breadcrumbs(
                    (show.title, reverse("home")),
                    ("Stack", reverse("stack")),
                    (found.name, request.path),
                ),
            ],
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
        year_picture=year_row(history, label="by-year"),
        has_affiliates=has_affiliates([found.introduction_html], [found.homepage]),
        beside=[(each, Filters(stack=(found, each)).query) for each in beside[:BESIDE]],
        libraries=list(libraries_with(found)[:BESIDE]),
        call=call.first(),
    )


def _all_in(episode: Episode, moments: Sequence[Heard]) -> bool:
    """Whether there are moments, and none is in another episode."""
    return {each.episode.slug for each in moments} == {episode.slug}


@conditional_get
@numbered
def libraries(request: HttpRequest, number: int) -> HttpResponse:
    found = paginate(libraries_in_use(), number, LIBRARIES)
    if found is None:
        return missing(request)
    show = Show.objects.current()
    return page(
        request,
        "pages/libraries.html",
        show=show,
        metadata=metadata(
            show,
            page_title("Libraries", number),
            request.path + page_query(number),
            description=page_description(
                f"Libraries and tools that the guests of {show.title} named.", number
            ),
            structured=[
                collection(
                    "Libraries",
                    request.path + page_query(number),
                    [(each.name, each.get_absolute_url()) for each in found],
                ),
                breadcrumbs((show.title, reverse("home")), ("Libraries", request.path)),
            ],
        ),
        section="stack",
        found=found,
    )


@conditional_get
def library(request: HttpRequest, slug: str) -> HttpResponse:
    found = with_worth(libraries_in_use().filter(slug=slug)).first()
    if found is None:
        return elsewhere(request)
    show = Show.objects.current()
    naming = Episode.objects.published().filter(library_uses__library=found)
    moments, count = moments_naming([found.name], naming, limit=MOMENTS)
    episodes = list(naming.newest_first().for_cards()[:EPISODES])
    return page(
        request,
        "pages/library.html",
        show=show,
        metadata=metadata(
            show,
            f"{found.name} in production",
            request.path,
            description=f"Who uses {found.name} in production.",
            robots=robots(found),
            structured=[
                collection(
                    f"{found.name} in production",
                    request.path,
                    [(each.title, each.get_absolute_url()) for each in episodes],
                    about=thing(found.name, request.path, found.url),
                ),
                breadcrumbs(
                    (show.title, reverse("home")),
                    ("Libraries", reverse("libraries")),
                    (found.name, request.path),
                ),
            ],
        ),
        section="stack",
        library=found,
        has_affiliates=has_affiliates([], [found.url]),
        moments=moments,
        moment_count=count,
        episodes=episodes,
        technologies=list(technologies_in_use(naming, most_used_first=True)[:BESIDE]),
    )
