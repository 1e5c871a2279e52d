"""Which episodes and guests stand near one another. Each function is one query.

Rows are typed Any where they carry what they share, which their model doesn't know of.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.query import RawQuerySet

from episodes.models import NEWEST_FIRST, Appearance, Episode, EpisodeQuerySet, Use
from guests.models import Guest
from stack.models import Technology

# What is similar is looked for in so many of the newest: a page must not cost more each year.
RECENT = 300

# A technology weighs ln(N / n): N episodes are compared, n of them run it. What everyone runs
# says nothing about a stack; what two of a hundred run says much.
OVERLAP = """
WITH among (episode_id, kind, published_at, number) AS MATERIALIZED ({among}),
uses AS MATERIALIZED (
    SELECT among.*, technology_id
    FROM among JOIN episodes_use USING (episode_id)
),
weights AS (
    SELECT technology_id, ln((SELECT count(*) FROM among)::float / count(*)) AS weight
    FROM uses
    GROUP BY technology_id
),
found AS (
    SELECT episode_id,
           sum(weight) AS overlap,
           array_agg(technology.name ORDER BY weight DESC, lower(technology.name)) AS shared
    FROM uses
    JOIN weights USING (technology_id)
    JOIN stack_technology AS technology ON technology.id = technology_id
    WHERE technology_id IN ({own}) AND kind = ANY(%s)
    GROUP BY episode_id, published_at, number
    ORDER BY overlap DESC, published_at DESC, number DESC, episode_id DESC
    LIMIT %s
)
SELECT episode.*, overlap, shared
FROM found JOIN episodes_episode AS episode ON episode.id = episode_id
ORDER BY overlap DESC, published_at DESC, number DESC, id DESC
"""


def similar_episodes(episode: Episode, limit: int = 3) -> list[Any]:
    """Recent episodes of its kind whose technologies overlap most with this one's.

    Each carries `shared`, the names of those technologies, rarest first.
    """
    own = Use.objects.filter(episode=episode).values("technology")
    recent = Episode.objects.published().newest_first()[:RECENT]
    found = _by_overlap(own, recent, [episode.kind], limit + 1)
    return [other for other in found if other != episode][:limit]


def episodes_with_stack(technologies: Collection[Technology], limit: int = 20) -> list[Any]:
    """Published episodes whose technologies overlap most with these, as `for_cards`.

    Each carries `shared`, as in `similar_episodes`. Four queries; none without technologies.
    """
    if not technologies:
        return []
    own = Technology.objects.filter(pk__in=[each.pk for each in technologies]).values("pk")
    found = _by_overlap(own, Episode.objects.published().order_by(), Episode.Kind.values, limit)
    return list(found.prefetch_related("enclosure", "appearances", "uses"))


def _by_overlap(
    own: QuerySet[Any, Any], among: EpisodeQuerySet, kinds: list[str], limit: int
) -> "RawQuerySet[Any]":
    """Which of these episodes use any of the technologies in `own`, by the weight of those.

    Only those of these kinds; all of them weigh.
    """
    technologies, own_values = own.order_by().query.sql_with_params()
    rows = among.values("pk", "kind", "published_at", "number")
    episodes, among_values = rows.query.sql_with_params()
    query = OVERLAP.format(own=technologies, among=episodes)
    return Episode.objects.raw(query, [*among_values, *own_values, kinds, limit])


def neighbours(episode: Episode) -> tuple[Episode | None, Episode | None]:
    """The published episodes of its kind right before and right after this one."""
    others = Episode.objects.published().filter(kind=episode.kind).exclude(pk=episode.pk)
    place = (episode.published_at, episode.number or 0, episode.pk)
    same_date = Q(published_at=episode.published_at)
    is_older = Q(published_at__lt=place[0]) | same_date & Q(number__lt=place[1])
    is_newer = Q(published_at__gt=place[0]) | same_date & Q(number__gt=place[1])
    # The dates once more, as bounds, at which the index is entered: an OR is read row by row.
    older = others.filter(is_older, published_at__lte=place[0]).newest_first()[:1]
    newer = others.filter(is_newer, published_at__gte=place[0])
    newer = newer.order_by("published_at", "number", "pk")[:1]
    found = list(older.union(newer, all=True))
    previous = next((row for row in found if _order(row) < place), None)
    following = next((row for row in found if _order(row) > place), None)
    return previous, following


def _order(episode: Episode) -> tuple:
    return (episode.published_at, episode.number or 0, episode.pk)


def similar_guests(guest: Guest, limit: int = 6) -> QuerySet[Any]:
    """Other guests of recent episodes whose technologies are most often this guest's.

    Each carries `common`, the number of technologies they share.
    """
    published = Episode.objects.published()
    recent = published.newest_first().values("pk")[:RECENT]
    own = Appearance.objects.filter(guest=guest, episode__in=published).values("episode")
    technologies = Use.objects.filter(episode__in=own).values("technology")
    common = Count(
        "appearances__episode__uses__technology",
        filter=Q(appearances__episode__uses__technology__in=technologies),
        distinct=True,
    )
    return (
        Guest.objects.filter(appearances__episode__in=recent)
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
