"""Counts over published episodes: technologies, libraries, guests, years. One query each.

Rows are typed Any where they carry annotations.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import ExtractYear, Lower

from episodes.models import Appearance, Episode, EpisodeQuerySet, Use
from guests.models import Guest
from stack.models import Library, Technology


@dataclass(frozen=True, slots=True)
class YearCount:
    """The episodes of a year in the show's time zone."""

    year: int
    episodes: int


@dataclass(frozen=True, slots=True)
class UsageYear:
    """A year's published episodes and interviews, and how many of them use each technology.

    `used` is by the technology's primary key.
    """

    number: int
    episodes: int = 0
    used: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Totals:
    """The catalogue in two numbers, for the home page."""

    episodes: int
    moments: int


def totals() -> Totals:
    """Published podcast episodes and their topics."""
    counts = (
        Episode.objects.published()
        .podcast()
        .aggregate(episodes=Count("pk", distinct=True), moments=Count("topics"))
    )
    return Totals(**counts)


def technologies_in_use(
    episodes: EpisodeQuerySet | None = None, *, most_used_first: bool = False
) -> QuerySet[Any]:
    """Technologies of the episodes given, of all published ones unless told, by name.

    Each carries `episode_count`, `first_heard` and `last_heard`.
    """
    order = ["-episode_count"] if most_used_first else []
    return (
        Technology.objects.filter(uses__episode__in=_published(episodes))
        .annotate(
            episode_count=Count("uses"),
            first_heard=Min("uses__episode__published_at"),
            last_heard=Max("uses__episode__published_at"),
        )
        .order_by(*order, Lower("name"), "pk")
    )


def libraries_in_use() -> QuerySet[Any]:
    """Libraries published episodes name, by name, each with `episode_count`, `last_heard`."""
    return (
        Library.objects.filter(uses__episode__in=Episode.objects.published())
        .annotate(episode_count=Count("uses"), last_heard=Max("uses__episode__published_at"))
        .order_by(Lower("name"), "pk")
    )


def public_guests(
    episodes: EpisodeQuerySet | None = None, *, most_heard_first: bool = False
) -> QuerySet[Any]:
    """Guests of the episodes given, of all published ones unless told, by name.

    Each carries `episode_count` and `last_heard`.
    """
    order = ["-episode_count"] if most_heard_first else []
    return (
        Guest.objects.filter(appearances__episode__in=_published(episodes))
        .annotate(
            episode_count=Count("appearances"),
            last_heard=Max("appearances__episode__published_at"),
        )
        .order_by(*order, Lower("name"), "pk")
    )


def public_appearances() -> QuerySet[Appearance]:
    """Appearances in published episodes: by guest's name, newest episode first."""
    return (
        Appearance.objects.filter(episode__in=Episode.objects.published())
        .select_related("guest", "episode")
        .order_by(Lower("guest__name"), "guest_id", "-episode__published_at", "-episode__number")
    )


def by_year(episodes: EpisodeQuerySet, zone: ZoneInfo) -> list[YearCount]:
    """The years of these episodes in that zone, newest first; years without one are left out."""
    rows = (
        episodes.order_by()
        .annotate(year=ExtractYear("published_at", tzinfo=zone))
        .values("year")
        .annotate(episodes=Count("pk"))
        .order_by("-year")
    )
    return [YearCount(row["year"], row["episodes"]) for row in rows]


def usage_by_year(technologies: Iterable[Technology], zone: ZoneInfo) -> list[UsageYear]:
    """Every year of the show's zone from the first episode to the newest, also empty ones.

    Two queries.
    """
    published = Episode.objects.published()
    episodes = {row.year: row.episodes for row in by_year(published, zone)}
    if not episodes:
        return []
    uses = (
        Use.objects.filter(technology__in=technologies, episode__in=published)
        .order_by()
        .annotate(year=ExtractYear("episode__published_at", tzinfo=zone))
        .values_list("year", "technology")
        .annotate(Count("pk"))
    )
    used: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for year, technology, count in uses:
        used[year][technology] = count
    return [
        UsageYear(year, episodes.get(year, 0), used[year])
        for year in range(min(episodes), max(episodes) + 1)
    ]


def by_category(technologies: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """The technologies under the labels of their categories, without empty ones."""
    groups = [
        (category.label, [each for each in technologies if each.category == category])
        for category in Technology.Category
    ]
    return [(label, rows) for label, rows in groups if rows]


def _published(episodes: EpisodeQuerySet | None) -> EpisodeQuerySet:
    return Episode.objects.published() if episodes is None else episodes
