"""What is found, in which order: computed in the database, from the concepts of a query.

An episode's score is what it says of each concept, where rare ones count more, and what its
best passage says of all of them at once: words that meet beat words that are scattered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from search.query.concepts import LIKE, Concept, Pair, telling
from search.retrieval.candidates import crowd
from search.retrieval.expressions import (
    IN_CUES,
    Parameters,
    answers_any,
    any_of,
    holds_of,
    total,
    values_of,
    worth_of,
)
from search.retrieval.filters import Narrowed
from search.retrieval.results import MOST_COUNTED

MEETING = 1.2  # what the best passage counts against the whole document
STACK = 0.7  # of that, where what meets are the names of the stack
COMPLETE = 0.3  # what holding every concept adds, as a share of all they weigh
SHORTLIST = 500  # episodes that are listed
COMPARED = 60  # of them by their passages, for each of up to three concepts
COMPARED_IN_CROWDS = 200  # at most: where concepts meet is known there
LEAST = 0.2  # of the best score: an episode below it answers something else
LEAST_BY_DATE = 0.35  # where what is newest comes first, however little it says

# As a share of all that was asked for, so that what is as good as equal is equal.
BEST_FIRST = f"round(((score + {MEETING} * coalesce(worth, alone)) / %(whole)s)::numeric, 2) DESC,"


@dataclass(frozen=True, slots=True)
class Found:
    """An episode's key, and by bits which concepts it holds, and which in their own words."""

    episode: int
    holds: int
    plainly: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """One page of what was found, how much can be listed, and how much there is in all."""

    found: tuple[Found, ...]
    listed: int
    count: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `needed`: bits of the concepts that must be held. `limit` and `offset`
    cut a page out of what is found.
    """

    concepts: Sequence[Concept]
    pairs: Sequence[Pair]
    excluded: Sequence[Concept]
    narrowed: Narrowed
    needed: int
    newest: bool
    limit: int
    offset: int


def newest_first(wanted: Wanted, now: datetime) -> Ranked:
    """Where there are filters only: the documents that pass, newest first. One query."""
    parameters: Parameters = {"now": now, "limit": wanted.limit, "offset": wanted.offset}
    allowed = allowed_by(wanted, parameters)
    return _ranked(
        f"""
        SELECT episode_id, 0, 0, count(*) OVER () FROM search_document AS document
        WHERE {allowed}
        ORDER BY published_at DESC, episode_id DESC LIMIT %(limit)s OFFSET %(offset)s
        """,  # noqa: S608
        parameters,
    )


def rank(wanted: Wanted, now: datetime) -> Ranked:
    """The documents that answer, best first. One query, and some of crowd()'s where many do.

    Looked at are those that hold a telling concept; the passages, of those of them that say most.
    """
    concepts = wanted.concepts
    parameters: Parameters = {"now": now, "limit": wanted.limit, "offset": wanted.offset}
    tells = telling(concepts)
    parameters["telling"] = any_of(tells)
    parameters["tells"] = sum(1 << place for place, each in enumerate(concepts) if each in tells)
    parameters |= {"needed": wanted.needed, "shortlist": SHORTLIST}
    parameters["least"] = LEAST_BY_DATE if wanted.newest else LEAST
    parameters["all"] = sum(1 << place for place, each in enumerate(concepts) if each.documents)
    parameters["whole"] = sum(concept.weight for concept in concepts) or 1
    parameters["complete"] = COMPLETE * parameters["whole"]
    worth = worth_of(concepts, wanted.pairs, parameters)
    says, holds, plainly, values = _columns(wanted, parameters)
    allowed = allowed_by(wanted, parameters)
    of_crowd = crowd(
        tells if wanted.newest else concepts, allowed, parameters, newest=wanted.newest
    )
    answering = answers_any(tells, parameters)
    if of_crowd:
        parameters["candidates"] = of_crowd.episodes
        answering = "document.episode_id = ANY (%(candidates)s)"
    compared = 0 if wanted.newest else COMPARED * min(len(concepts), 3)
    alone, together = _hoped(wanted)
    hoped = "0"
    if of_crowd:
        parameters["meeting"] = of_crowd.meeting
        hoped = f"CASE WHEN episode_id = ANY (%(meeting)s) THEN {together} ELSE {alone} END"
        compared = min(2 * compared, COMPARED_IN_CROWDS)
    # Put together from constants and numbered names; all values are parameters.
    sql = f"""
        WITH answers AS MATERIALIZED (
            SELECT episode_id, published_at, {says} AS says, {holds} AS holds,
                   {plainly} AS plainly
            FROM search_document AS document JOIN search_content AS content USING (episode_id),
                 LATERAL (SELECT {values} OFFSET 0) AS value
            WHERE {answering} AND {allowed}
        ), scored AS (
            SELECT *, says + CASE holds & %(all)s WHEN %(all)s THEN %(complete)s ELSE 0 END
                          AS score, {alone} AS alone, {hoped} AS hoped
            FROM answers
            WHERE holds & %(tells)s > 0 AND holds & %(needed)s = %(needed)s
        ), kept AS (
            SELECT *, count(*) OVER () AS count FROM (
                SELECT *, max(score) OVER () AS best FROM scored
            ) AS compared WHERE score >= %(least)s * best
        ), shortlist AS (
            SELECT *, row_number() OVER () AS place FROM (
                SELECT * FROM kept
                ORDER BY {"" if wanted.newest else f"score + {MEETING} * hoped DESC,"}
                         published_at DESC, episode_id DESC
                LIMIT %(shortlist)s
            ) AS best
        )
        SELECT episode_id, holds, plainly, count FROM (
            SELECT *, CASE WHEN place <= {compared} THEN (
                -- In a CASE, lest the index of words is read: it has far more than an episode.
                SELECT max(CASE WHEN vector @@ %(telling)s THEN
                           ({worth}) * CASE source WHEN 'stack' THEN {STACK} ELSE 1 END END)
                FROM search_passage AS passage WHERE passage.episode_id = shortlist.episode_id
            ) END AS worth FROM shortlist OFFSET 0
        ) AS compared
        -- What was not compared is only hoped to be worth what it may be.
        ORDER BY {"" if wanted.newest else f"place > {compared}, {BEST_FIRST}"}
                 published_at DESC, episode_id DESC
        LIMIT %(limit)s OFFSET %(offset)s
    """  # noqa: S608
    ranked = _ranked(sql, parameters)
    if of_crowd and of_crowd.is_cut and ranked.found:
        return replace(ranked, count=max(ranked.count, MOST_COUNTED + 1))
    return ranked


def _columns(wanted: Wanted, parameters: Parameters) -> tuple[str, str, str, str]:
    """SQL of what a document says in all, and by bits which concepts it holds, and which in
    their own words; and of the values these are made of. Adds parameters.
    """
    says, holds, plainly, values = [], [], [], []
    for place, concept in enumerate(wanted.concepts):
        own, like = values_of(concept, place, parameters)
        values += [f"{own} AS own{place}", f"{like} AS like{place}"]
        says.append(f"%(w{place})s * GREATEST(own{place}, like{place})")
        holds.append(
            f"CASE WHEN {holds_of(concept, place, parameters)} THEN {1 << place} ELSE 0 END"
        )
        plainly.append(f"CASE WHEN own{place} > 0 THEN {1 << place} ELSE 0 END")
    for place, _ in enumerate(wanted.pairs):
        says.append(f"CASE WHEN said @@ %(pair{place})s THEN %(wp{place})s ELSE 0 END")
    return total(says), total(holds), total(plainly), ", ".join(values)


def _hoped(wanted: Wanted) -> tuple[str, str]:
    """SQL: what a document's best passage may be worth, where no concepts meet in it and where
    all may that it holds. By the parameters of worth_of.
    """
    each = [
        f"CASE WHEN holds & {1 << place} > 0 THEN %(w{place})s ELSE 0 END"
        for place, _ in enumerate(wanted.concepts)
    ]
    pairs = [f"%(wp{place})s" for place, _ in enumerate(wanted.pairs)]
    return f"GREATEST({', '.join(each)})", f"({total(each + pairs)})"


def allowed_by(wanted: Wanted, parameters: Parameters) -> str:
    """SQL: whether a document may be found at all. Adds parameters."""
    parameters |= wanted.narrowed.parameters
    # As a test of the truth, lest the planner reads all documents by their date for it.
    conditions = ["(document.published_at <= %(now)s) IS TRUE", wanted.narrowed.condition]
    if wanted.excluded:
        parameters["not"] = any_of(wanted.excluded, better_than=LIKE)
        conditions.append(
            "NOT EXISTS (SELECT FROM search_content AS content WHERE "
            "content.episode_id = document.episode_id AND content.said @@ %(not)s) "
            f"AND document.episode_id NOT IN ({IN_CUES.format(query='not')})"
        )
    return " AND ".join(conditions)


def _ranked(sql: str, parameters: Parameters) -> Ranked:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    count = rows[0][3] if rows else 0
    return Ranked(tuple(Found(*row[:3]) for row in rows), min(count, SHORTLIST), count)
