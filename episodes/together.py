"""Which technologies run in the same episodes."""

from collections.abc import Iterable

from django.db.models import Count, F

from episodes.models import EpisodeQuerySet, Use
from stack.models import Technology

Pair = tuple[int, int]


def used_together(technologies: Iterable[Technology], episodes: EpisodeQuerySet) -> dict[Pair, int]:
    """How many of the episodes use both of two technologies, for all pairs that any uses.

    A pair is two primary keys, the smaller first. One query.
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
