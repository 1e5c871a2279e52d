"""Spelling correction: SymSpell deletes find candidates, edit distance and frequency rank them."""

import re
from collections.abc import Collection, Iterable, Mapping
from math import log1p
from typing import Any

from django.db import connection
from django.utils import timezone

from search.query.concepts import ExpandedQuery
from search.query.english import DICTIONARY, STOP_WORDS
from search.query.lexicon import Correction
from search.query.parse import Query
from search.query.tokenizer import Token
from search.retrieval.due import DUE
from stack.directory import entry_named

MIN_LETTERS = 4  # shorter words are an edit away from too many others
MAX_LETTERS = 30  # as in search_deletes()
MAX_DISTANCE = 2
CORRECTIONS = 3
COMPLETIONS = 5
COMPLETION_COST = 1.0  # in edits; each missing letter adds a tenth
START, MOST_STARTS = 3, 200  # letters, and words that have them
MAX_FOREIGN = 5  # letters: of longer ones the accent may be the error
RARE, COMMON = 2, 5  # documents
POSSESSIVE = re.compile(r"(\w+)['’]s $")
CONTRACTED = {"let", "here", "where", "there"}  # let's, where's: no possessives

# Words with a delete in common are one edit apart, or one in each. Candidates are indexed words,
# words of technologies' names, and the most frequent completions. Scheduled episodes don't count.
QUERY = f"""
WITH candidate AS MATERIALIZED (
    SELECT word, stem, documents FROM search_word
    WHERE near && %(deletes)s::text[] AND documents > 0
    UNION
    SELECT completion.* FROM unnest(%(typed)s::text[]) AS typed, LATERAL (
        SELECT word, stem, documents FROM search_word
        WHERE word ~>=~ typed AND word ~<~ (typed || chr(1114109)) AND documents > 0
        ORDER BY documents DESC LIMIT %(completions)s
    ) AS completion
), {DUE}, named AS MATERIALIZED (
    SELECT technology_id, word
    FROM stack_technologyname, string_to_table(search_normalize(name), ' ') AS word
    WHERE length(word) = ANY (%(lengths)s) AND search_deletes(word) && %(deletes)s::text[]
)
SELECT * FROM due
UNION
SELECT word, coalesce((ts_lexize('search_stem', word))[1], word), 0 FROM named
-- No join: it would read all uses of these technologies, or all uses.
WHERE (SELECT use.id FROM episodes_use AS use WHERE use.technology_id = named.technology_id AND (
           SELECT 1 FROM search_document AS document
           WHERE document.episode_id = use.episode_id AND document.published_at <= %(now)s
       ) IS NOT NULL LIMIT 1) IS NOT NULL
AND NOT EXISTS (SELECT FROM due WHERE due.word = named.word)
"""  # noqa: S608 - of constants

# The most frequent words with such a start may have a typo before or behind it; in others, deletes
# find it.
STARTS = f"""
WITH candidate AS MATERIALIZED (
    SELECT word, stem, documents FROM search_word
    WHERE near && %(deletes)s::text[] AND documents > 0
    UNION (
        SELECT word, stem, documents FROM unnest(%(starts)s::text[]) AS start JOIN search_word
            ON word ~>=~ start AND word ~<~ (start || chr(1114109))
        WHERE documents > 0 ORDER BY documents DESC LIMIT %(most)s
    )
), {DUE}
SELECT * FROM due
"""  # noqa: S608 - of constants


