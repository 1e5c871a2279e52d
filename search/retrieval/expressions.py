"""SQL for concepts: what matches them, and what scores. Values are added to `parameters`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from search.query.concepts import Concept, ExpandedQuery, Variant

# ts_rank's weights of D, C, B and A: other texts, topics, stack, title and guests.
WEIGHTS = "{0.1, 0.6, 0.8, 1.0}"
TITLE_WEIGHTS = "{0, 0, 0.8, 1.0}"
# Phrases are found by their passages: of more contents, each would have to be read.
MATCHING = """
document.episode_id IN (
    SELECT episode_id FROM search_document WHERE vector @@ %(words)s
    UNION ALL
    SELECT episode_id FROM search_passage WHERE source <> 'cue' AND vector @@ %(phrases)s
    UNION ALL SELECT episode_id FROM said
    UNION ALL SELECT episode_id FROM similar_episode WHERE is_similar
)
"""
# An hour of speech holds any query's words, so transcripts find what no notes hold, what is quoted,
# and episodes that say all of the query in one passage, a single word in several.
OFTEN = 3
SAID = """
SELECT episode_id, bit_or({held}) AS held FROM search_passage
WHERE source = 'cue' AND vector @@ %(said)s
GROUP BY episode_id HAVING count(*) >= {times}
"""


class Parameters(dict[str, Any]):
    """A statement's values by the names of their placeholders."""

    def add(self, value: Any) -> str:
        """A placeholder for one more value."""
        name = f"p{len(self)}"
        self[name] = value
        return f"%({name})s"


def any_of(concepts: Iterable[Concept]) -> str:
    """A tsquery for any of the concepts, in any variant."""
    return any_variant(variant for concept in concepts for variant in concept.variants)


def any_variant(variants: Iterable[Variant]) -> str:
    return " | ".join(map(_tsquery, variants))


def matches_any(concepts: Sequence[Concept], parameters: Parameters) -> str:
    """SQL: whether a document matches any of these concepts."""
    variants = [variant for concept in concepts for variant in concept.variants]
    # Without their weights, which documents lack.
    parameters["words"] = " | ".join(
        f"'{each.stems[0]}'" for each in variants if not each.is_phrase
    )
    parameters["phrases"] = any_variant(each for each in variants if each.is_phrase)
    return MATCHING


def said(query: ExpandedQuery, parameters: Parameters, most: int) -> str:
    """SQL: the episodes whose transcript answers, with the concepts it holds as bits. If the notes
    of `most` episodes hold each concept, transcripts are only asked for what is quoted.
    """
    each_said = [any_variant(concept.exact) for concept in query.concepts]
    is_rare = any(concept.documents < most for concept in query.concepts)
    together = " & ".join(f"({each})" for each in each_said)
    alone = [
        each
        for each, concept in zip(each_said, query.concepts, strict=True)
        if concept.is_quoted or query.is_spoken
    ]
    parameters["said"] = " | ".join(
        [together, *alone] if is_rare and not query.is_comparison else alone
    )
    return SAID.format(
        times=1 if alone or len(each_said) > 1 else OFTEN, held=passage_holds(query, parameters)
    )


def passage_holds(query: ExpandedQuery, parameters: Parameters) -> str:
    """SQL: the concepts that a passage holds, as bits."""
    return bits_where(f"vector @@ {parameters.add(any_of([each]))}" for each in query.concepts)


def bits_where(conditions: Iterable[str]) -> str:
    """SQL: the conditions that are true, as bits."""
    return total(
        f"CASE WHEN {condition} THEN {1 << at} ELSE 0 END"
        for at, condition in enumerate(conditions)
    )


def concept_scores(concept: Concept, index: int, parameters: Parameters) -> str:
    """SQL: a document's scores, 0 to 1, for a concept's best exact variant and best synonym."""
    return (
        f"{_best_score(concept.exact, parameters)} AS exact{index}, "
        f"{_best_score(concept.synonyms, parameters)} AS synonym{index}"
    )


def passage_score(query: ExpandedQuery, parameters: Parameters) -> str:
    """SQL: what a passage scores for the concepts and bigrams it holds."""
    scores = [f"{each.weight} * {_best_quality(each, parameters)}" for each in query.concepts]
    return total([*scores, *bigram_scores("vector", query, parameters)])


def bigram_scores(vector: str, query: ExpandedQuery, parameters: Parameters) -> Iterator[str]:
    """SQL: what each bigram adds where a vector holds it."""
    for each in query.bigrams:
        tsquery = parameters.add(_tsquery(each))
        yield f"CASE WHEN {vector} @@ {tsquery} THEN {each.quality} ELSE 0 END"


def total(terms: Iterable[str]) -> str:
    return " + ".join(terms) or "0"


def _tsquery(variant: Variant) -> str:
    suffix = ":AB" if variant.title_only else ""
    phrase = " <-> ".join(f"'{stem}'{suffix}" for stem in variant.stems)
    return f"({phrase})" if variant.is_phrase else phrase


def _best_score(variants: Sequence[Variant], parameters: Parameters) -> str:
    """SQL: the best score of a document for these: a phrase's is that of its weakest word."""
    scores = ["0"]
    words = [each for each in variants if not each.is_phrase]
    for quality, title_only in sorted({(each.quality, each.title_only) for each in words}):
        alike = [each for each in words if (each.quality, each.title_only) == (quality, title_only)]
        # ts_rank divides by the number of words in the query.
        rank = _rank(any_variant(alike), title_only, parameters)
        scores.append(f"{quality} * LEAST(1, {len(alike)} * {rank})")
    phrases = []
    for each in variants:
        if each.is_phrase:
            stems = dict.fromkeys(each.stems)
            ranks = ", ".join(_rank(f"'{stem}'", each.title_only, parameters) for stem in stems)
            holds = f"said @@ {parameters.add(_tsquery(each))}"
            phrases.append(f"CASE WHEN {holds} THEN {each.quality} * LEAST({ranks}) END")
    if phrases:
        # First all at once: most documents hold none.
        any_phrase = any_variant(each for each in variants if each.is_phrase)
        holds = f"said @@ {parameters.add(any_phrase)}"
        scores.append(f"CASE WHEN {holds} THEN GREATEST({', '.join(phrases)}) ELSE 0 END")
    return f"GREATEST({', '.join(scores)})"


def _rank(tsquery: str, title_only: bool, parameters: Parameters) -> str:
    weights = TITLE_WEIGHTS if title_only else WEIGHTS
    return f"ts_rank('{weights}', said, {parameters.add(tsquery)})"


def _best_quality(concept: Concept, parameters: Parameters) -> str:
    """SQL: the quality of the best variant that a passage holds, or 0."""
    cases = []
    for quality in sorted({each.quality for each in concept.variants}, reverse=True):
        tsquery = any_variant(each for each in concept.variants if each.quality == quality)
        cases.append(f"WHEN vector @@ {parameters.add(tsquery)} THEN {quality}")
    return f"CASE {' '.join(cases)} ELSE 0 END"
