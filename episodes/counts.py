"""What published episodes use and who is in them, counted. Each function is one query.

Rows are typed Any where they carry counts that their model doesn't know of.
"""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import ExtractYear, Lower

from episodes.models import Appearance, Episode, EpisodeQuerySet
from guests.models import Guest
from stack.models import Library, Technology


@dataclass(frozen=True, slots=True)
class YearCount:
    """A year in the show's time zone, and how many episodes are of it."""

    year: int
    episodes: int


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
    """Who was in which published episode: guests by name, their newest episode first."""
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


def used_with(technology: Technology, episodes: EpisodeQuerySet) -> QuerySet[Any]:
    """What runs beside this technology in the episodes given, most often first.

    Each carries `together`, the number of those episodes that use both.
    """
    return (
        Technology.objects.filter(uses__episode__in=episodes.filter(uses__technology=technology))
        .exclude(pk=technology.pk)
        .annotate(together=Count("uses"))
        .order_by("-together", Lower("name"))
    )


def libraries_beside(technology: Technology) -> QuerySet[Any]:
    """Libraries of the published episodes with this technology, most often first."""
    episodes = Episode.objects.published().filter(uses__technology=technology)
    return (
        Library.objects.filter(uses__episode__in=episodes)
        .annotate(together=Count("uses"))
        .order_by("-together", Lower("name"))
    )


def _published(episodes: EpisodeQuerySet | None) -> EpisodeQuerySet:
    return Episode.objects.published() if episodes is None else episodes
