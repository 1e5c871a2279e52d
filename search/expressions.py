"""Concepts as SQL: what finds them, and what a document or a passage says of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from search.concepts import Concept, Pair, Way

# ts_rank's weights of D, C, B and A: the rest, topics, stack, title and guests.
WEIGHTS = "{0.1, 0.6, 0.8, 1.0}"
HEAD_WEIGHTS = "{0, 0, 0.8, 1.0}"

Parameters = dict[str, Any]


def any_of(concepts: Iterable[Concept], *, better_than: float = 0) -> str:
    """A tsquery that finds what holds any of the concepts, in any way that is good enough."""
    ways = [way for concept in concepts for way in concept.ways if way.quality > better_than]
    return " | ".join(map(_tsquery, ways))


# A transcript's words are in its episode's document without their places, so phrases are looked
# for in the passages.
IN_CUES = """
SELECT episode_id FROM search_passage WHERE source = 'cue' AND vector @@ %({query})s
"""
# Phrases of any source are found by passages: a document has to be read for the order of its
# words, and many more documents hold them than passages do.
BY_WORDS_OR_PHRASES = """
episode_id IN (
    SELECT episode_id FROM search_document WHERE vector @@ %(words)s
    UNION ALL SELECT episode_id FROM search_passage WHERE vector @@ %(phrases)s
)
"""


def answers_any(concepts: Sequence[Concept], parameters: Parameters) -> str:
    """SQL: whether a document holds any of these concepts. Adds parameters."""
    ways = [way for concept in concepts for way in concept.ways]
    phrases = [_tsquery(way) for way in ways if len(way.stems) > 1]
    parameters["words"] = " | ".join(_tsquery(way) for way in ways if len(way.stems) == 1)
    parameters["phrases"] = " | ".join(phrases)
    return BY_WORDS_OR_PHRASES if phrases else "vector @@ %(words)s"


def holds_of(concept: Concept, place: int) -> str:
    """SQL: whether a document holds a concept, by %(q…)s, which finds it."""
    held = f"said @@ %(q{place})s"
    if not _has_phrase(concept):
        return held
    return f"({held} OR episode_id IN ({IN_CUES.format(query=f'q{place}')}))"


def _has_phrase(concept: Concept) -> bool:
    return any(len(way.stems) > 1 for way in concept.ways)


def worth_of(concepts: Sequence[Concept], pairs: Sequence[Pair], parameters: Parameters) -> str:
    """SQL: what a passage says of the concepts, and of them side by side. Adds parameters."""
    terms = []
    for place, concept in enumerate(concepts):
        parameters[f"w{place}"] = concept.weight
        terms.append(f"%(w{place})s * {_best_way(concept, place, parameters)}")
    for place, pair in enumerate(pairs):
        parameters |= {f"pair{place}": _tsquery(Way(pair.stems)), f"wp{place}": pair.weight}
        terms.append(f"CASE WHEN vector @@ %(pair{place})s THEN %(wp{place})s ELSE 0 END")
    return total(terms)


def _tsquery(way: Way) -> str:
    suffix = ":AB" if way.in_head else ""
    phrase = " <-> ".join(f"'{stem}'{suffix}" for stem in way.stems)
    return f"({phrase})" if len(way.stems) > 1 else phrase


def value_of(concept: Concept, place: int, parameters: Parameters) -> str:
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
            rank = f"ts_rank('{weights}', said, %({name})s)"
            values.append(f"{quality} * LEAST(1, {len(stems)} * {rank})")
        for number, way in enumerate(ways):
            if len(way.stems) > 1:
                phrase = f"{name}_{number}"
                parameters[phrase] = _tsquery(way)
                ranks = []
                for word, stem in enumerate(dict.fromkeys(way.stems)):
                    parameters[f"{phrase}_{word}"] = f"'{stem}'"
                    ranks.append(f"ts_rank('{weights}', said, %({phrase}_{word})s)")
                values.append(
                    f"CASE WHEN said @@ %({phrase})s THEN {quality} * LEAST({', '.join(ranks)}) END"
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


def total(terms: Iterable[str]) -> str:
    return " + ".join(terms) or "0"
