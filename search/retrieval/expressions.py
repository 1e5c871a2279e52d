"""SQL expressions for concepts: what matches them, and what documents and passages score.

Functions that take `parameters` add the values to which their SQL refers.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from search.query.concepts import SYNONYM, Concept, ExpandedQuery, Variant

# ts_rank's weights of D, C, B and A: other texts, topics, stack, title and guests.
WEIGHTS = "{0.1, 0.6, 0.8, 1.0}"
TITLE_WEIGHTS = "{0, 0, 0.8, 1.0}"
# Any phrase is found by its passages: more contents hold its words, and each would have to be
# read for their order.
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


def any_of(concepts: Iterable[Concept], *, better_than: float = 0) -> str:
    """A tsquery for any of the concepts, in any variant of a better quality."""
    return _any_variant(
        variant
        for concept in concepts
        for variant in concept.variants
        if variant.quality > better_than
    )


def matches_any(concepts: Sequence[Concept], parameters: Parameters) -> str:
    """SQL: whether a document matches any of these concepts."""
    variants = [variant for concept in concepts for variant in concept.variants]
    phrases = [each for each in variants if len(each.stems) > 1]
    parameters["words"] = _any_stem(each.stems[0] for each in variants if len(each.stems) == 1)
    parameters["phrases"] = _any_variant(phrases)
    return MATCHING


def said(query: ExpandedQuery, parameters: Parameters, most: int) -> str:
    """SQL: the episodes whose transcript answers, with the concepts it holds as bits. If the notes
    of `most` episodes hold each concept, transcripts are only asked for what is quoted.
    """
    each_said = [any_of([concept], better_than=SYNONYM) for concept in query.concepts]
    is_rare = any(concept.documents < most for concept in query.concepts)
    together = " & ".join(f"({each})" for each in each_said)
    alone = [
        each
        for each, concept in zip(each_said, query.concepts, strict=True)
        if concept.is_quoted or (query.is_spoken and concept.documents)
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
    exact = [each for each in concept.variants if each.quality > SYNONYM]
    synonyms = [each for each in concept.variants if each.quality <= SYNONYM]
    return (
        f"{_best_score(exact, f'exact{index}', parameters)} AS exact{index}, "
        f"{_best_score(synonyms, f'synonym{index}', parameters)} AS synonym{index}"
    )


def passage_score(query: ExpandedQuery, parameters: Parameters) -> str:
    """SQL: what a passage scores for the concepts and bigrams it holds."""
    terms = []
    for index, concept in enumerate(query.concepts):
        parameters[f"weight{index}"] = concept.weight
        terms.append(f"%(weight{index})s * {_best_quality(concept, parameters)}")
    for index, bigram in enumerate(query.bigrams):
        parameters[f"bigram{index}"] = _tsquery(Variant(bigram.stems))
        parameters[f"bigram_weight{index}"] = bigram.weight
        terms.append(bigram_score("vector", index))
    return total(terms)


def bigram_score(vector: str, index: int) -> str:
    """SQL, with the parameters of passage_score()."""
    return f"CASE WHEN {vector} @@ %(bigram{index})s THEN %(bigram_weight{index})s ELSE 0 END"


def total(terms: Iterable[str]) -> str:
    return " + ".join(terms) or "0"


def _tsquery(variant: Variant) -> str:
    suffix = ":AB" if variant.title_only else ""
    phrase = " <-> ".join(f"'{stem}'{suffix}" for stem in variant.stems)
    return f"({phrase})" if len(variant.stems) > 1 else phrase


def _any_variant(variants: Iterable[Variant]) -> str:
    return " | ".join(map(_tsquery, variants))


def _any_stem(stems: Iterable[str]) -> str:
    return " | ".join(f"'{stem}'" for stem in stems)


def _best_score(variants: Sequence[Variant], name: str, parameters: Parameters) -> str:
    """SQL: the best score of a document for these variants."""
    scores = ["0"]
    for quality, title_only in sorted({(each.quality, each.title_only) for each in variants}):
        stems = [
            each.stems[0]
            for each in variants
            if (each.quality, each.title_only) == (quality, title_only) and len(each.stems) == 1
        ]
        if stems:
            # ts_rank divides by the number of words in the query.
            rank = _rank(_any_stem(stems), title_only, parameters)
            scores.append(f"{quality} * LEAST(1, {len(stems)} * {rank})")
    phrases = [each for each in variants if len(each.stems) > 1]
    if phrases:
        # First all at once: most documents hold none.
        parameters[name] = _any_variant(phrases)
        each_score = ", ".join(_phrase_score(phrase, parameters) for phrase in phrases)
        scores.append(f"CASE WHEN said @@ %({name})s THEN GREATEST({each_score}) ELSE 0 END")
    return f"GREATEST({', '.join(scores)})"


def _phrase_score(phrase: Variant, parameters: Parameters) -> str:
    """SQL: what a document scores for a phrase: as much as for the least of its words."""
    ranks = [
        _rank(f"'{stem}'", phrase.title_only, parameters) for stem in dict.fromkeys(phrase.stems)
    ]
    holds = f"said @@ {parameters.add(_tsquery(phrase))}"
    return f"CASE WHEN {holds} THEN {phrase.quality} * LEAST({', '.join(ranks)}) END"


def _rank(tsquery: str, title_only: bool, parameters: Parameters) -> str:
    weights = TITLE_WEIGHTS if title_only else WEIGHTS
    return f"ts_rank('{weights}', said, {parameters.add(tsquery)})"


def _best_quality(concept: Concept, parameters: Parameters) -> str:
    """SQL: the quality of the best variant that a passage holds, or 0."""
    cases = []
    for quality in sorted({each.quality for each in concept.variants}, reverse=True):
        tsquery = _any_variant(each for each in concept.variants if each.quality == quality)
        cases.append(f"WHEN vector @@ {parameters.add(tsquery)} THEN {quality}")
    return f"CASE {' '.join(cases)} ELSE 0 END"
