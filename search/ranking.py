"""What is found, in which order: computed in the database, from the concepts of a query.

An episode's score is what it says of each concept, where rare ones count more, and what its
best passage says of all of them at once: words that meet beat words that are scattered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from episodes.models import EpisodeQuerySet
from search.concepts import LIKE, Concept, Pair, Way

# ts_rank's weights of D, C, B and A: the rest, topics, stack, title and guests.
WEIGHTS = "{0.1, 0.6, 0.8, 1.0}"
HEAD_WEIGHTS = "{0, 0, 0.8, 1.0}"
MEETING = 1.2  # what the best passage counts against the whole document
COMPLETE = 0.3  # what holding every concept adds, as a share of all they weigh
TELLING = 0.4  # of the heaviest concept's weight: others alone make no episode an answer
SHORTLIST = 300  # episodes whose passages are compared
LEAST = 0.35  # of the best score: an episode below it answers something else

_ORDER = "round((score + {meeting} * coalesce(worth, 0))::numeric, 2) DESC,"

Parameters = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """An episode's key, and by bits which concepts it holds, and which in their own words."""

    episode: int
    holds: int
    plainly: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """One page of what was found, and how much there is in all."""

    found: tuple[Found, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `episodes`: only those, if given. `needed`: bits of the concepts
    that must be held. `limit` and `offset` cut a page out of what is found.
    """

    concepts: Sequence[Concept]
    pairs: Sequence[Pair]
    excluded: Sequence[Concept]
    episodes: EpisodeQuerySet | None
    needed: int
    newest: bool
    limit: int
    offset: int


def newest_first(wanted: Wanted, now: datetime) -> Ranked:
    """Where there are filters only: the documents that pass, newest first. One query."""
    parameters: Parameters = {"now": now, "limit": wanted.limit, "offset": wanted.offset}
    parameters["not"] = any_of(wanted.excluded)
    narrowed = _narrowed(wanted.episodes, parameters)
    return _ranked(
        f"""
        SELECT episode_id, 0, 0, count(*) OVER () FROM search_document AS document
        WHERE published_at <= %(now)s AND NOT vector @@ %(not)s {narrowed}
        ORDER BY published_at DESC, episode_id DESC LIMIT %(limit)s OFFSET %(offset)s
        """,  # noqa: S608
        parameters,
    )


def rank(wanted: Wanted, now: datetime) -> Ranked:
    """The documents that answer, best first. One query.

    Looked at are those that hold a telling concept; the passages, of the SHORTLIST of them
    that say most.
    """
    concepts = wanted.concepts
    parameters: Parameters = {"now": now, "limit": wanted.limit, "offset": wanted.offset}
    parameters |= {"telling": any_of(telling(concepts)), "not": any_of(wanted.excluded)}
    parameters |= {"needed": wanted.needed, "least": LEAST, "shortlist": SHORTLIST}
    parameters["all"] = (1 << len(concepts)) - 1
    parameters["complete"] = COMPLETE * sum(concept.weight for concept in concepts)
    worth = worth_of(concepts, wanted.pairs, parameters)
    values, holds, plainly = [], [], []
    for place, concept in enumerate(concepts):
        parameters[f"q{place}"] = any_of([concept])
        parameters[f"own{place}"] = any_of([concept], better_than=LIKE)
        values.append(f"%(w{place})s * {_value(concept, place, parameters)}")
        holds.append(f"CASE WHEN vector @@ %(q{place})s THEN {1 << place} ELSE 0 END")
        plainly.append(f"CASE WHEN vector @@ %(own{place})s THEN {1 << place} ELSE 0 END")
    for place, _ in enumerate(wanted.pairs):
        values.append(f"CASE WHEN vector @@ %(pair{place})s THEN %(wp{place})s ELSE 0 END")
    narrowed = _narrowed(wanted.episodes, parameters)
    # Put together from constants and numbered names; all values are parameters.
    sql = f"""
        WITH answers AS MATERIALIZED (
            SELECT episode_id, published_at, {_sum(values)} AS says, {_sum(holds)} AS holds,
                   {_sum(plainly)} AS plainly
            FROM search_document AS document
            WHERE vector @@ %(telling)s AND NOT vector @@ %(not)s
              AND published_at <= %(now)s {narrowed}
        ), scored AS (
            SELECT *, says + CASE WHEN holds = %(all)s THEN %(complete)s ELSE 0 END AS score
            FROM answers WHERE holds & %(needed)s = %(needed)s
        ), kept AS (
            SELECT *, count(*) OVER () AS count FROM (
                SELECT *, max(score) OVER () AS best FROM scored
            ) AS compared WHERE score >= %(least)s * best
        ), shortlist AS MATERIALIZED (
            SELECT * FROM kept
            ORDER BY {"" if wanted.newest else "score DESC,"} published_at DESC, episode_id DESC
            LIMIT %(shortlist)s
        ), best AS (
            SELECT episode_id, max({worth}) AS worth FROM search_passage
            WHERE vector @@ %(telling)s
              AND episode_id = ANY (ARRAY(SELECT episode_id FROM shortlist))
            GROUP BY episode_id
        )
        SELECT episode_id, holds, plainly, count FROM shortlist LEFT JOIN best USING (episode_id)
        ORDER BY {"" if wanted.newest else _ORDER.format(meeting=MEETING)} published_at DESC, episode_id DESC
        LIMIT %(limit)s OFFSET %(offset)s
    """  # noqa: S608
    return _ranked(sql, parameters)


def telling(concepts: Sequence[Concept]) -> list[Concept]:
    """The concepts that tell episodes apart: those not much more common than the rarest."""
    most = max((concept.weight for concept in concepts), default=0)
    return [concept for concept in concepts if concept.weight >= TELLING * most]


def _ranked(sql: str, parameters: Parameters) -> Ranked:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    return Ranked(tuple(Found(*row[:3]) for row in rows), rows[0][3] if rows else 0)


def any_of(concepts: Iterable[Concept], *, better_than: float = 0) -> str:
    """A tsquery that finds what holds any of the concepts, in any way that is good enough."""
    ways = [way for concept in concepts for way in concept.ways if way.quality > better_than]
    return " | ".join(map(_tsquery, ways))


def worth_of(concepts: Sequence[Concept], pairs: Sequence[Pair], parameters: Parameters) -> str:
    """SQL: what a passage says of the concepts, and of them side by side. Adds parameters."""
    terms = []
    for place, concept in enumerate(concepts):
        parameters[f"w{place}"] = concept.weight
        terms.append(f"%(w{place})s * {_best_way(concept, place, parameters)}")
    for place, pair in enumerate(pairs):
        parameters |= {f"pair{place}": _tsquery(Way(pair.stems)), f"wp{place}": pair.weight}
        terms.append(f"CASE WHEN vector @@ %(pair{place})s THEN %(wp{place})s ELSE 0 END")
    return _sum(terms)


def _tsquery(way: Way) -> str:
    suffix = ":AB" if way.in_head else ""
    phrase = " <-> ".join(f"'{stem}'{suffix}" for stem in way.stems)
    return f"({phrase})" if len(way.stems) > 1 else phrase


def _value(concept: Concept, place: int, parameters: Parameters) -> str:
    """SQL: what a document says of a concept, 0 to 1: in how good a place, and how often."""
    values = ["0"]
    for quality, in_head in sorted({(way.quality, way.in_head) for way in concept.ways}):
        name = f"v{place}_{len(values)}"
        ways = [way for way in concept.ways if (way.quality, way.in_head) == (quality, in_head)]
        weights = HEAD_WEIGHTS if in_head else WEIGHTS
        stems = [way.stems[0] for way in ways if len(way.stems) == 1]
        if stems:
            # ts_rank divides by the number of words asked for.
            parameters[name] = " | ".join(f"'{stem}'" for stem in stems)
            rank = f"ts_rank('{weights}', vector, %({name})s)"
            values.append(f"{quality} * LEAST(1, {len(stems)} * {rank})")
        for number, way in enumerate(ways):
            if len(way.stems) > 1:
                phrase = f"{name}_{number}"
                parameters[phrase] = _tsquery(way)
                ranks = []
                for word, stem in enumerate(dict.fromkeys(way.stems)):
                    parameters[f"{phrase}_{word}"] = f"'{stem}'"
                    ranks.append(f"ts_rank('{weights}', vector, %({phrase}_{word})s)")
                values.append(
                    f"CASE WHEN vector @@ %({phrase})s"
                    f" THEN {quality} * LEAST({', '.join(ranks)}) END"
                )
    return f"GREATEST({', '.join(values)})"


def _best_way(concept: Concept, place: int, parameters: Parameters) -> str:
    """SQL: the quality of the best way in which a passage says a concept; 0 for not at all."""
    cases: list[str] = []
    for quality in sorted({way.quality for way in concept.ways}, reverse=True):
        name = f"p{place}_{len(cases)}"
        ways = [way for way in concept.ways if way.quality == quality]
        parameters[name] = " | ".join(map(_tsquery, ways))
        cases.append(f"WHEN vector @@ %({name})s THEN {quality}")
    return f"CASE {' '.join(cases)} ELSE 0 END"


def _sum(terms: Iterable[str]) -> str:
    return " + ".join(terms) or "0"


def _narrowed(episodes: EpisodeQuerySet | None, parameters: Parameters) -> str:
    """SQL that keeps only these episodes; adds the ORM's parameters under names."""
    if episodes is None:
        return ""
    sql, values = episodes.order_by().values("pk").query.sql_with_params()
    names = {f"f{place}": value for place, value in enumerate(values)}
    parameters |= names
    sql = sql.replace("%s", "{}").format(*(f"%({name})s" for name in names))
    return f"AND document.episode_id IN ({sql})"
