"""Moments that people opened, and words that they searched for."""

from collections import Counter
from urllib.parse import urlencode

from django.db.models import Sum
from django.urls import reverse

from desk.listeners.charts import bars_chart
from desk.listeners.period import Period
from desk.listeners.tables import FigureColumn, FigureRow, FigureTable
from episodes.models import Episode
from ops.models import DailyMoment
from pages.models import DailySearch
from text.timecode import format_span
from topics.models import Topic

MAX_ROWS = 50
MAX_BARS = 10
FEWEST_SEARCHES = 2  # what was searched once may be somebody's own


def moments(period: Period) -> FigureTable:
    """The most opened moments of the period. Three queries."""
    rows = (
        DailyMoment.objects.between(period.first, period.last)
        .filter(episode__deleted_at=None)
        .values_list("episode", "seconds", "end")
        .annotate(total=Sum("count"))
        .order_by("-total", "episode", "seconds", "end")[:MAX_ROWS]
    )
    found = list(rows)
    names = Episode.objects.in_bulk({episode for episode, *_ in found})
    topics = _topics({(episode, seconds) for episode, seconds, *_ in found})
    return FigureTable(
        "moments",
        f"Moments: {period.label}",
        (
            FigureColumn("moment", "Moment"),
            FigureColumn("time", "Time"),
            FigureColumn("episode", "Episode"),
            FigureColumn("visits", "Visits"),
        ),
        [
            FigureRow(
                (
                    topics.get((key, seconds), "Without a topic"),
                    format_span(seconds, end or None),
                    str(names[key]),
                    total,
                ),
                f"{names[key].get_absolute_url()}?t={seconds}{f',{end}' if end else ''}",
            )
            for key, seconds, end, total in found
        ],
        bars_chart(
            "Visits by moment",
            [
                (topics.get((key, seconds), format_span(seconds, end or None)), total, f"{total:,}")
                for key, seconds, end, total in found[:MAX_BARS]
            ],
        ),
        about="How often the page of a moment or clip was opened: from a search, a list, or a link "
        "that somebody shared. A click on a time in a page that is open already isn’t counted.",
        empty="Nobody opened a moment in this time. Each topic’s time is a link to share.",
    )


def _topics(places: set[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The topics that begin at these seconds of these episodes. One query."""
    if not places:
        return {}
    rows = Topic.objects.filter(
        episode__in={episode for episode, _ in places}, seconds__in={each for _, each in places}
    )
    found: dict[tuple[int, int], str] = {}
    for topic in rows.order_by("-position", "-pk"):
        found[topic.episode_id, topic.seconds] = topic.plain
    return found


def searches(period: Period, *, links_to_rest: bool) -> FigureTable:
    """What was searched more than once in the period. One query."""
    in_vain = reverse("admin:search_zeroresultquery_changelist")
    counts = Counter[str]()
    rows = DailySearch.objects.filter(day__gte=period.first, day__lte=period.last)
    for query, total in rows.values_list("query").annotate(total=Sum("count")).order_by("query"):
        counts[query] = total
    frequent = [each for each in counts.most_common() if each[1] >= FEWEST_SEARCHES]
    shown = frequent[:MAX_ROWS]
    figures = [
        FigureRow((query, total), f"{reverse('search')}?{urlencode({'q': query})}")
        for query, total in shown
    ]
    if rest := counts.total() - sum(total for _, total in shown):
        figures.append(FigureRow(("All others", rest)))
    return FigureTable(
        "searches",
        f"Searches: {period.label}",
        (FigureColumn("query", "Search"), FigureColumn("searches", "Times")),
        figures,
        bars_chart(
            "Searches",
            [(query, total, f"{total:,}") for query, total in shown[:MAX_BARS]],
        ),
        about="Searches that found what they asked for, in words that your show says. "
        "What was searched only once isn’t named.",
        empty="Nobody searched in this time, or searches are not counted yet.",
        further=(("Searches without results", in_vain),) if links_to_rest else (),
    )
