"""Downloads of each episode, and all about one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from desk.listeners.tables import FigureColumn, FigureRow, FigureTable
from episodes.models import Episode
from ops.models import DailyDownloads

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
    """Of episodes in the bin, too: they were heard. One query."""
    return {
        episode.pk: EpisodeTitle(f"{episode} (in the bin)")
        if episode.deleted_at
        else EpisodeTitle(str(episode), reverse("desk_listeners_episode", args=[episode.pk]))
        for episode in Episode.with_deleted.filter(pk__in=list(keys))
    }


def all_episodes(today: date, order: str) -> FigureTable:
    """Every podcast episode that visitors see or saw, and the whole. Two queries."""
    counts = {row["episode"]: row for row in _counts(today)}
    rows = [
        (episode, [counts.get(episode.pk, {}).get(name, 0) for name in ("week", "month", "ever")])
        for episode in Episode.objects.published().podcast().newest_first()
    ]
    if order in ("7", "30", "all"):
        place = ("7", "30", "all").index(order)
        rows.sort(key=lambda row: -row[1][place])
    shown = {episode.pk for episode, _ in rows}
    others = [row for key, row in counts.items() if key not in shown]
    figures = [
        FigureRow((str(episode), *numbers), reverse("desk_listeners_episode", args=[episode.pk]))
        for episode, numbers in rows
    ]
    if others:
        figures.append(
            FigureRow(
                ("Withdrawn, taken back or in the bin",
                 *(sum(row[name] for row in others) for name in ("week", "month", "ever")))
            )
        )  # fmt: skip
    figures.append(
        FigureRow(
            ("All episodes",
             *(sum(row[name] for row in counts.values()) for name in ("week", "month", "ever")))
        )
    )  # fmt: skip
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


def _counts(today: date) -> QuerySet[Any, dict[str, int]]:
    """By episode. The days of a week include today, and none that a wrong clock dated later."""

    def downloads_since(days: int) -> Coalesce:
        since = Q(day__gt=today - timedelta(days=days), day__lte=today)
        return Coalesce(Sum("count", filter=since), 0)

    rows = DailyDownloads.objects.values("episode")
    return rows.annotate(week=downloads_since(7), month=downloads_since(30), ever=Sum("count"))
