"""Where so many documents hold what is asked for that ranking them all would take too long.

Only above some thousands of episodes. Documents carry marks of how much they say of a word (see
sql/search_impact_lexemes.sql), and passages say where concepts meet. Both are mostly read from
their indexes alone, from the most on, until there are enough episodes to rank.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from search.query.concepts import LIKE, Concept, telling
from search.retrieval.expressions import Parameters, any_of
from search.retrieval.impact_levels import (
    LEVELS,
    MOST_WEIGHED,
    either,
    every,
    in_passage,
    marked,
    weighed,
    words_of,
)

CROWDED = 2000  # documents that hold one concept; below it all of them are ranked
FEW = 60  # where concepts meet so seldom, what is said apart counts more
ENOUGH = 200  # episodes of which a mark says that they are the best
MANY_MEET = 1000  # passages in which concepts meet
FEW_PHRASES = 30  # episodes, and a phrase is looked for in the passages with its words
MOST_MEETING = 4000  # passages with a phrase
# Several concepts: their levels in sum, as a share of all there can be.
SHARES = (0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
MOST_SHARES = 4  # of these, where many meet
FEW_EXPECTED = 1000  # documents that are read at once rather than level by level
# Documents: where so many hold what is asked for, of how many the newest are looked for.
MOST_HOLD, WALKED = 10_000, 4000

# Materialized, lest the planner walks all documents from the newest on until enough match.
NEWEST = """
WITH matching AS MATERIALIZED (
    SELECT episode_id, published_at FROM search_document AS document
    WHERE document.vector @@ %(query)s AND {allowed}
)
SELECT episode_id FROM matching ORDER BY published_at DESC, episode_id DESC LIMIT %(most)s
"""
# What most documents hold is found sooner by walking the newest of them all.
WALK = """
SELECT episode_id FROM (
    SELECT * FROM search_document ORDER BY published_at DESC, episode_id DESC LIMIT %(walked)s
) AS document WHERE document.vector @@ %(query)s AND {allowed} LIMIT %(most)s
"""
# Reading contents for the order of their words is for some hundreds only.
PHRASES = """
SELECT episode_id FROM search_content
WHERE episode_id = ANY (%(among)s) AND said @@ %(query)s LIMIT %(most)s
"""
# The limit is on passages, and unordered: if it is reached, these are some, not the best.
MEETING = """
SELECT episode_id FROM search_passage WHERE vector @@ %(query)s LIMIT %(most)s
"""
ALLOWED = """
SELECT episode_id FROM search_document AS document
WHERE episode_id = ANY (%(among)s) AND {allowed}
"""
EXPECTED = "EXPLAIN (FORMAT JSON) SELECT FROM {table} WHERE vector @@ %(query)s"

# Queries of which each finds less than those after it, and the last all that any of them does.
Steps = Sequence[str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The keys of the episodes to rank, and of those of them where concepts meet in a passage;
    `is_cut`: others answer too.
    """

    episodes: list[int]
    is_cut: bool
    meeting: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Look:
    """Looking into the indexes for episodes."""

    cursor: CursorWrapper
    allowed: str
    parameters: Parameters

    def keys(self, sql: str, query: str, most: int, **more: Any) -> list[int]:
        self.cursor.execute(sql, {**self.parameters, "query": query, "most": most, **more})
        return [key for (key,) in self.cursor]

    def newest(self, query: str, most: int) -> list[int]:
        """The newest documents that a query finds; of what most documents hold fewer will do."""
        if self.expected("search_document", query) >= MOST_HOLD:
            walk = WALK.format(allowed=self.allowed)
            keys = self.keys(walk, query, most, walked=WALKED)
            if len(keys) >= min(most, 2 * ENOUGH):
                return keys
        return self.keys(NEWEST.format(allowed=self.allowed), query, most)

    def until_enough(self, asked: Iterable[Steps], enough: int) -> list[int]:
        """Query by query the newest of its documents, until these are enough."""
        newest = NEWEST.format(allowed=self.allowed)
        found: dict[int, None] = {}
        for steps in asked:
            queries = [query for query in steps if query]
            every_one = self._every_one(queries, 2 * enough - len(found))
            if every_one is not None:
                found |= dict.fromkeys(every_one)
                queries = []
            for query in queries:
                most = 2 * enough - len(found)
                keys = self.keys(newest, query, most) if steps[1:] else self.newest(query, most)
                found |= dict.fromkeys(keys)
                if len(found) >= enough:
                    break
            if len(found) >= enough:
                break
        return list(found)

    def _every_one(self, steps: Steps, most: int) -> list[int] | None:
        """All that the last one finds, and so the others, where these are few; else None."""
        if len(steps) < 2 or self.expected("search_document", steps[-1]) > FEW_EXPECTED:
            return None
        keys = self.keys(NEWEST.format(allowed=self.allowed), steps[-1], most)
        return keys if len(keys) < most else None  # the planner was wrong: those are the newest

    def meeting(self, query: str, most: int) -> tuple[list[int], bool]:
        """The episodes with such a passage that may be found, in no order; whether there are more
        passages than were looked at."""
        passages = self.keys(MEETING, query, most)
        allowed = ALLOWED.format(allowed=self.allowed)
        episodes = self.keys(allowed, query, most, among=list(dict.fromkeys(passages)))
        return episodes, len(passages) == most

    def expected(self, table: str, query: str) -> int:
        """About how many rows a query finds: what the planner thinks, without looking."""
        self.cursor.execute(EXPECTED.format(table=table), {"query": query})
        (((plan,),),) = self.cursor.fetchall()
        return int(plan["Plan"]["Plan Rows"])


