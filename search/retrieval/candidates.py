"""Candidate selection for frequent terms: which episodes to rank when too many match.

Only in large catalogues, where more than CROWDED documents hold a concept. The indexes give the
documents with the highest impact levels and the passages in which concepts co-occur, until there
are enough episodes.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from search.query.concepts import SYNONYM, Concept, discriminating
from search.retrieval.expressions import Parameters, any_of
from search.retrieval.impact_levels import (
    LEVELS,
    MAX_WEIGHTED,
    at_level,
    in_one_passage,
    weighted,
    words_of,
    words_of_all,
    words_of_any,
)

CROWDED = 2000  # documents; up to this many, all that match are ranked
ENOUGH = 200  # episodes, from the highest levels down
MIN_COOCCURRING = 60  # episodes; below it, documents with the concepts apart count more
MAX_COOCCURRING = 1000  # passages
MIN_PHRASES = 30  # episodes; below it, the passages with the phrase's words are read
MAX_PHRASE_PASSAGES = 4000
# Levels of several concepts, in sum: as a share of the maximum.
SHARES = (0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
SHARES_WITH_COOCCURRING = 4
READ_AT_ONCE = 1000  # documents; so few aren't read level by level
# Where this many documents match, enough are among the newest of all.
WALK_THRESHOLD, WALKED = 10_000, 4000

# Materialized, or the planner walks all documents from the newest on until enough match.
NEWEST = """
WITH matching AS MATERIALIZED (
    SELECT episode_id, published_at FROM search_document AS document
    WHERE document.vector @@ %(query)s AND {allowed}
)
SELECT episode_id FROM matching ORDER BY published_at DESC, episode_id DESC LIMIT %(most)s
"""
WALK = """
SELECT episode_id FROM (
    SELECT * FROM search_document ORDER BY published_at DESC, episode_id DESC LIMIT %(walked)s
) AS document WHERE document.vector @@ %(query)s AND {allowed} LIMIT %(most)s
"""
# For some hundreds only: contents are read for the order of their words.
PHRASES = """
SELECT episode_id FROM search_content
WHERE episode_id = ANY (%(among)s) AND said @@ %(query)s LIMIT %(most)s
"""
# Unordered: when the limit is reached, these are some passages, not the best.
PASSAGES = """
SELECT episode_id FROM search_passage WHERE vector @@ %(query)s LIMIT %(most)s
"""
ALLOWED = """
SELECT episode_id FROM search_document AS document
WHERE episode_id = ANY (%(among)s) AND {allowed}
"""
ESTIMATE = "EXPLAIN (FORMAT JSON) SELECT FROM {table} WHERE vector @@ %(query)s"

# tsqueries of which each finds less than the next, and the last everything.
Stage = Sequence[str]


class Candidates(NamedTuple):
    """Keys of the episodes to rank, and of those in which concepts co-occur in a passage."""

    episodes: list[int]
    is_cut: bool  # other episodes match, too
    cooccurring: Sequence[int] = ()


class _Index(NamedTuple):
    """Reads keys of episodes from the indexes."""

    cursor: CursorWrapper
    allowed: str
    parameters: Parameters

    def keys(self, sql: str, query: str, most: int, **more: Any) -> list[int]:
        sql = sql.format(allowed=self.allowed)
        self.cursor.execute(sql, {**self.parameters, "query": query, "most": most, **more})
        return [key for (key,) in self.cursor]

    def newest(self, query: str, most: int) -> list[int]:
        """The newest matching documents, or enough of them where very many match."""
        if self.estimate("search_document", query) >= WALK_THRESHOLD:
            keys = self.keys(WALK, query, most, walked=WALKED)
            if len(keys) >= min(most, 2 * ENOUGH):
                return keys
        return self.keys(NEWEST, query, most)

    def until_enough(self, stages: Iterable[Stage], enough: int) -> list[int]:
        """The newest documents of each query in turn, until there are enough."""
        found: dict[int, None] = {}
        for stage in stages:
            queries = [query for query in stage if query]
            few = self._all_if_few(queries, 2 * enough - len(found))
            found |= dict.fromkeys(few or ())
            for query in queries if few is None else ():
                most = 2 * enough - len(found)
                is_only = len(stage) == 1
                keys = self.newest(query, most) if is_only else self.keys(NEWEST, query, most)
                found |= dict.fromkeys(keys)
                if len(found) >= enough:
                    break
            if len(found) >= enough:
                break
        return list(found)

    def _all_if_few(self, stage: Stage, most: int) -> list[int] | None:
        """Everything that a stage finds, if that is little, by its last query alone."""
        if len(stage) < 2 or self.estimate("search_document", stage[-1]) > READ_AT_ONCE:
            return None
        keys = self.keys(NEWEST, stage[-1], most)
        return keys if len(keys) < most else None  # more than estimated

    def cooccurring(self, concepts: Sequence[Concept], most: int) -> tuple[list[int], bool]:
        """Episodes with all concepts in one passage, in no order; whether more passages match."""
        query = in_one_passage(concepts)
        passages = self.keys(PASSAGES, query, most)
        episodes = self.keys(ALLOWED, query, most, among=list(dict.fromkeys(passages)))
        return episodes, len(passages) == most

    def estimate(self, table: str, query: str) -> int:
        """How many rows the planner expects a query to match."""
        self.cursor.execute(ESTIMATE.format(table=table), {"query": query})
        (((plan,),),) = self.cursor.fetchall()
        return int(plan["Plan"]["Plan Rows"])


def select_candidates(
    concepts: Sequence[Concept], allowed: str, parameters: Parameters, *, newest: bool
) -> Candidates | None:
    """The episodes to rank; None for all that match. `allowed`: a condition on `document`."""
    held = [concept for concept in concepts if concept.documents]
    if max((concept.documents for concept in held), default=0) <= CROWDED:
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        # The planner doesn't know what reading a tsvector costs and would scan the table.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        index = _Index(cursor, allowed, parameters)
        if len(held) == 1 and held[0].is_quoted:
            return _phrase(held[0], index, newest=newest)
        if len(held) > 1 and not newest:
            return _several(held, index)
        # A single concept is cheap to rank, so twice as many.
        found = _newest(held, index) if newest else index.until_enough(_stages(held), 2 * ENOUGH)
        return Candidates(found, is_cut=len(found) >= ENOUGH)


def _newest(concepts: Sequence[Concept], index: _Index) -> list[int]:
    """The newest documents that hold every concept; if these are few, any concept."""
    queries = [each for each in (words_of_all(concepts), words_of_any(concepts)) if each]
    found: dict[int, None] = {}
    while queries and len(found) < ENOUGH:
        found |= dict.fromkeys(index.newest(queries.pop(0), 2 * ENOUGH))
    return list(found)


def _several(concepts: Sequence[Concept], index: _Index) -> Candidates:
    """Episodes in which concepts co-occur, if these aren't too many, and those with the highest
    levels of all concepts, and of the discriminating ones alone: others weigh next to nothing.
    """
    cooccurring, is_cut = _cooccurring(concepts, index)
    if is_cut or len(cooccurring) < MIN_COOCCURRING:
        best = index.until_enough(_stages(concepts), MAX_WEIGHTED * ENOUGH)
    else:
        best = index.until_enough(_stages(concepts, SHARES_WITH_COOCCURRING), ENOUGH)
    if is_cut:
        cooccurring = [*best]
    rare = discriminating(concepts)
    if len(rare) < len(concepts):
        best += index.until_enough(_stages(rare), ENOUGH)
        if any(len(variant.stems) > 1 for concept in rare for variant in concept.variants):
            cooccurring += index.cooccurring(rare, ENOUGH)[0]
    found = list(dict.fromkeys([*cooccurring, *best]))
    return Candidates(found, len(found) >= ENOUGH, cooccurring)


def _phrase(concept: Concept, index: _Index, *, newest: bool) -> Candidates:
    """All passages with the phrase, if few hold its words. Otherwise, until there are enough, the
    documents with the phrase among those with the highest levels of its words, or the newest.
    """
    passage = in_one_passage([concept])
    if index.estimate("search_passage", passage) <= MAX_PHRASE_PASSAGES:
        passages = index.keys(PASSAGES, passage, MAX_PHRASE_PASSAGES)
        if len(passages) < MAX_PHRASE_PASSAGES:
            return Candidates(list(dict.fromkeys(passages)), is_cut=False)
    found: dict[int, None] = {}
    for among in _with_words(concept, index, newest=newest):
        found |= dict.fromkeys(index.keys(PHRASES, any_of([concept]), len(among), among=among))
        if len(found) >= MIN_PHRASES:
            return Candidates(list(found), is_cut=True)
    passages = index.keys(PASSAGES, passage, MAX_PHRASE_PASSAGES)
    found |= dict.fromkeys(passages)
    return Candidates(list(found), is_cut=len(passages) == MAX_PHRASE_PASSAGES)


def _with_words(concept: Concept, index: _Index, *, newest: bool) -> Iterator[list[int]]:
    """Batches of documents with the words of a phrase."""
    if newest:
        for most in (2 * ENOUGH, WALKED):
            yield index.newest(words_of(concept), most)
        return
    for level in LEVELS[:-2]:
        yield index.keys(NEWEST, at_level(concept, level), 2 * ENOUGH)


def _cooccurring(concepts: Sequence[Concept], index: _Index) -> tuple[list[int], bool]:
    """Episodes with a passage that holds every concept or, if these are few, the rarest; whether
    more passages hold every concept than are read.
    """
    rarest = sorted(concepts, key=lambda concept: concept.documents)
    if index.estimate("search_passage", in_one_passage(rarest)) >= MAX_COOCCURRING:
        return [], True
    keys, is_cut = index.cooccurring(rarest, MAX_COOCCURRING)
    found = dict.fromkeys(keys)
    for several in sorted({min(3, len(rarest)), 2} - {len(rarest)}, reverse=True):
        if len(found) >= MIN_COOCCURRING:
            break
        found |= dict.fromkeys(index.cooccurring(rarest[:several], MAX_COOCCURRING)[0])
    return list(found), is_cut


def _stages(concepts: Sequence[Concept], max_shares: int | None = None) -> Iterator[Stage]:
    """Queries from the highest levels of the concepts down; with `max_shares` only the first."""
    rarest = sorted(concepts, key=lambda concept: concept.documents)
    while rarest and rarest[0].documents <= CROWDED:
        yield [words_of_any(rarest[:1], worst=0)]
        rarest = rarest[1:]
    for worst in (SYNONYM, 0) if len(rarest) > 1 else ():
        shares = [weighted(rarest, share, worst) for share in SHARES[:max_shares]]
        if max_shares:
            yield shares
            return
        all_words = [words_of_all(rarest, worst), words_of_all(rarest[:MAX_WEIGHTED], worst)]
        yield shares + all_words
    for concept in rarest:
        yield [at_level(concept, level) for level in LEVELS]
        yield [words_of(concept, longest=1)]
        yield [words_of(concept)]
        # Before all documents that hold a synonym, which may be most: those that say much of it.
        yield [at_level(concept, level, worst=0) for level in LEVELS if 2 * level <= LEVELS[0]]
    yield [words_of_any(concepts, worst=0)]
