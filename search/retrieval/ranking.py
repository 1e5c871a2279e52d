"""Ranking: scores documents in the database by the concepts of a query.

A document scores for each concept, by its idf, and for its best passage, by all concepts at once:
words close together beat scattered ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from search.query.concepts import SYNONYM, Bigram, Concept, discriminating
from search.retrieval.candidates import select_candidates
from search.retrieval.expressions import (
    IN_CUES,
    Parameters,
    any_of,
    bigram_score,
    concept_scores,
    matches,
    matches_any,
    passage_score,
    total,
)
from search.retrieval.filters import FilterCondition
from search.retrieval.results import MAX_COUNT

PASSAGE = 1.2  # weight of the best passage, against the whole document
STACK_PASSAGE = 0.7  # of that, where the passage is the names of the stack
COMPLETE = 0.3  # bonus for holding every concept, as a share of their weights
SHORTLIST = 500  # episodes that can be listed
COMPARED = 60  # of them are compared by their passages, for each of up to three concepts
COMPARED_CANDIDATES = 200  # at most, of a selection: there it's known where concepts co-occur
THRESHOLD = 0.2  # of the best score, below which an episode is no result
THRESHOLD_BY_DATE = 0.35  # where the newest comes first, whatever it scores

# Rounded shares of the maximum, so that scores as good as equal are equal.
BEST_FIRST = (
    f"round(((score + {PASSAGE} * coalesce(passage_score, single_bound)) / %(total_weight)s)"
    "::numeric, 2) DESC,"
)


# Filled with constants and placeholders only: all values are parameters.
RANK = """
WITH matched AS MATERIALIZED (
    SELECT episode_id, published_at, {score} AS concept_score, {held} AS held, {exact} AS exact
    FROM search_document AS document JOIN search_content AS content USING (episode_id),
         LATERAL (SELECT {concept_scores} OFFSET 0) AS scores
    WHERE {matching} AND {allowed}
), scored AS (
    SELECT *, concept_score + CASE held & %(all)s WHEN %(all)s THEN %(complete)s ELSE 0 END
              AS score, {single_bound} AS single_bound, {upper_bound} AS upper_bound
    FROM matched
    WHERE held & %(discriminating)s > 0 AND held & %(required)s = %(required)s
), results AS (
    SELECT *, count(*) OVER () AS count FROM (
        SELECT *, max(score) OVER () AS best FROM scored
    ) AS compared WHERE score >= %(threshold)s * best
), shortlist AS (
    SELECT *, row_number() OVER () AS place FROM (
        SELECT * FROM results ORDER BY {by_bound} published_at DESC, episode_id DESC
        LIMIT %(shortlist)s
    ) AS best
)
SELECT episode_id, held, exact, count FROM (
    SELECT *, CASE WHEN place <= {compared} THEN (
        -- In a CASE, or the index of words is read, which has far more than an episode.
        SELECT max(CASE WHEN vector @@ %(any_discriminating)s THEN ({passage_score})
                   * CASE source WHEN 'stack' THEN {stack_passage} ELSE 1 END END)
        FROM search_passage AS passage WHERE passage.episode_id = shortlist.episode_id
    ) END AS passage_score FROM shortlist OFFSET 0
) AS compared
ORDER BY {by_score} published_at DESC, episode_id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
NEWEST = """
SELECT episode_id, 0, 0, count(*) OVER () FROM search_document AS document WHERE {allowed}
ORDER BY published_at DESC, episode_id DESC LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True, slots=True)
class RankedEpisode:
    """An episode's key and, as bits, the concepts it holds and those it holds exactly."""

    episode: int
    held: int
    exact: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """One page of the ranking, how many episodes can be listed, and how many match."""

    page: tuple[RankedEpisode, ...]
    listed: int
    count: int


@dataclass(frozen=True, slots=True)
class RankingRequest:
    """`required`: the concepts that must be held, as bits. `limit` and `offset` cut a page out."""

    concepts: Sequence[Concept]
    bigrams: Sequence[Bigram]
    excluded: Sequence[Concept]
    filters: FilterCondition
    required: int
    newest: bool
    limit: int
    offset: int


def newest_first(request: RankingRequest, now: datetime) -> Ranking:
    """For queries of filters alone: the documents that pass, newest first. One query."""
    parameters = Parameters(now=now, limit=request.limit, offset=request.offset)
    return _execute(NEWEST.format(allowed=_allowed(request, parameters)), parameters)


