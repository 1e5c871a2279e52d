"""Counts over episodes, one query each. Rows are typed Any where they carry annotations."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Min, QuerySet
from django.db.models.functions import ExtractYear, Lower

from episodes.models import Appearance, Episode, EpisodeQuerySet, Use
from guests.models import Guest
from stack.models import Library, Technology

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class YearCount:
    """The episodes of a year in the show's time zone."""

    year: int
    episodes: int


@dataclass(frozen=True, slots=True)
class UsageYear:
    """A year's published episodes and interviews, and how many of them use each technology."""

    number: int
    episodes: int
    used: Counter[int]  # by the technology's primary key


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
    """Technologies of the episodes given, by default of all published ones."""
    rows = Technology.objects.filter(uses__episode__in=_published(episodes))
    return _counted(rows, "uses", most_used_first)


def libraries_in_use() -> QuerySet[Any]:
    """Libraries that published episodes name."""
    return _counted(Library.objects.filter(uses__episode__in=Episode.objects.published()), "uses")


def public_guests(
    episodes: EpisodeQuerySet | None = None, *, most_frequent_first: bool = False
) -> QuerySet[Any]:
    """Guests of the episodes given, by default of all published ones."""
    rows = Guest.objects.filter(appearances__episode__in=_published(episodes))
    return _counted(rows, "appearances", most_frequent_first)


def _counted(rows: QuerySet[Any], join: str, most_first: bool = False) -> QuerySet[Any]:
    """The rows by name, each with `episode_count`, `first_episode_at` and `last_episode_at`."""
    date = f"{join}__episode__published_at"
    counted = rows.annotate(
        episode_count=Count(join), first_episode_at=Min(date), last_episode_at=Max(date)
    )
    return counted.order_by(*["-episode_count"] * most_first, Lower("name"), "pk")


def technologies_of_guests() -> QuerySet[Any]:
    """Technologies of published episodes that have guests; `guest_count` says of how many guests.
    Most first."""
    rows = Technology.objects.filter(uses__episode__in=Episode.objects.published())
    return (
        rows.annotate(guest_count=Count("uses__episode__appearances__guest", distinct=True))
        .filter(guest_count__gt=0)
        .order_by("-guest_count", Lower("name"), "pk")
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
    dated = episodes.order_by().annotate(year=ExtractYear("published_at", tzinfo=zone))
    rows = dated.values_list("year").annotate(Count("pk")).order_by("-year")
    return [YearCount(*row) for row in rows]


def usage_by_year(technologies: Iterable[Technology], zone: ZoneInfo) -> list[UsageYear]:
    """Every year in the zone from the first episode to the newest, also empty ones. Two queries."""
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


def used_together(technologies: Iterable[Technology], episodes: EpisodeQuerySet) -> dict[Pair, int]:
    """How many of the episodes use both technologies of each pair: the smaller key first."""
    keys = [technology.pk for technology in technologies]
    rows = (
        Use.objects.filter(technology__in=keys, episode__in=episodes)
        .filter(episode__uses__technology__in=keys, episode__uses__technology__gt=F("technology"))
        .order_by()
        .values_list("technology", "episode__uses__technology")
        .annotate(together=Count("pk"))
    )
    return {(first, second): together for first, second, together in rows}


def used_with(technology: Technology, episodes: EpisodeQuerySet) -> QuerySet[Any]:
    """Technologies of the episodes that use this one; `together` says in how many. Most first."""
    others = Technology.objects.exclude(pk=technology.pk)
    return _together(others.filter(uses__episode__in=episodes.filter(uses__technology=technology)))


def libraries_with(technology: Technology) -> QuerySet[Any]:
    """Libraries of the published episodes with this technology, most often first."""
    episodes = Episode.objects.published().filter(uses__technology=technology)
    return _together(Library.objects.filter(uses__episode__in=episodes))


def _together(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.annotate(together=Count("uses")).order_by("-together", Lower("name"))


def _published(episodes: EpisodeQuerySet | None) -> EpisodeQuerySet:
    return Episode.objects.published() if episodes is None else episodes
