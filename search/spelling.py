"""Words nobody says, taken for words that are said."""

from collections.abc import Iterable
from math import log1p

from search.models import Word

FEWEST_LETTERS = 4  # shorter words are a letter away from too much
MOST_LETTERS = 30  # what search_near() in the database keeps variants of
CORRECTIONS = 3


def corrections(word: str) -> list[str]:
    """Words of the catalogue that may be meant, the likeliest first. One query."""
    return corrections_of([word])[word]


def corrections_of(words: Iterable[str]) -> dict[str, list[str]]:
    """For each unknown word those that may be meant, the likeliest first. One query.

    Two words that share one of their forms less a letter differ by one letter too many, too
    few or another, or by two neighbours swapped; or by one such slip in each.
    """
    wanted = {word: _variants(word) for word in words}
    variants = sorted(set().union(*wanted.values())) if wanted else []
    if not variants:
        return {word: [] for word in wanted}
    rows = Word.objects.filter(near__overlap=variants, documents__gt=0)
    known = list(rows.values_list("word", "documents", "near"))
    return {
        word: _best(word, [(other, count) for other, count, near in known if forms & set(near)])
        for word, forms in wanted.items()
    }


def _variants(word: str) -> set[str]:
    if not FEWEST_LETTERS <= len(word) <= MOST_LETTERS:
        return set()
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _best(word: str, known: list[tuple[str, int]]) -> list[str]:
    ranked = sorted(known, key=lambda each: (-_likelihood(word, *each), each[0]))
    return [other for other, _ in ranked[:CORRECTIONS]]


def _likelihood(typed: str, word: str, documents: int) -> float:
    """Few slips count most; then a right first letter, and how often the word is said."""
    same_start = typed[0] == word[0]
    return -2.5 * distance(typed, word) + 0.8 * same_start + 0.3 * log1p(documents)


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with a neighbour to make one the other.

    Optimal string alignment (Boytsov 2011, section 2.1).
    """
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before_that, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before_that[j - 2] + 1)
            row.append(cost)
    return row[-1]