def rank(request: RankingRequest, now: datetime) -> Ranking:
    """The matching documents, best first. One query, and a few more for frequent terms.

    A document needs a discriminating concept to match. Only the best are compared by passages.
    """
    concepts, newest = request.concepts, request.newest
    rare = discriminating(concepts)
    total_weight = sum(concept.weight for concept in concepts) or 1
    parameters = Parameters(
        now=now,
        limit=request.limit,
        offset=request.offset,
        shortlist=SHORTLIST,
        threshold=THRESHOLD_BY_DATE if newest else THRESHOLD,
        any_discriminating=any_of(rare),
        discriminating=_bits(concept in rare for concept in concepts),
        required=request.required,
        all=_bits(bool(concept.documents) for concept in concepts),
        total_weight=total_weight,
        complete=COMPLETE * total_weight,
    )
    sql = {
        "passage_score": passage_score(concepts, request.bigrams, parameters),
        "stack_passage": STACK_PASSAGE,
        **_columns(request, parameters),
        "allowed": _allowed(request, parameters),
        "upper_bound": "0",
    }
    candidates = select_candidates(
        rare if newest else concepts, sql["allowed"], parameters, newest=newest
    )
    sql["matching"] = matches_any(rare, parameters)
    compared = 0 if newest else COMPARED * min(len(concepts), 3)
    if candidates:
        parameters |= {"candidates": candidates.episodes, "cooccurring": candidates.cooccurring}
        sql["matching"] = "document.episode_id = ANY (%(candidates)s)"
        sql["upper_bound"] = (
            "CASE WHEN episode_id = ANY (%(cooccurring)s)"
            f" THEN {sql['full_bound']} ELSE {sql['single_bound']} END"
        )
        compared = min(2 * compared, COMPARED_CANDIDATES)
    sql["compared"] = compared
    sql["by_bound"] = "" if newest else f"score + {PASSAGE} * upper_bound DESC,"
    sql["by_score"] = "" if newest else f"place > {compared}, {BEST_FIRST}"
    ranking = _execute(RANK.format(**sql), parameters)
    if candidates and candidates.is_cut and ranking.page:
        return replace(ranking, count=max(ranking.count, MAX_COUNT + 1))
    return ranking


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << index for index, flag in enumerate(flags) if flag)


def _columns(request: RankingRequest, parameters: Parameters) -> dict[str, Any]:
    """SQL of a document's scores, of the concepts it holds, and of the bounds of its best
    passage's score: if that holds a single concept, and if it holds all that the document does.

    After passage_score(), whose parameters it shares.
    """
    concepts = list(enumerate(request.concepts))
    bigrams = range(len(request.bigrams))
    scores = [
        f"%(weight{index})s * GREATEST(exact{index}, synonym{index})" for index, _ in concepts
    ]
    weights = [
        f"CASE WHEN held & {1 << index} > 0 THEN %(weight{index})s ELSE 0 END"
        for index, _ in concepts
    ]
    return {
        "concept_scores": ", ".join(
            concept_scores(concept, index, parameters) for index, concept in concepts
        ),
        "score": total([*scores, *(bigram_score("said", index) for index in bigrams)]),
        "held": _bits_where(matches(concept, index, parameters) for index, concept in concepts),
        "exact": _bits_where(f"exact{index} > 0" for index, _ in concepts),
        "single_bound": f"GREATEST({', '.join(weights)})",
        "full_bound": f"({total(weights + [f'%(bigram_weight{index})s' for index in bigrams])})",
    }


def _bits_where(conditions: Iterable[str]) -> str:
    return total(
        f"CASE WHEN {condition} THEN {1 << index} ELSE 0 END"
        for index, condition in enumerate(conditions)
    )


def _allowed(request: RankingRequest, parameters: Parameters) -> str:
    """SQL: whether a document may be found at all."""
    parameters |= request.filters.parameters
    # IS TRUE, or the planner reads all documents by their date.
    conditions = ["(document.published_at <= %(now)s) IS TRUE", request.filters.sql]
    if request.excluded:
        parameters["excluded"] = any_of(request.excluded, better_than=SYNONYM)
        conditions.append(
            "NOT EXISTS (SELECT FROM search_content AS content WHERE "
            "content.episode_id = document.episode_id AND content.said @@ %(excluded)s) "
            f"AND document.episode_id NOT IN ({IN_CUES.format(query='excluded')})"
        )
    return " AND ".join(conditions)


def _execute(sql: str, parameters: Parameters) -> Ranking:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    count = rows[0][3] if rows else 0
    return Ranking(tuple(RankedEpisode(*row[:3]) for row in rows), min(count, SHORTLIST), count)