def crowd(
    concepts: Sequence[Concept], allowed: str, parameters: Parameters, *, newest: bool
) -> Candidates | None:
    """The episodes among which the best (or newest) are; None where all can be ranked.

    `allowed` is SQL that says which documents may be found at all.
    """
    said = [concept for concept in concepts if concept.documents]
    if max((concept.documents for concept in said), default=0) <= CROWDED:
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        # The planner doesn't know what reading a tsvector costs and would read them all.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        look = _Look(cursor, allowed, parameters)
        if len(said) == 1 and said[0].is_quoted:
            return _phrase(said[0], look, newest=newest)
        if len(said) > 1 and not newest:
            return _several(said, look)
        if newest:
            found = _newest(said, look)
        else:  # alone, so cheap to rank: more of those that say as much
            found = look.until_enough(_from_most_on(said), 2 * ENOUGH)
        return Candidates(found, is_cut=len(found) >= ENOUGH)


def _newest(concepts: Sequence[Concept], look: _Look) -> list[int]:
    """The newest that hold every concept, and where these are few, any."""
    found: dict[int, None] = {}
    for query in filter(None, (every(concepts), either(concepts))):
        found |= dict.fromkeys(look.newest(query, 2 * ENOUGH))
        if len(found) >= ENOUGH:
            break
    return list(found)


def _several(concepts: Sequence[Concept], look: _Look) -> Candidates:
    """The episodes where concepts meet, and those that say most of them wherever they stand: fewer
    of these where many meet, and only these where so many meet that they do in most of them.

    Beside what tells, words in most episodes weigh next to nothing: so likewise of that alone.
    """
    met, is_cut = _met(concepts, look)
    if len(met) >= FEW and not is_cut:
        most = look.until_enough(_from_most_on(concepts, only=MOST_SHARES), ENOUGH)
    else:
        most = look.until_enough(_from_most_on(concepts), MOST_WEIGHED * ENOUGH)
    if is_cut:
        met = [*most]
    tells = telling(concepts)
    if len(tells) < len(concepts):
        most += look.until_enough(_from_most_on(tells), ENOUGH)
        if any(len(way.stems) > 1 for concept in tells for way in concept.ways):
            met += look.meeting(in_passage(tells), ENOUGH)[0]
    found = list(dict.fromkeys([*met, *most]))
    return Candidates(found, len(found) >= ENOUGH, met)


def _phrase(concept: Concept, look: _Look, *, newest: bool) -> Candidates:
    """Those with the phrase in a passage, where few passages hold its words. Else those among the
    documents that say most of its words (or are the newest with them), if these aren't few.
    """
    phrase, passage = any_of([concept]), in_passage([concept])
    if look.expected("search_passage", passage) <= MOST_MEETING:
        passages = look.keys(MEETING, passage, MOST_MEETING)
        if len(passages) < MOST_MEETING:
            return Candidates(list(dict.fromkeys(passages)), is_cut=False)
    found: dict[int, None] = {}
    for among in _among(concept, look, newest=newest):
        found |= dict.fromkeys(look.keys(PHRASES, phrase, len(among), among=among))
        if len(found) >= FEW_PHRASES:
            return Candidates(list(found), is_cut=True)
    passages = look.keys(MEETING, passage, MOST_MEETING)
    found |= dict.fromkeys(passages)
    return Candidates(list(found), is_cut=len(passages) == MOST_MEETING)


def _among(concept: Concept, look: _Look, *, newest: bool) -> Iterator[list[int]]:
    """Some documents with the words of a phrase, then more of them."""
    if newest:
        for most in (2 * ENOUGH, WALKED):
            yield look.newest(words_of(concept), most)
        return
    for level in LEVELS[:-2]:
        yield look.keys(NEWEST.format(allowed=look.allowed), marked(concept, level), 2 * ENOUGH)


def _met(concepts: Sequence[Concept], look: _Look) -> tuple[list[int], bool]:
    """The episodes with a passage that holds every concept, or else the rarest of them; and
    whether so many passages hold every one that these are some of them, in no order.
    """
    rarest = sorted(concepts, key=lambda concept: concept.documents)
    if look.expected("search_passage", in_passage(rarest)) >= MANY_MEET:
        return [], True
    found, is_cut = look.meeting(in_passage(rarest), MANY_MEET)
    met = dict.fromkeys(found)
    for several in sorted({min(3, len(rarest)), 2} - {len(rarest)}, reverse=True):
        if len(met) >= FEW:
            break
        met |= dict.fromkeys(look.meeting(in_passage(rarest[:several]), MANY_MEET)[0])
    return list(met), is_cut


def _from_most_on(concepts: Sequence[Concept], only: int | None = None) -> Iterator[Steps]:
    """Queries for the documents that say most of the concepts, then for those that say less.

    `only`: so many shares of all that can be said of them, and of what is less nothing.
    """
    rarest = sorted(concepts, key=lambda concept: concept.documents)
    while rarest and rarest[0].documents <= CROWDED:
        yield [either(rarest[:1], worst=0)]
        rarest = rarest[1:]
    for worst in (LIKE, 0) if len(rarest) > 1 else ():
        shares = [weighed(rarest, share, worst) for share in SHARES[:only]]
        yield (
            shares if only else [*shares, every(rarest, worst), every(rarest[:MOST_WEIGHED], worst)]
        )
        if only:
            return
    for concept in rarest:
        yield [marked(concept, level) for level in LEVELS]
        yield [words_of(concept, longest=1)]
        yield [words_of(concept)]
        # Before all that hold a like word, which may be most: those that say much of it.
        yield [marked(concept, level, worst=0) for level in LEVELS if 2 * level <= LEVELS[0]]
    yield [either(concepts, worst=0)]
