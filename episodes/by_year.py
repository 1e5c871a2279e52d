"""What was used in which year of the show."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, FilteredRelation, Q
from django.db.models.functions import ExtractYear

from episodes.models import Episode
from stack.models import Technology


@dataclass(frozen=True, slots=True)
class Year:
    """A year's published episodes and interviews, and how many of them use each technology.

    `used` is by the technology's primary key.
    """

    number: int
    episodes: int = 0
    used: Counter[int] = field(default_factory=Counter)


def years_of(technologies: Iterable[Technology], zone: ZoneInfo) -> list[Year]:
    """Every year from the first episode to the newest; years are those of the show's zone.

    A year without episodes is among them. One query.
    """
    keys = [each.pk for each in technologies] or [0]  # Django can't join with none
    # Others' uses, most of the rows there are, don't come out of the join.
    theirs = FilteredRelation("uses", condition=Q(uses__technology__in=keys))
    rows = (
        Episode.objects.published()
        .annotate(use=theirs)
        .annotate(year=ExtractYear("published_at", tzinfo=zone))
        .values("year")
        .annotate(
            episodes=Count("pk", distinct=True),
            used=ArrayAgg("use__technology", filter=Q(use__isnull=False), default=[]),
        )
        .order_by("year")
    )
    found = {row["year"]: Year(row["year"], row["episodes"], Counter(row["used"])) for row in rows}
    if not found:
        return []
    return [found.get(year, Year(year)) for year in range(min(found), max(found) + 1)]
