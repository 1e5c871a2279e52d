"""Queries for the index of a crowd: documents that say so much of concepts, by their marks."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import ceil

from search.query.concepts import LIKE, Concept
from search.retrieval.expressions import any_of

LEVELS = (8, 7, 6, 5, 4, 3, 2, 1)  # see sql/search_impact_lexemes.sql
MOST_WEIGHED = 3  # concepts


def weighed(concepts: Sequence[Concept], share: float, worst: float) -> str:
    """A tsquery for documents that hold all of the rarest concepts, whose levels, by their
    weights, come to such a share of all there can be. Of more than that nothing is asked.
    """
    rarest = concepts[:MOST_WEIGHED]
    return " | ".join(
        "({})".format(
            " & ".join(
                marked(concept, level, worst) if level else words_of(concept, worst)
                for concept, level in zip(rarest, each, strict=True)
            )
        )
        for each in _least_levels([concept.weight for concept in rarest], share)
    )


def _least_levels(weights: Sequence[float], share: float) -> list[tuple[int, ...]]:
    """Levels that come to the share, of which none can be lower: the last by what is missing."""
    step = 1 if len(weights) == 2 else 2
    least = share * LEVELS[0] * sum(weights)
    *others, last = weights
    lowest: dict[tuple[int, ...], int] = {}
    for each in product(range(0, LEVELS[0] + 1, step), repeat=len(others)):
        missing = least - sum(w * level for w, level in zip(others, each, strict=True))
        level = max(0, step * ceil(missing / (last * step)))
        if level <= LEVELS[0]:
            lowest[each] = level
    return [
        (*each, level)
        for each, level in lowest.items()
        if not any(lowest.get(less, level + 1) <= level for less in _one_less(each, step))
    ]


def _one_less(levels: Sequence[int], step: int) -> Iterator[tuple[int, ...]]:
    for place, level in enumerate(levels):
        if level >= step:
            yield (*levels[:place], level - step, *levels[place + 1 :])


def marked(concept: Concept, level: int, worst: float = LIKE) -> str:
    """A tsquery for documents that say at least so much of a concept in its own words: by a
    phrase only if it has no other, for the words of one say little of it. And of like words, if
    `worst` lets them in, twice as much, for they count half.
    """
    own = [way.stems for way in concept.ways if way.quality > LIKE and not way.in_head]
    single = [stems for stems in own if len(stems) == 1]
    asked = [[f"'+{level}{stem}'" for stem in stems] for stems in single or own]
    if worst < LIKE and 2 * level <= LEVELS[0]:
        like = [way.stems for way in concept.ways if way.quality == LIKE and len(way.stems) == 1]
        asked += [[f"'+{2 * level}{stem}'" for stem in stems] for stems in like]
    return _either_way(asked)


def words_of(concept: Concept, worst: float = LIKE, longest: int = 100) -> str:
    """A tsquery for documents with the words of a concept, wherever in them they stand: order
    can't be told from the index, and reading so many documents for it takes too long. Left out
    are ways that are as bad as `worst` or longer than `longest` words, and phrases of like meaning.
    """
    return _either_way(
        [f"'{stem}'" for stem in way.stems]
        for way in concept.ways
        if way.quality > worst and len(way.stems) <= (longest if way.quality > LIKE else 1)
    )


def _either_way(ways: Iterable[Sequence[str]]) -> str:
    either = " | ".join(f"({' & '.join(words)})" for words in ways)
    return f"({either})" if either else ""


def every(concepts: Sequence[Concept], worst: float = LIKE) -> str:
    """A tsquery for documents with the words of all of the concepts."""
    return " & ".join(words_of(concept, worst) for concept in concepts)


def either(concepts: Sequence[Concept], worst: float = LIKE) -> str:
    """A tsquery for documents with the words of any of the concepts."""
    return " | ".join(words_of(concept, worst) for concept in concepts)


def in_passage(concepts: Sequence[Concept]) -> str:
    """A tsquery for passages that hold all of the concepts."""
    return " & ".join(f"({any_of([concept], better_than=LIKE)})" for concept in concepts)
