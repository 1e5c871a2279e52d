"""Concepts as SQL: what finds them, and what a document or a passage says of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from search.query.concepts import LIKE, Concept, Pair, Way

# ts_rank's weights of D, C, B and A: the rest, topics, stack, title and guests.
WEIGHTS = "{0.1, 0.6, 0.8, 1.0}"
HEAD_WEIGHTS = "{0, 0, 0.8, 1.0}"

Parameters = dict[str, Any]


def any_of(concepts: Iterable[Concept], *, better_than: float = 0) -> str:
    """A tsquery that finds what holds any of the concepts, in any way that is good enough."""
    ways = [way for concept in concepts for way in concept.ways if way.quality > better_than]
    return " | ".join(map(_tsquery, ways))


# A transcript's words are in its episode's content without their places, so phrases are looked
# for in the passages.
IN_CUES = """
SELECT episode_id FROM search_passage WHERE source = 'cue' AND vector @@ %({query})s
"""
# Phrases of any source are found by passages: a content has to be read for the order of its
# words, and many more of these hold them than passages do.
BY_WORDS_OR_PHRASES = """
document.episode_id IN (
    SELECT episode_id FROM search_document WHERE vector @@ %(words)s
    UNION ALL SELECT episode_id FROM search_passage WHERE vector @@ %(phrases)s
)
"""


def answers_any(concepts: Sequence[Concept], parameters: Parameters) -> str:
    """SQL: whether a document holds any of these concepts. Adds parameters."""
    ways = [way for concept in concepts for way in concept.ways]
    phrases = [_tsquery(way) for way in ways if len(way.stems) > 1]
    parameters["words"] = " | ".join(f"'{way.stems[0]}'" for way in ways if len(way.stems) == 1)
    parameters["phrases"] = " | ".join(phrases)
    return BY_WORDS_OR_PHRASES if phrases else "document.vector @@ %(words)s"


def holds_of(concept: Concept, place: int, parameters: Parameters) -> str:
    """SQL: whether a document holds a concept, by values_of. Adds parameters."""
    held = f"own{place} > 0 OR like{place} > 0"
    phrases = [way for way in concept.ways if len(way.stems) > 1]
    if not phrases:
        return held
    parameters[f"q{place}"] = " | ".join(map(_tsquery, phrases))
    return f"({held} OR episode_id IN ({IN_CUES.format(query=f'q{place}')}))"


def worth_of(concepts: Sequence[Concept], pairs: Sequence[Pair], parameters: Parameters) -> str:
    """SQL: what a passage says of the concepts, and of them side by side. Adds parameters."""
    terms = []
    for place, concept in enumerate(concepts):
        parameters[f"w{place}"] = concept.weight
        terms.append(f"%(w{place})s * {_best_way(concept, parameters)}")
    for place, pair in enumerate(pairs):
        parameters |= {f"pair{place}": _tsquery(Way(pair.stems)), f"wp{place}": pair.weight}
        terms.append(f"CASE WHEN vector @@ %(pair{place})s THEN %(wp{place})s ELSE 0 END")
    return total(terms)


def _tsquery(way: Way) -> str:
    suffix = ":AB" if way.in_head else ""
    phrase = " <-> ".join(f"'{stem}'{suffix}" for stem in way.stems)
    return f"({phrase})" if len(way.stems) > 1 else phrase


def values_of(concept: Concept, place: int, parameters: Parameters) -> tuple[str, str]:
    """SQL: what a document says of a concept, 0 to 1, in its own words and in like ones: in how
    good a place, and how often. Adds parameters.
    """
    own = [way for way in concept.ways if way.quality > LIKE]
    like = [way for way in concept.ways if way.quality <= LIKE]
    return (
        _value(own, f"own{place}", parameters),
        _value(like, f"like{place}", parameters),
    )


def _value(ways: Sequence[Way], name: str, parameters: Parameters) -> str:
    """SQL: the best that a document makes of these ways."""
    values = ["0"]
    for quality, in_head in sorted({(way.quality, way.in_head) for way in ways}):
        stems = [
            way.stems[0]
            for way in ways
            if (way.quality, way.in_head) == (quality, in_head) and len(way.stems) == 1
        ]
        if stems:
            # ts_rank divides by the number of words asked for.
            rank = _rank(" | ".join(f"'{stem}'" for stem in stems), in_head, parameters)
            values.append(f"{quality} * LEAST(1, {len(stems)} * {rank})")
    phrases = [way for way in ways if len(way.stems) > 1]
    if phrases:
        # First all at once: most documents hold none.
        parameters[name] = " | ".join(map(_tsquery, phrases))
        each = ", ".join(_phrase_value(way, parameters) for way in phrases)
        values.append(f"CASE WHEN said @@ %({name})s THEN GREATEST({each}) ELSE 0 END")
    return f"GREATEST({', '.join(values)})"


def _phrase_value(way: Way, parameters: Parameters) -> str:
    """SQL: what a document says in a phrase: as much as in that of its words it says least of."""
    ranks = [_rank(f"'{stem}'", way.in_head, parameters) for stem in dict.fromkeys(way.stems)]
    phrase = _named(_tsquery(way), parameters)
    return f"CASE WHEN said @@ {phrase} THEN {way.quality} * LEAST({', '.join(ranks)}) END"


def _rank(query: str, in_head: bool, parameters: Parameters) -> str:
    weights = HEAD_WEIGHTS if in_head else WEIGHTS
    return f"ts_rank('{weights}', said, {_named(query, parameters)})"


def _named(value: str, parameters: Parameters) -> str:
    """The place of one more parameter."""
    name = f"p{len(parameters)}"
    parameters[name] = value
    return f"%({name})s"


def _best_way(concept: Concept, parameters: Parameters) -> str:
    """SQL: the quality of the best way in which a passage says a concept; 0 for not at all."""
    cases: list[str] = []
    for quality in sorted({way.quality for way in concept.ways}, reverse=True):
        ways = [way for way in concept.ways if way.quality == quality]
        query = _named(" | ".join(map(_tsquery, ways)), parameters)
        cases.append(f"WHEN vector @@ {query} THEN {quality}")
    return f"CASE {' '.join(cases)} ELSE 0 END"


def total(terms: Iterable[str]) -> str:
    return " + ".join(terms) or "0"
