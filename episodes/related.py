"""Similar and adjacent episodes and guests, one query each. Any: rows carry what they share."""

from collections.abc import Collection
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.query import RawQuerySet
from django.utils import timezone

from episodes.models import NEWEST_FIRST, PUBLISHED, Appearance, Episode, EpisodeQuerySet, Use
from guests.models import Guest
from stack.models import Technology

# Columns of an episode listed on another one's page; each further column costs a query.
LISTED = ("id", "kind", "title", "slug")
# What is similar is looked for in so many of the newest: a page must not cost more each year.
RECENT = 300

# A technology weighs ln(N / n): N episodes are compared, n of them run it. What everyone runs
# says nothing about a stack; what two of a hundred run says much.
OVERLAP = f"""
WITH among AS MATERIALIZED (
    SELECT id AS episode_id, kind, published_at, number
    FROM episodes_episode
    WHERE {PUBLISHED}
    ORDER BY published_at DESC, number DESC, id DESC
    LIMIT %(recent)s
),
uses AS MATERIALIZED (
    SELECT among.*, technology_id
    FROM among JOIN episodes_use USING (episode_id)
    WHERE technology_id IN ({{own}})
),
weights AS (
    SELECT technology_id, ln((SELECT count(*) FROM among)::float / count(*)) AS weight
    FROM uses
    GROUP BY technology_id
),
found AS (
    -- Rounded, for sums of the same weights differ by the order they are added in.
    SELECT episode_id, round(sum(weight)::numeric, 9) AS overlap, published_at, number
    FROM uses JOIN weights USING (technology_id)
    WHERE kind = ANY(%(kinds)s)
    GROUP BY episode_id, published_at, number
    ORDER BY overlap DESC, published_at DESC, number DESC, episode_id DESC
    LIMIT %(limit)s
)
SELECT {{columns}}, (
    SELECT array_agg(technology.name ORDER BY weight DESC, lower(technology.name))
    FROM uses
    JOIN weights USING (technology_id)
    JOIN stack_technology AS technology ON technology.id = technology_id
    WHERE uses.episode_id = found.episode_id
) AS shared
FROM found JOIN episodes_episode AS episode ON episode.id = episode_id
ORDER BY overlap DESC, found.published_at DESC, found.number DESC, episode_id DESC
"""  # noqa: S608 - of constants
SIMILAR = OVERLAP.format(
    own="SELECT technology_id FROM episodes_use WHERE episode_id = %(episode)s",
    columns=", ".join(f"episode.{each}" for each in LISTED),
)
WITH_STACK = OVERLAP.format(own="SELECT unnest(%(technologies)s)", columns="episode.id")

OTHERS = f"""
SELECT {", ".join(LISTED)}, (published_at, number) > (%(date)s, %(number)s) AS is_newer
FROM episodes_episode
WHERE {PUBLISHED} AND kind = %(kind)s AND id <> %(episode)s
"""  # noqa: S608 - of constants
NEIGHBOURS = f"""
({OTHERS} AND (published_at, number) < (%(date)s, %(number)s)
 ORDER BY published_at DESC, number DESC, id DESC LIMIT 1)
UNION ALL
({OTHERS} AND (published_at, number) > (%(date)s, %(number)s)
 ORDER BY published_at, number, id LIMIT 1)
"""


def similar_episodes(episode: Episode, limit: int = 3) -> list[Any]:
    """Recent episodes of its kind whose technologies overlap most with this one's.

    Each has its title and address, and `shared`, the names of those technologies, rarest first.
    """
    values = {"episode": episode.pk, "recent": RECENT, "kinds": [episode.kind], "limit": limit + 1}
    return [other for other in _raw(SIMILAR, values) if other != episode][:limit]


def episodes_with_stack(technologies: Collection[Technology], limit: int = 20) -> list[Any]:
    """Like `similar_episodes`, for a stack; as `for_cards`. Four queries; none without a stack."""
    if not technologies:
        return []
    own = [each.pk for each in technologies]
    values = {"technologies": own, "recent": None, "kinds": Episode.Kind.values, "limit": limit}
    shared = {found.pk: found.shared for found in _raw(WITH_STACK, values)}
    episodes = Episode.objects.for_cards().in_bulk(list(shared))
    for key, episode in episodes.items():
        episode.shared = shared[key]
    return [episodes[key] for key in shared if key in episodes]


def neighbours(episode: Episode) -> tuple[Any, Any]:
    """The published episodes of its kind right before and after this one: LISTED, or None."""
    values = {"episode": episode.pk, "kind": episode.kind}
    values |= {"date": episode.published_at, "number": episode.number or 0}
    found = {other.is_newer: other for other in _raw(NEIGHBOURS, values)}
    return found.get(False), found.get(True)


def _raw(query: str, values: dict[str, Any]) -> "RawQuerySet[Any]":
    return Episode.objects.raw(query, values | {"now": timezone.now()})


def similar_guests(guest: Guest, limit: int = 6) -> QuerySet[Any]:
    """Guests who share most technologies with this one; `common` is their number.

    Nobody of the same episode: they told of one stack together.
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
        .exclude(pk__in=Appearance.objects.filter(episode__in=own).values("guest"))
        .annotate(common=common)
        .filter(common__gt=0)
        .order_by("-common", "name")[:limit]
    )


def main_first(episodes: EpisodeQuerySet, technology: Technology) -> EpisodeQuerySet:
    """The episodes that name this technology first (`is_main`), then the others; newest first."""
    first = Use.objects.filter(episode=OuterRef("pk")).order_by("position")
    is_main = Q(first_technology=technology.pk)
    return episodes.annotate(
        first_technology=Subquery(first.values("technology")[:1]),
        is_main=ExpressionWrapper(is_main, output_field=BooleanField()),
    ).order_by("-is_main", *NEWEST_FIRST)
