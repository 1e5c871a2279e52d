"""Words nobody says, taken for words that are said."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import log1p
from typing import Any

from django.db import connection
from django.utils import timezone

FEWEST_LETTERS = 4  # shorter words are a letter away from too much
MOST_LETTERS = 30  # what search_deletes() in the database keeps variants of
CORRECTIONS = 3
COMPLETIONS = 5  # of the words that start as typed, the most said
COMPLETION_COST = 1.0  # in slips; each letter of the rest costs a tenth more

# Words that share a variant, said or in a technology's name, and words that start as typed.
# Only as far as they are public: what scheduled episodes say is counted off.
QUERY = """
WITH near AS (
    SELECT word, stem, documents FROM search_word
    WHERE near && %(variants)s::text[] AND documents > 0
    UNION
    SELECT longer.* FROM unnest(%(typed)s::text[]) AS typed, LATERAL (
        SELECT word, stem, documents FROM search_word
        WHERE word ~>=~ typed AND word ~<~ (typed || chr(1114109)) AND documents > 0
        ORDER BY documents DESC LIMIT %(completions)s
    ) AS longer
), scheduled AS (
    SELECT said.word, count(*) AS documents
    FROM search_document, unnest(words) AS said (word)
    WHERE published_at > %(now)s GROUP BY said.word
), due AS (
    SELECT word, stem, near.documents - coalesce(scheduled.documents, 0) AS documents
    FROM near LEFT JOIN scheduled USING (word)
), named AS MATERIALIZED (
    SELECT technology_id, word
    FROM stack_technologyname, string_to_table(search_normalize(name), ' ') AS word
    WHERE length(word) = ANY (%(lengths)s) AND search_deletes(word) && %(variants)s::text[]
)
SELECT * FROM due WHERE documents > 0
UNION
SELECT word, coalesce((ts_lexize('search_stem', word))[1], word), 0 FROM named
-- No join, which would read what all technologies are used by, or all that is used.
WHERE (SELECT use.id FROM episodes_use AS use WHERE use.technology_id = named.technology_id AND (
           SELECT 1 FROM search_document AS document
           WHERE document.episode_id = use.episode_id AND document.published_at <= %(now)s
       ) IS NOT NULL LIMIT 1) IS NOT NULL
AND NOT EXISTS (SELECT FROM due WHERE due.word = named.word AND documents > 0)
"""


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that may be meant, its stem, and in how many documents it stands."""

    word: str
    stem: str
    documents: int


def corrections(word: str) -> list[str]:
    """Words of the catalogue that may be meant, the likeliest first. One query."""
    return [correction.word for correction in corrections_of([word])[word]]


def corrections_of(words: Iterable[str]) -> dict[str, list[Correction]]:
    """For each unknown word those that may be meant, the likeliest first. One query.

    Two words that share one of their forms less a letter differ by one letter too many, too
    few or another, or by two neighbours swapped; or by one such slip in each.
    """
    found: dict[str, list[Correction]] = {word: [] for word in words}
    typed = [word for word in found if FEWEST_LETTERS <= len(word) <= MOST_LETTERS]
    if not typed:
        return found
    variants = sorted({variant for word in typed for variant in _variants(word)})
    parameters: dict[str, Any] = {
        "variants": variants,
        "typed": typed,
        "lengths": sorted({len(word) + more for word in typed for more in (-1, 0, 1)}),
        "completions": COMPLETIONS,
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(QUERY, parameters)
        known = [Correction(*row) for row in cursor]
    for word in typed:
        found[word] = _likeliest(word, known)
    return found


def _variants(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _likeliest(typed: str, known: Collection[Correction]) -> list[Correction]:
    slips = {correction: _slips(typed, correction.word) for correction in known}
    near = [correction for correction in known if slips[correction] <= 2]
    near.sort(key=lambda each: (_unlikelihood(typed, each, slips[each]), each.word))
    return near[:CORRECTIONS]


def _slips(typed: str, word: str) -> float:
    slips: float = distance(typed, word)
    if word.startswith(typed):
        return min(slips, COMPLETION_COST + (len(word) - len(typed)) / 10)
    return slips


def _unlikelihood(typed: str, correction: Correction, slips: float) -> float:
    """Slips count most; then a wrong first letter, and how rarely the word is said."""
    wrong_start = typed[0] != correction.word[0]
    return 2.5 * slips + 0.8 * wrong_start - 0.3 * log1p(correction.documents)


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with a neighbour to make one the other.

    Optimal string alignment (Boytsov 2011, section 2.1).
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before_that, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before_that[j - 2] + 1)
            row.append(cost)
    return row[-1]
