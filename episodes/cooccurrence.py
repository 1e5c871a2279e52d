"""What runs together: technologies and libraries of the same episodes. One query each."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Lower

from episodes.models import Episode, EpisodeQuerySet, Use
from stack.models import Library, Technology

Pair = tuple[int, int]


def used_together(technologies: Iterable[Technology], episodes: EpisodeQuerySet) -> dict[Pair, int]:
    """How many of the episodes use both of two technologies, for all pairs that any uses.

    A pair is two primary keys, the smaller first.
    """
    keys = [technology.pk for technology in technologies]
    rows = (
        Use.objects.filter(technology__in=keys, episode__in=episodes)
        .filter(
            episode__uses__technology__in=keys,
            episode__uses__technology__gt=F("technology"),
        )
        .order_by()
        .values_list("technology", "episode__uses__technology")
        .annotate(together=Count("pk"))
    )
    return {(first, second): together for first, second, together in rows}


def used_with(technology: Technology, episodes: EpisodeQuerySet) -> QuerySet[Any]:
    """Technologies of the given episodes that use this one, most often first.

    Each carries `together`: how many of them use both.
    """
    return (
        Technology.objects.filter(uses__episode__in=episodes.filter(uses__technology=technology))
        .exclude(pk=technology.pk)
        .annotate(together=Count("uses"))
        .order_by("-together", Lower("name"))
    )


def libraries_with(technology: Technology) -> QuerySet[Any]:
    """Libraries of the published episodes with this technology, most often first."""
    episodes = Episode.objects.published().filter(uses__technology=technology)
    return (
        Library.objects.filter(uses__episode__in=episodes)
        .annotate(together=Count("uses"))
        .order_by("-together", Lower("name"))
    )
