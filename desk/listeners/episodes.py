"""Downloads of each episode, and all about one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from desk.listeners.tables import FigureColumn, FigureRow, FigureTable
from episodes.models import Episode
from ops.models import DailyDownloads, MonthlyDownloads

ORDERS = {
    "newest": "Newest",
    "all": "Ever",
    "30": "30 days",
    "7": "7 days",
}


@dataclass(frozen=True, slots=True)
class EpisodeTitle:
    """What a table says of an episode, and where it leads."""

    title: str
    path: str = ""


def titles(keys: Iterable[int]) -> dict[int, EpisodeTitle]:
    """Of episodes in the bin, too: their downloads count. One query."""
    return {
        episode.pk: EpisodeTitle(f"{episode} (in the bin)")
        if episode.deleted_at
        else EpisodeTitle(str(episode), reverse("desk_listeners_episode", args=[episode.pk]))
        for episode in Episode.with_deleted.filter(pk__in=list(keys))
    }


def all_episodes(today: date, order: str) -> FigureTable:
    """Every podcast episode that visitors see, the others together, and all. Four queries."""
    # The days of a week include today, and none that a wrong clock dated later.
    counts = [
        *(
            DailyDownloads.objects.between(today - timedelta(days=days - 1), today).by_episode()
            for days in (7, 30)
        ),
        MonthlyDownloads.objects.by_episode(),
    ]
    rows = [
        (episode, [each.get(episode.pk, 0) for each in counts])
        for episode in Episode.objects.published().podcast().newest_first()
    ]
    if order in ("7", "30", "all"):
        place = ("7", "30", "all").index(order)
        rows.sort(key=lambda row: -row[1][place])
    figures = [
        FigureRow((str(episode), *numbers), reverse("desk_listeners_episode", args=[episode.pk]))
        for episode, numbers in rows
    ]
    totals = [sum(each.values()) for each in counts]
    shown = [sum(numbers[place] for _, numbers in rows) for place in range(len(counts))]
    if totals != shown:
        others = (whole - part for whole, part in zip(totals, shown, strict=True))
        figures.append(FigureRow(("Withdrawn, taken back or in the bin", *others)))
    figures.append(FigureRow(("All episodes", *totals)))
    return FigureTable(
        "episodes",
        "All episodes",
        (
            FigureColumn("episode", "Episode"),
            FigureColumn("7_days", "7 days"),
            FigureColumn("30_days", "30 days"),
            FigureColumn("ever", "Ever"),
        ),
        figures,
    )