def corrections_of(words: Iterable[str]) -> dict[str, list[Correction]]:
    """The corrections of each unknown word, likeliest first. One query."""
    corrections: dict[str, list[Correction]] = {word: [] for word in words}
    typed = [word for word in corrections if MIN_LETTERS <= len(word) <= MAX_LETTERS]
    if not typed:
        return corrections
    parameters: dict[str, Any] = {
        "deletes": sorted({delete for word in typed for delete in _deletes(word)}),
        "typed": typed,
        "lengths": sorted({len(word) + more for word in typed for more in (-1, 0, 1)}),
        "completions": COMPLETIONS,
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(QUERY, parameters)
        candidates = [Correction(*row) for row in cursor]
    for word in typed:
        corrections[word] = _likeliest(word, candidates)
    return corrections


def respelled(words: Iterable[str]) -> dict[str, str]:
    """For words with which no indexed word begins, the likeliest that begin with one typo less. One
    query.
    """
    typed = [word for word in words if MIN_LETTERS <= len(word) <= MAX_LETTERS]
    parameters: dict[str, Any] = {
        "deletes": sorted({delete for word in typed for delete in _deletes(word)}),
        "starts": sorted({start for word in typed for start in _starts(word)}),
        "most": MOST_STARTS,
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(STARTS, parameters)
        candidates = [Correction(*row) for row in cursor]
    found = {}
    for word in typed:
        near = [(distances(word, each.word), each) for each in candidates]
        ranked = sorted(
            (min(distances), word[0] != each.word[0], -each.documents, each.word)
            for distances, each in near
        )
        if ranked and ranked[0][0] == 1:
            found[word] = ranked[0][-1]
    return found


def misspelled(
    expanded: ExpandedQuery, corrections: Mapping[str, list[Correction]]
) -> dict[Token, list[Correction]]:
    """The unknown words to correct, with their corrections. Correct English words and names (“dead
    man's snitch”) are corrected only if no document holds anything else of the query; correct
    English words by another one only if they stand alone: “rss feed” isn't feel.
    """
    correctable = {each: corrections[each.text] for each in expanded.unknown}
    is_alone = sum(len(clause.tokens) for clause in expanded.query.clauses) == 1
    correctable |= {
        token: [
            correction
            for correction in each
            if correction.word not in DICTIONARY
            or (is_alone and distance(token.text, correction.word) == 1)
        ]
        for token, each in correctable.items()
        if token.text in DICTIONARY
    }
    correctable = {token: each for token, each in correctable.items() if each}
    correctable = {
        token: each for token, each in correctable.items() if not is_real(expanded.query, token)
    }
    wrong = {
        token: each
        for token, each in correctable.items()
        if token.text not in DICTIONARY and not _is_owned(expanded.query.text[: token.start])
    }
    others_match = any(concept.documents for concept in expanded.concepts)
    return wrong if wrong or others_match else correctable


def is_real(query: Query, token: Token) -> bool:
    """Whether the technology directory has this word or its clause, or it is short with an accent:
    no typing error, even if no episode holds it.
    """
    clause = next(each for each in query.clauses if token in each.tokens)
    typed = query.text[token.start : token.end]
    is_foreign = not typed.isascii() and len(typed) <= MAX_FOREIGN
    return is_foreign or any(map(entry_named, (token.text, clause.text)))


def rare_misspelled(expanded: ExpandedQuery) -> str:
    """The query with its rare words replaced by common ones a letter away; empty without any. One
    query if it has rare words.
    """
    rare = {
        concept.token: concept
        for concept in expanded.concepts
        if concept.token and 0 < concept.documents <= RARE and concept.token.text not in DICTIONARY
    }
    rare = {token: each for token, each in rare.items() if not is_real(expanded.query, token)}
    corrections = corrections_of(token.text for token in rare)
    common = {
        token: [
            each.word
            for each in corrections[token.text]
            if each.documents >= COMMON
            and (each.stem,) != concept.variants[0].stems
            and distance(token.text, each.word) == 1
        ]
        for token, concept in rare.items()
    }
    proposed = expanded.query.with_replaced(
        {token: each[0] for token, each in common.items() if each}
    )
    return proposed.text if proposed != expanded.query else ""


def _is_owned(before: str) -> bool:
    """Whether the text before a word ends in a possessive: dead man's, but not what's."""
    owner = POSSESSIVE.search(before.lower())
    return owner is not None and owner[1] not in STOP_WORDS and owner[1] not in CONTRACTED


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


def _likeliest(typed: str, candidates: Collection[Correction]) -> list[Correction]:
    edits = {each: _edits(typed, each.word) for each in candidates}
    close = [each for each in candidates if edits[each] <= MAX_DISTANCE]
    close.sort(key=lambda each: (_cost(typed, each, edits[each]), each.word))
    return close[:CORRECTIONS]


def _edits(typed: str, word: str) -> float:
    edits: float = distance(typed, word)
    if word.startswith(typed):
        return min(edits, COMPLETION_COST + (len(word) - len(typed)) / 10)
    return edits


def _cost(typed: str, correction: Correction, edits: float) -> float:
    """Edits count most, then a wrong first letter, then how rare the word is."""
    wrong_start = typed[0] != correction.word[0]
    return 2.5 * edits + 0.8 * wrong_start - 0.3 * log1p(correction.documents)


def distance(one: str, other: str) -> int:
    """Optimal string alignment distance (Boytsov 2011, section 2.1)."""
    return distances(one, other)[-1]


def distances(one: str, other: str) -> list[int]:
    """The distances of a word from each start of the other, the whole of it last."""
    previous: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before_previous, previous, row = previous, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before_previous[j - 2] + 1)
            row.append(cost)
    return row
