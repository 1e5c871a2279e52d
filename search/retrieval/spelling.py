"""Spelling correction: SymSpell deletes find candidates, edit distance and frequency rank them."""

from collections.abc import Callable, Iterable, Mapping
from math import log1p
from operator import itemgetter
from typing import Any

from django.db import connection
from django.utils import timezone
from jellyfish import damerau_levenshtein_distance

from search.query.concepts import ExpandedQuery
from search.query.english import DICTIONARY
from search.query.lexicon import Correction
from search.query.parse import Query
from search.query.tokenizer import Token
from search.retrieval.due import DUE
from stack.directory import entry_named

distance = damerau_levenshtein_distance  # of two words, in edits
MIN_LETTERS = 4  # shorter words are an edit away from too many others
MAX_LETTERS = 30  # as in search_deletes()
MAX_DISTANCE = 2
CORRECTIONS = 3
COMPLETIONS = 5
COMPLETION_COST = 1.0  # in edits; each missing letter adds a tenth
START, MOST_STARTS = 3, 200  # letters, and words that have them
MAX_FOREIGN = 5  # letters: of longer ones the accent may be the error
RARE, COMMON = 2, 5  # documents

# Words of the index and of technologies' names that share a delete, so are an edit apart or one in
# each; and the most frequent words with certain starts.
QUERY = f"""
WITH candidate AS MATERIALIZED (
    SELECT word, stem, documents FROM search_word
    WHERE near && %(deletes)s::text[] AND documents > 0
    UNION
    SELECT begun.* FROM unnest(%(starts)s::text[]) AS start, LATERAL (
        SELECT word, stem, documents FROM search_word
        WHERE word ~>=~ start AND word ~<~ (start || chr(1114109)) AND documents > 0
        ORDER BY documents DESC LIMIT %(most)s
    ) AS begun
), {DUE}
SELECT * FROM due
UNION
SELECT word, coalesce((ts_lexize('search_stem', word))[1], word), 0
FROM stack_technologyname AS name, string_to_table(search_normalize(name), ' ') AS word
WHERE length(word) = ANY (%(lengths)s) AND search_deletes(word) && %(deletes)s::text[]
AND word NOT IN (SELECT word FROM due)
AND EXISTS (SELECT FROM episodes_use AS use JOIN search_document AS document USING (episode_id)
            WHERE use.technology_id = name.technology_id AND published_at <= %(now)s)
"""  # noqa: S608 - of constants


def corrections_of(words: Iterable[str]) -> dict[str, list[Correction]]:
    """The corrections of each unknown word, likeliest first. One query."""
    corrections: dict[str, list[Correction]] = {word: [] for word in words}
    typed, candidates = _candidates(corrections, lambda word: {word}, COMPLETIONS)
    for word in typed:
        ranked = _ranked(word, candidates, _edits)
        near = [each for edits, each in ranked if edits <= MAX_DISTANCE]
        corrections[word] = near[:CORRECTIONS]
    return corrections


def respelled(words: Iterable[str]) -> dict[str, str]:
    """The likeliest words that begin like these with one typo less. One query."""
    typed, candidates = _candidates(words, _starts, MOST_STARTS)
    best = {word: _ranked(word, candidates, distance_of_start)[:1] for word in typed}
    return {word: each.word for word in typed for edits, each in best[word] if edits == 1}


def misspelled(
    expanded: ExpandedQuery, corrections: Mapping[str, list[Correction]]
) -> dict[Token, str]:
    """The unknown words to correct; English ones only if the notes hold nothing else of the query,
    and never to others.
    """
    correctable = {}
    for token in expanded.unknown:
        likely = [
            each.word
            for each in corrections[token.text]
            if not {token.text, each.word} <= DICTIONARY
        ]
        if likely and not is_real(expanded.query, token):
            correctable[token] = likely[0]
    wrong = {each: correctable[each] for each in correctable if each.text not in DICTIONARY}
    return correctable if expanded.is_unknown and not wrong else wrong


def is_real(query: Query, token: Token) -> bool:
    """Whether it is no typing error: the directory has it or its clause, or it is café."""
    clause = next(each for each in query.clauses if token in each.tokens)
    typed = query.text[token.start : token.end]
    is_foreign = not typed.isascii() and len(typed) <= MAX_FOREIGN
    return is_foreign or any(map(entry_named, (token.text, clause.text)))


def rare_misspelled(expanded: ExpandedQuery) -> dict[Token, str]:
    """Common words a letter away from the query's rare ones. One query at most."""
    rare = {
        concept.token: concept.variants[0].stems
        for concept in expanded.concepts
        if concept.token
        and 0 < concept.documents <= RARE
        and concept.token.text not in DICTIONARY
        and not is_real(expanded.query, concept.token)
    }
    corrections = corrections_of(token.text for token in rare)
    return {
        token: each.word
        for token, stems in rare.items()
        for each in reversed(corrections[token.text])
        if each.documents >= COMMON
        and (each.stem,) != stems
        and distance(token.text, each.word) == 1
    }


def distance_of_start(typed: str, word: str) -> int:
    """The least distance of what was typed from a start of the word."""
    return min(distance(typed, word[:end]) for end in range(len(word) + 1))


def _candidates(
    words: Iterable[str], starts_of: Callable[[str], set[str]], most: int
) -> tuple[list[str], list[Correction]]:
    """What can be corrected; words near that, and the `most` frequent ones with each start."""
    typed = [word for word in words if MIN_LETTERS <= len(word) <= MAX_LETTERS]
    if not typed:
        return [], []
    deletes = sorted({delete for word in typed for delete in _deletes(word)})
    parameters: dict[str, Any] = {
        "deletes": deletes,
        "lengths": sorted({len(each) + more for each in deletes for more in (0, 1)}),
        "starts": sorted({start for word in typed for start in starts_of(word)}),
        "most": most,
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(QUERY, parameters)
        return typed, [Correction(*row) for row in cursor]


def _deletes(word: str) -> set[str]:
    """The word's deletes, like those of search_deletes() in the database."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _starts(word: str) -> set[str]:
    """The first letters, as they may be without a typo in them: dokc is dock without one."""
    fewer = (word[:place] + word[place + 1 :] for place in range(1, START + 1))
    swapped = (
        word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(START)
    )
    return {each[:START] for each in (word, *fewer, *swapped)}


def _edits(typed: str, word: str) -> float:
    edits = distance(typed, word)
    return (
        min(edits, COMPLETION_COST + (len(word) - len(typed)) / 10)
        if word.startswith(typed)
        else edits
    )


def _ranked(
    typed: str, candidates: Iterable[Correction], edits_of: Callable[[str, str], float]
) -> list[tuple[float, Correction]]:
    """The closest by edits, then by the first letter, then the frequent ones; with the edits."""
    ranked = []
    for each in candidates:
        edits = edits_of(typed, each.word)
        wrong_start = typed[0] != each.word[0]
        cost = 2.5 * edits + 0.8 * wrong_start - 0.3 * log1p(each.documents)
        ranked.append((cost, each.word, edits, each))
    return [(edits, each) for *_, edits, each in sorted(ranked, key=itemgetter(0, 1))]
