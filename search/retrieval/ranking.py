"""Ranking: documents score for each concept they hold, and for those in their best passage."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from django.db import connection
from django.utils import timezone

from search.query.concepts import ExpandedQuery, discriminating
from search.retrieval.expressions import (
    Parameters,
    any_of,
    any_variant,
    bigram_scores,
    bits_where,
    concept_scores,
    matches_any,
    passage_score,
    said,
    total,
)
from search.retrieval.filters import FilterCondition
from search.retrieval.results import MAX_COUNT
from search.retrieval.similarity import WEIGHT, similar_episodes

PASSAGE = 1.2  # weight of the best passage, against the whole document
STACK_PASSAGE = 0.7  # of that, where the passage is the names of the stack
# A page of prose holds some of any query's words. A passage of more than so many stems scores less,
# one of ten times as many half.
LONG, LENGTH = 20, 0.3
COMPLETE = 0.3  # bonus for holding every concept, as a share of their weights
COMPARED = 60  # episodes that are compared by their passages, for each of up to three concepts
THRESHOLD = 0.2  # of the best score, below which an episode that lacks a concept isn't a result

# Rounded shares of the maximum, so that scores as good as equal are equal.
BEST_FIRST = (
    f"round(((score + {PASSAGE} * coalesce(passage_score, 0)) / %(total_weight)s)"
    "::numeric, 2) DESC,"
)

# Filled with constants and placeholders only: all values are parameters.
RANK = """
WITH said AS MATERIALIZED ({said}), similar_episode AS MATERIALIZED ({similar}),
matched AS MATERIALIZED (
    SELECT episode_id, published_at, {exact} AS exact,
           {score} + coalesce({similarity} * similarity, 0) AS concept_score,
           coalesce(is_similar, FALSE) AS is_similar,
           {noted} AS noted, {noted} | coalesce(said.held, 0) AS held
    FROM search_document AS document JOIN search_content AS content USING (episode_id)
         LEFT JOIN said USING (episode_id) LEFT JOIN similar_episode USING (episode_id),
         LATERAL (SELECT {concept_scores} OFFSET 0) AS scores
    WHERE {matching} AND {allowed}
), scored AS (
    SELECT *, concept_score
           + CASE WHEN noted & %(all)s = %(all)s THEN %(complete)s ELSE 0 END AS score
    FROM matched
    WHERE (held & %(discriminating)s > 0 OR is_similar)
    AND held & %(required)s = %(required)s
), results AS (
    SELECT *, count(*) OVER () AS count FROM (
        SELECT *, max(score) OVER () AS best, bool_or(exact = %(every)s) OVER () AS is_answered,
               held = %(every)s AND bool_and(noted <> %(every)s) OVER () AS is_only_said
        FROM scored
    ) AS compared
    WHERE held & %(discriminating)s > 0
          AND (score >= %(threshold)s * best OR held & %(all)s = %(all)s)
    OR is_similar AND NOT is_answered
), shortlist AS (
    SELECT *, row_number() OVER () AS place FROM (
        SELECT * FROM results ORDER BY {by_document} published_at DESC, episode_id DESC
        LIMIT %(most)s
    ) AS best
)
SELECT episode_id, held, exact, count, found FROM (
    SELECT *, (SELECT array_agg(episode_id ORDER BY place) FROM shortlist) AS found,
    CASE WHEN place <= {compared} THEN (
        -- In a CASE, or the index of words is read, which has far more than an episode.
        SELECT coalesce(max(CASE WHEN vector @@ %(any_discriminating)s THEN ({passage_score})
                   * LEAST(1, power({long}::float / length(vector), {length}))
                   * CASE source WHEN 'stack' THEN {stack_passage} ELSE 1 END END), 0)
        FROM search_passage AS passage
        WHERE passage.episode_id = shortlist.episode_id AND {compared_passages}
    ) END AS passage_score FROM shortlist OFFSET 0
) AS compared
ORDER BY {by_score} published_at DESC, episode_id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
FILTERED = """
WITH matched AS MATERIALIZED (
    SELECT episode_id, published_at FROM search_document AS document WHERE {allowed}
)
SELECT episode_id, 0, 0, (SELECT count(*) FROM matched),
    (SELECT array_agg(episode_id) FROM (SELECT episode_id FROM matched LIMIT %(most)s) AS found)
FROM matched ORDER BY published_at DESC, episode_id DESC LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True, slots=True)
class RankedEpisode:
    """An episode's key and, as bits, the concepts it holds and those it holds exactly."""

    episode: int
    held: int
    exact: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """One page, how many episodes match, and the keys of all that can be listed."""

    page: tuple[RankedEpisode, ...] = ()
    count: int = 0
    found: tuple[int, ...] = ()


