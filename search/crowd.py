"""Where so many documents hold what is asked for that ranking them all would take too long.

Only above some thousands of episodes. What says most of a word carries marks in the index (see
search_marks in the migrations): the documents with the highest marks come first, the newest
where many are equal, until there are enough to rank.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from search.concepts import Concept
from search.expressions import Parameters, any_of

CROWDED = 3000  # documents; below it all of them are ranked
ENOUGH = 400  # candidates, of which the best are ranked
MOST_MEETING = 1500  # passages that hold everything, above which marks decide
LEVELS = (5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The keys of the episodes to rank; `is_cut`: others answer too."""

    episodes: list[int]
    is_cut: bool


def crowd(concepts: Sequence[Concept], allowed: str, parameters: Parameters) -> Candidates | None:
    """The episodes among which the best are; None where all can be ranked.

    `allowed` is SQL that says which documents may be found at all. Seven queries at most.
    """
    if sum(concept.documents for concept in concepts) <= CROWDED:
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        # The planner doesn't know what reading a tsvector costs and would read them all.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")

        def keys(sql: str, query: str, most: int) -> list[int]:
            cursor.execute(sql, {**parameters, "query": query, "most": most})
            return [key for (key,) in cursor]

        found: dict[int, None] = {}
        if len(concepts) > 1:
            meeting = keys(MEETING, _every(concepts), MOST_MEETING)
            if len(meeting) < MOST_MEETING:
                found = dict.fromkeys(meeting)
        for query in _levels(concepts):
            if len(found) >= ENOUGH:
                break
            found |= dict.fromkeys(keys(NEWEST.format(allowed=allowed), query, ENOUGH))
    return Candidates(list(found), is_cut=True)


MEETING = """
SELECT DISTINCT episode_id FROM (
    SELECT episode_id FROM search_passage WHERE vector @@ %(query)s LIMIT %(most)s
) AS passage
"""
# Materialized, lest the planner walks all documents from the newest on until enough match.
NEWEST = """
WITH matching AS MATERIALIZED (
    SELECT episode_id, published_at FROM search_document AS document
    WHERE vector @@ %(query)s AND {allowed}
)
SELECT episode_id FROM matching ORDER BY published_at DESC, episode_id DESC LIMIT %(most)s
"""


def _every(concepts: Sequence[Concept]) -> str:
    return " & ".join(f"({any_of([concept])})" for concept in concepts)


def _levels(concepts: Sequence[Concept]) -> Iterator[str]:
    """Queries for those that say most of everything, then less of it, then of the rarest."""
    marks = {level: [_marked(concept, level) for concept in concepts] for level in LEVELS}
    for level in LEVELS:
        yield " & ".join(marks[level])
    yield _every(concepts)
    if len(concepts) > 1:
        rarest = min(concepts, key=lambda concept: concept.documents)
        yield from _levels([rarest])


def _marked(concept: Concept, level: int) -> str:
    """A tsquery for documents that say at least so much of a concept in its best ways."""
    best = max(way.quality for way in concept.ways)
    phrases = [way.stems for way in concept.ways if way.quality == best]
    ways = (" & ".join(f"'+{level}{stem}'" for stem in stems) for stems in phrases)
    return f"({' | '.join(f'({way})' for way in ways)})"
