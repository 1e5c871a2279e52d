"""Facets of a search: how many of its results have each technology, guest, year and kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

MOST = 8  # values of a facet

# Values that all results share narrow nothing.
QUERY = """
WITH found AS MATERIALIZED (
    SELECT id, kind, published_at, place
    FROM unnest(%(episodes)s::bigint[]) WITH ORDINALITY AS found (id, place)
    JOIN episodes_episode AS episode USING (id)
), facet AS (
    SELECT 'stack' AS key, technology.name AS value, place
    FROM found JOIN episodes_use AS use ON use.episode_id = found.id
    JOIN stack_technology AS technology ON technology.id = use.technology_id
    UNION ALL
    SELECT 'guest', guest.name, place
    FROM found JOIN episodes_appearance AS appearance ON appearance.episode_id = found.id
    JOIN guests_guest AS guest ON guest.id = appearance.guest_id
    UNION ALL
    SELECT 'year', extract(year FROM published_at AT TIME ZONE %(zone)s)::text, place FROM found
    UNION ALL
    SELECT 'kind', kind, place FROM found
    UNION ALL
    SELECT 'has', 'transcript', place
    FROM found JOIN topics_transcript AS transcript ON transcript.episode_id = found.id
), counted AS (
    SELECT key, value, count(*) AS count, row_number() OVER (
        PARTITION BY key ORDER BY count(*) DESC, min(place), value) AS place
    FROM facet GROUP BY key, value HAVING count(*) < %(all)s
)
SELECT key, value, count FROM counted WHERE place <= %(most)s ORDER BY key, place
"""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A filter's value, and how many of the results have it."""

    key: str
    value: str
    count: int


def facet_values(episodes: Sequence[int], zone: ZoneInfo) -> list[FacetValue]:
    """The values that some of these episodes lack, MOST of each facet, the most frequent first."""
    if len(episodes) < 2:
        return []
    parameters: dict[str, Any] = {
        "episodes": list(episodes),
        "all": len(episodes),
        "zone": zone.key,
        "most": MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(QUERY, parameters)
        return [FacetValue(*row) for row in cursor]
