"""Episodes laid over each other by their age: the downloads of each in its first days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from itertools import accumulate
from statistics import median

from django.db.models import Q, QuerySet
from django.urls import reverse

from desk.listeners.charts import MAX_LINES, ChartLine, lines_chart
from desk.listeners.tables import FigureColumn, FigureRow, FigureTable, Value
from episodes.models import Episode
from ops.models import DailyDownloads

AGES = (7, 30, 90)  # days
SHOWN = (1, 2, 3, 7, 14, 30, 60, 90)
DEFAULT_EPISODES = 5
MAX_EPISODES = MAX_LINES - 1  # and what is usual
NEWEST = 20
FEWEST_TYPICAL = 3
TYPICAL = "Typical"


@dataclass(frozen=True, slots=True)
class EpisodeCurve:
    """An episode's downloads from its first day on, added up; none for days still to come."""

    episode: Episode
    published_on: date
    sums: Sequence[int]

    def after(self, days: int) -> int | None:
        return self.sums[days - 1] if 0 < days <= len(self.sums) else None


def first_day(episode: Episode, zone: tzinfo) -> date | None:
    """When it was first published; None for one that never was."""
    moment = episode.first_published_at or episode.published_at
    return moment.astimezone(zone).date() if moment else None


def curves(
    episodes: Iterable[Episode], days: int, today: date, since: date, zone: tzinfo
) -> list[EpisodeCurve]:
    """The episodes whose first day was counted, in this order. One query."""
    starts = {
        episode: first
        for episode in episodes
        if (first := first_day(episode, zone)) and since <= first <= today
    }
    wanted = Q(pk__in=[])
    for episode, first in starts.items():
        last = first + timedelta(days=days - 1)
        wanted |= Q(episode=episode.pk, day__gte=first, day__lte=last)
    counts = {
        (episode, day): count
        for episode, day, count in DailyDownloads.objects.filter(wanted).values_list(
            "episode", "day", "count"
        )
    }
    return [
        EpisodeCurve(
            episode, first, _sums(counts, episode.pk, first, min(days, (today - first).days + 1))
        )
        for episode, first in starts.items()
    ]


def _sums(counts: dict[tuple[int, date], int], episode: int, first: date, length: int) -> list[int]:
    days = (first + timedelta(days=number) for number in range(length))
    return list(accumulate(counts.get((episode, day), 0) for day in days))


def comparable(since: date) -> QuerySet[Episode]:
    """The newest first; one that was out before anything was counted has no first days."""
    published = Episode.objects.published().podcast().newest_first()
    return published.filter(published_at__date__gte=since)


def typical(found: Sequence[EpisodeCurve], days: int) -> list[int]:
    """The median after each day, of the episodes that are old enough for all of these days.

    Fewer days, if too few episodes are; none, if there are too few at all.
    """
    lengths = sorted((len(each.sums) for each in found), reverse=True)
    if len(lengths) < FEWEST_TYPICAL:
        return []
    length = min(days, lengths[FEWEST_TYPICAL - 1])
    old_enough = [each.sums for each in found if len(each.sums) >= length]
    return [round(median(sums[day] for sums in old_enough)) for day in range(length)]


def comparison(found: Sequence[EpisodeCurve], usual: Sequence[int], days: int) -> FigureTable:
    """A line for each episode and one for what is usual, and what each had after so many days."""
    ages = [age for age in SHOWN if age <= days]
    lines = [ChartLine(str(each.episode), each.sums) for each in found[:MAX_EPISODES]]
    rows = []
    for number, each in enumerate(found[:MAX_EPISODES], start=1):
        values: tuple[Value, ...] = (
            str(each.episode), each.published_on, *(each.after(age) for age in ages)
        )  # fmt: skip
        path = reverse("desk_listeners_episode", args=[each.episode.pk])
        rows.append(FigureRow(values, path, number))
    if usual and rows:
        lines.append(ChartLine(TYPICAL, usual))
        reached = [usual[age - 1] if age <= len(usual) else None for age in ages]
        rows.append(FigureRow((TYPICAL, None, *reached), line=len(lines)))
    return FigureTable(
        "ages",
        f"The first {days} days",
        (
            FigureColumn("episode", "Episode"),
            FigureColumn("published", "Published"),
            *(
                FigureColumn(f"day_{age}", f"Day {age}" if age == 1 else f"{age} days")
                for age in ages
            ),
        ),
        rows,
        lines_chart(f"Downloads in the first {days} days, added up", lines, "Day"),
        about="Downloads since publication, added up. A line ends where the episode is today. "
        f"“{TYPICAL}” is the median of your {NEWEST} newest, of those that are old enough: half "
        "of them had more, half fewer.",
        empty="None of these episodes was published since counting began.",
    )
