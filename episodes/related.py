"""Which episodes and guests stand near one another. Each function is one query.

Rows are typed Any where they carry what they share, which their model doesn't know of.
"""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from episodes.models import NEWEST_FIRST, Appearance, Episode, EpisodeQuerySet, Use
from guests.models import Guest
from stack.models import Technology


def similar_episodes(episode: Episode, limit: int = 3) -> list[Any]:
    """Published episodes of its kind that share most technologies with this one.

    Each carries `shared`, the names of those technologies.
    """
    technologies = Use.objects.filter(episode=episode).values("technology")
    found = (
        Episode.objects.published()
        .filter(kind=episode.kind, uses__technology__in=technologies)
        .exclude(pk=episode.pk)
        .annotate(
            common=Count("uses"),
            shared=ArrayAgg("uses__technology__name", order_by="uses__position"),
        )
        .order_by("-common", "-published_at", "-number", "-pk")
    )
    return list(found[:limit])


def neighbours(episode: Episode) -> tuple[Episode | None, Episode | None]:
    """The published episodes of its kind right before and right after this one."""
    others = Episode.objects.published().filter(kind=episode.kind).exclude(pk=episode.pk)
    place = (episode.published_at, episode.number or 0, episode.pk)
    same_date = Q(published_at=episode.published_at)
    is_older = Q(published_at__lt=place[0]) | same_date & Q(number__lt=place[1])
    is_newer = Q(published_at__gt=place[0]) | same_date & Q(number__gt=place[1])
    older = others.filter(is_older).newest_first()[:1]
    newer = others.filter(is_newer).order_by("published_at", "number", "pk")[:1]
    found = list(older.union(newer, all=True))
    previous = next((row for row in found if _order(row) < place), None)
    following = next((row for row in found if _order(row) > place), None)
    return previous, following


def _order(episode: Episode) -> tuple:
    return (episode.published_at, episode.number or 0, episode.pk)


def similar_guests(guest: Guest, limit: int = 6) -> QuerySet[Any]:
    """Other guests of published episodes whose technologies are most often this guest's.

    Each carries `common`, the number of technologies they share.
    """
    published = Episode.objects.published()
    own = Appearance.objects.filter(guest=guest, episode__in=published).values("episode")
    technologies = Use.objects.filter(episode__in=own).values("technology")
    common = Count(
        "appearances__episode__uses__technology",
        filter=Q(appearances__episode__uses__technology__in=technologies),
        distinct=True,
    )
    return (
        Guest.objects.filter(appearances__episode__in=published)
        .exclude(pk=guest.pk)
        .annotate(common=common)
        .filter(common__gt=0)
        .order_by("-common", "name")[:limit]
    )


def main_first(episodes: EpisodeQuerySet, technology: Technology) -> EpisodeQuerySet:
    """Those that name this technology first, then the others; newest first in both.

    Each carries `is_main`.
    """
    first = Use.objects.filter(episode=OuterRef("pk")).order_by("position")
    is_main = Q(first_technology=technology.pk)
    return episodes.annotate(
        first_technology=Subquery(first.values("technology")[:1]),
        is_main=ExpressionWrapper(is_main, output_field=BooleanField()),
    ).order_by("-is_main", *NEWEST_FIRST)
