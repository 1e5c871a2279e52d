"""The index of technologies: charts, then the technologies by use, of one category if asked."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get, per_content_version
from episodes.counts import technologies_in_use, usage_by_year, used_together
from episodes.filters import Filters
from episodes.models import Episode
from pages.charts.by_year import UsageHistory, histories, years_chart
from pages.charts.cooccurrence import TechnologyPair, cooccurrence_chart
from pages.indexing import NOINDEX
from pages.json_ld.site import listing
from pages.metadata import metadata
from pages.page_cards import list_image
from pages.redirects import not_found
from pages.rendering import render_page
from show.models import Show
from stack.models import Technology
from text.names import normalise_name

TITLE = "Technologies in production"
# The charts compare the most used technologies.
MOST_OVER_YEARS = 16
MOST_TOGETHER = 8  # so that a phone shows their names whole
MOST_DRAWN = 8  # rows of the chart by year; its table has them all
FIRST = 36  # technologies that are shown before “all”
LONGEST_QUERY = 100  # characters

Pairs = dict[tuple[int, int], TechnologyPair]


@conditional_get
def stack(request: CacheableRequest) -> HttpResponse:
    """`?category=` shows one category; `?q=` those with these letters, as filter_list.js does."""
    category = request.GET.get("category", "")
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    request.is_storable = not query
    show = Show.objects.current()
    most_used, over_years, pairs = per_content_version(
        request, "stack", lambda: _compare(show.zone)
    )
    categories = _categories(most_used)
    if category and category not in (value for value, _, _ in categories):
        return not_found(request)
    shown = _narrowed(most_used, category, query)
    title = f"{Technology.Category(category).label} in production" if category else TITLE
    parameters = f"?category={category}" if category else ""
    is_whole = not (category or query)
    return render_page(
        request,
        "pages/stack.html",
        metadata(
            show,
            title,
            request.path + parameters,
            description=f"What guests of {show.title} run, and the episodes about it.",
            image=list_image(show, "stack"),
            robots="" if is_whole else NOINDEX,  # the whole index represents them
            json_ld=listing(show, [("Stack", request.path)], title=title, query=parameters),
        ),
        section="stack",
        title=title,
        category=category,
        categories=categories,
        query=query,
        count=len(most_used),
        technologies=shown,
        first=shown if query else shown[:FIRST],
        others=[] if query else shown[FIRST:],
        over_years=over_years,
        years_chart=years_chart(over_years[:MOST_DRAWN]) if is_whole else "",
        pairs=sorted(
            pairs.values(), key=lambda pair: (-pair.episodes, pair.first.name, pair.second.name)
        ),
        cooccurrence_chart=(
            cooccurrence_chart(most_used[:MOST_TOGETHER], pairs) if is_whole else ""
        ),
    )


def _narrowed(technologies: list[Any], category: str, query: str) -> list[Any]:
    """Those of the category whose name holds the query, in any spelling."""
    letters = normalise_name(query)
    return [
        each
        for each in technologies
        if category in ("", each.category) and letters in normalise_name(each.name)
    ]


def _categories(technologies: list[Any]) -> list[tuple[str, str, int]]:
    """Value, label and number of technologies of each category that has any."""
    values = [each.category for each in technologies]
    return [
        (str(category), category.label, values.count(category))
        for category in Technology.Category
        if category in values
    ]


def _compare(zone: ZoneInfo) -> tuple[list[Any], list[UsageHistory], Pairs]:
    """Technologies by use, and the data of both charts; three queries."""
    most_used = list(technologies_in_use(most_used_first=True))
    charted = most_used[:MOST_OVER_YEARS]
    over_years = histories(charted, usage_by_year(charted, zone))
    return most_used, over_years, _pairs(most_used[:MOST_TOGETHER])


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
