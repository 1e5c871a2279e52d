"""What was used in which year of the show."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import ExtractYear

from episodes.counts import by_year
from episodes.models import Episode, Use
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

    A year without episodes is among them. Two queries.
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
        Year(year, episodes.get(year, 0), used[year])
        for year in range(min(episodes), max(episodes) + 1)
    ]
