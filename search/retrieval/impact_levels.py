"""tsqueries by impact level: documents that say at least so much of concepts.

search_impact_lexemes() in the database puts the levels into documents: `+3django` and so on.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import ceil

from search.query.concepts import SYNONYM, Concept
from search.retrieval.expressions import any_of

LEVELS = (8, 7, 6, 5, 4, 3, 2, 1)
MAX_WEIGHTED = 3  # concepts


def weighted(concepts: Sequence[Concept], share: float, worst: float) -> str:
    """A tsquery for documents with the first concepts, at this share of the highest levels."""
    rarest = concepts[:MAX_WEIGHTED]
    return " | ".join(
        "({})".format(
            " & ".join(
                at_level(concept, level, worst) if level else words_of(concept, worst)
                for concept, level in zip(rarest, levels, strict=True)
            )
        )
        for levels in _minimal_levels([concept.weight for concept in rarest], share)
    )


def _minimal_levels(weights: Sequence[float], share: float) -> list[tuple[int, ...]]:
    """The combinations of levels that come to the share, of which none can be lower."""
    step = 1 if len(weights) == 2 else 2
    least = share * LEVELS[0] * sum(weights)
    *others, last = weights
    lowest: dict[tuple[int, ...], int] = {}
    for levels in product(range(0, LEVELS[0] + 1, step), repeat=len(others)):
        missing = least - sum(w * level for w, level in zip(others, levels, strict=True))
        level = max(0, step * ceil(missing / (last * step)))
        if level <= LEVELS[0]:
            lowest[levels] = level
    return [
        (*levels, level)
        for levels, level in lowest.items()
        if not any(lowest.get(lower, level + 1) <= level for lower in _one_lower(levels, step))
    ]


def _one_lower(levels: Sequence[int], step: int) -> Iterator[tuple[int, ...]]:
    for index, level in enumerate(levels):
        if level >= step:
            yield (*levels[:index], level - step, *levels[index + 1 :])


def at_level(concept: Concept, level: int, worst: float = SYNONYM) -> str:
    """A tsquery for documents with an exact variant at this level. Phrases count only if there are
    no words, synonyms only if `worst` lets them in, and at twice the level.
    """
    exact = [
        each.stems for each in concept.variants if each.quality > SYNONYM and not each.title_only
    ]
    words = [stems for stems in exact if len(stems) == 1]
    queries = [[f"'+{level}{stem}'" for stem in stems] for stems in words or exact]
    if worst < SYNONYM and 2 * level <= LEVELS[0]:
        queries += [
            [f"'+{2 * level}{each.stems[0]}'"]
            for each in concept.variants
            if each.quality == SYNONYM and len(each.stems) == 1
        ]
    return _any(queries)


def words_of(concept: Concept, worst: float = SYNONYM, longest: int = 100) -> str:
    """A tsquery for documents with the words of a concept in any order: the index holds no
    positions. Without variants as bad as `worst`, longer than `longest`, or synonymous phrases.
    """
    return _any(
        [f"'{stem}'" for stem in each.stems]
        for each in concept.variants
        if each.quality > worst and len(each.stems) <= (longest if each.quality > SYNONYM else 1)
    )


def _any(variants: Iterable[Sequence[str]]) -> str:
    query = " | ".join(f"({' & '.join(words)})" for words in variants)
    return f"({query})" if query else ""


def words_of_all(concepts: Sequence[Concept], worst: float = SYNONYM) -> str:
    """A tsquery for documents with the words of all concepts."""
    return " & ".join(words_of(concept, worst) for concept in concepts)


def words_of_any(concepts: Sequence[Concept], worst: float = SYNONYM) -> str:
    """A tsquery for documents with the words of any concept."""
    return " | ".join(words_of(concept, worst) for concept in concepts)


def in_one_passage(concepts: Sequence[Concept]) -> str:
    """A tsquery for passages that hold all of the concepts."""
    return " & ".join(f"({any_of([concept], better_than=SYNONYM)})" for concept in concepts)