def rank(
    query: ExpandedQuery,
    filters: FilterCondition,
    *,
    required: int,
    newest: bool,
    limit: int,
    offset: int = 0,
) -> Ranking:
    """Documents with a discriminating and all `required` concepts (bits), in order. One query."""
    parameters = Parameters(now=timezone.now(), limit=limit, offset=offset, most=MAX_COUNT)
    allowed = _allowed(query, filters, parameters)
    if not query.concepts:
        return _execute(FILTERED.format(allowed=allowed), parameters)
    rare = discriminating(query.concepts)
    total_weight = sum(concept.weight for concept in query.concepts) or 1
    parameters |= {
        # The results of a comparison lack one of two on purpose.
        "threshold": 0 if query.is_comparison else THRESHOLD,
        "any_discriminating": any_of(rare),
        "discriminating": _bits(concept in rare for concept in query.concepts),
        "required": required,
        "every": _bits(True for _ in query.concepts),
        "all": _bits(concept.documents > 0 for concept in query.concepts),
        "total_weight": total_weight,
        "complete": COMPLETE * total_weight,
    }
    compared = 0 if newest else COMPARED * min(len(query.concepts), 3)
    concepts = list(enumerate(query.concepts))
    scores = [f"{each.weight} * GREATEST(exact{at}, synonym{at})" for at, each in concepts]
    scores += bigram_scores("said", query, parameters)
    sql = RANK.format(
        allowed=allowed,
        similar=similar_episodes(query.meant, allowed, parameters),
        similarity=WEIGHT * total_weight,
        matching=matches_any(rare, parameters),
        said=said(query, parameters, MAX_COUNT),
        compared_passages="TRUE" if query.is_spoken else "source <> 'cue'",
        stack_passage=STACK_PASSAGE,
        long=LONG,
        length=LENGTH,
        compared=compared,
        by_document="" if newest else "is_only_said DESC, score DESC,",
        by_score="" if newest else f"is_only_said DESC, place > {compared}, {BEST_FIRST}",
        passage_score=passage_score(query, parameters),
        concept_scores=", ".join(concept_scores(each, at, parameters) for at, each in concepts),
        score=total(scores),
        noted=bits_where(f"GREATEST(exact{at}, synonym{at}) > 0" for at, _ in concepts),
        exact=bits_where(f"exact{at} > 0" for at, _ in concepts),
    )
    return _execute(sql, parameters)


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << at for at, flag in enumerate(flags) if flag)


def _allowed(query: ExpandedQuery, filters: FilterCondition, parameters: Parameters) -> str:
    """SQL: whether a document may be found at all."""
    parameters |= filters.parameters
    # IS TRUE, or the planner reads all documents by their date.
    conditions = ["(document.published_at <= %(now)s) IS TRUE", filters.sql]
    if query.excluded:
        exact = chain.from_iterable(each.exact for each in query.excluded)
        parameters["excluded"] = any_variant(exact)
        conditions.append(
            "NOT EXISTS (SELECT FROM search_content AS content WHERE "
            "content.episode_id = document.episode_id AND content.said @@ %(excluded)s) "
            "AND document.episode_id NOT IN (SELECT episode_id FROM search_passage "
            "WHERE source = 'cue' AND vector @@ %(excluded)s)"
        )
    return " AND ".join(conditions)


def _execute(sql: str, parameters: Parameters) -> Ranking:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    page = tuple(RankedEpisode(*row[:3]) for row in rows)
    return Ranking(page, rows[0][3], tuple(rows[0][4])) if rows else Ranking()
