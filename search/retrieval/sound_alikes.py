"""Guests whose names sound like what was typed: Sean Smyth for “Shawn Smith”."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from jellyfish import metaphone

from episodes.counts import public_guests
from search.query.concepts import ExpandedQuery
from search.query.english import DICTIONARY
from search.query.lexicon import Correction
from search.query.parse import TokenSequence
from search.query.tokenizer import Token, tokenize
from search.retrieval.named import hits
from search.retrieval.results import DirectHit
from search.retrieval.spelling import distance, distance_of_start, is_real

MIN_LETTERS = 3
MOST_GUESTS = 5000  # the newest
# Metaphone (Philips 1990) knows few names: Chris is Kris, Bryan Brian, Shaun Sean, Antony Anthony.
RESPELLED = ((re.compile(r"\bch(?=r)"), "k"), (re.compile(r"y(?=[aeiou])"), "i"))
SAME_SOUNDS = str.maketrans("X0", "ST")


def names_by_sound(
    expanded: ExpandedQuery, corrections: Mapping[str, list[Correction]]
) -> dict[Token, str]:
    """Words of guests' names for those that no document holds and what stands beside them. One
    word alone is no name if its likeliest correction is one letter away and no English word, nor
    an English word if a document holds anything else of the query. One query at most.
    """
    unknown = {token for token in expanded.unknown if not is_real(expanded.query, token)}

    def is_doubtful(token: Token) -> bool:
        best = next((each.word for each in corrections[token.text]), token.text)
        is_likely = best not in DICTIONARY and distance(token.text, best) == 1
        return not is_likely and (expanded.is_unknown or token.text not in DICTIONARY)

    return _replacements(expanded, unknown, set(filter(is_doubtful, unknown)))


def alike_names(expanded: ExpandedQuery) -> dict[Token, str]:
    """Words of guests' names that sound like those typed, which are no names. One query at most."""
    typed = {concept.token for concept in expanded.concepts if concept.token}
    words = {token for token in typed if not is_real(expanded.query, token)}
    is_alone = sum(len(clause.tokens) for clause in expanded.query.clauses) == 1
    alone = {token for token in words if is_alone or token.text not in DICTIONARY}
    return _replacements(expanded, words, alone)


def guests_begun(typed: Sequence[str]) -> tuple[DirectHit, ...]:
    """Public guests whose names sound like these words; the last may be unfinished. Two queries."""
    if not typed:
        return ()
    *whole, last = typed
    if len(last) < MIN_LETTERS or not sound(last):
        return ()
    names = []
    for name in _public_names():
        left = iter(_words(name))
        is_alike = all(any(_are_alike(each, word.text) for word in left) for each in whole)
        if is_alike and any(_begins_alike(last, word.text) for word in left):
            names.append(name)
    return hits("guest", public_guests().filter(name__in=names)) if names else ()


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """The key that words with the same sound share; empty unless it is of Latin letters alone."""
    if not (word.isascii() and word.isalpha()):
        return ""
    for pattern, spelling in RESPELLED:
        word = pattern.sub(spelling, word)
    return metaphone(word).translate(SAME_SOUNDS)


_words = lru_cache(maxsize=MOST_GUESTS)(tokenize)


def _public_names() -> QuerySet[Any]:
    """The guests' current names: a former one is not for everybody."""
    return public_guests().order_by("-pk").values_list("name", flat=True)[:MOST_GUESTS]


def _replacements(
    expanded: ExpandedQuery, several: Collection[Token], alone: Collection[Token]
) -> dict[Token, str]:
    """The longest runs with one of `several`, then single words; none if one is a very name."""
    tokens = TokenSequence.of(expanded.query, expanded.query.clauses)
    if not (alone or (several and len(tokens.tokens) > 1)):
        return {}
    sounds = {sound(token.text) for token in tokens.tokens} - {""}
    runs = []
    for name in _public_names():
        if sounds.isdisjoint(sound(word.text) for word in _words(name)):
            continue
        for start in range(len(tokens.tokens)):
            run = _run(tokens, start, _words(name))
            edits = sum(distance(token.text, word.text) for token, word in run)
            if len(run) > 1 and not edits:
                return {}
            if edits and (len(run) > 1 or _are_alike(run[0][0].text, run[0][1].text)):
                runs.append((-len(run), edits, name, run))
    found: dict[Token, str] = {}
    for length, _, name, run in sorted(runs, key=lambda each: each[:3]):
        replaced = {token: name[word.start : word.end] for token, word in run}
        wanted = several if length < -1 else alone
        if not replaced.keys().isdisjoint(wanted) and replaced.keys().isdisjoint(found):
            found |= replaced
    return found


def _run(tokens: TokenSequence, start: int, name: Sequence[Token]) -> list[tuple[Token, Token]]:
    """The longest run of tokens from here on that are like words of a name, in order."""
    left = iter(name)
    run: list[tuple[Token, Token]] = []
    for token in tokens.tokens[start:]:
        word = next((each for each in left if _are_near(token.text, each.text)), None)
        if not word or not tokens.are_adjacent(start, len(run) + 1):
            break
        run.append((token, word))
    return [] if tokens.clauses[tokens.clause_of[start]].is_quoted else run


def _are_alike(typed: str, word: str) -> bool:
    """Whether they sound the same and aren't spelled too differently."""
    if typed == word:
        return True
    is_alike = len(typed) >= MIN_LETTERS and sound(typed) == sound(word) != ""
    return is_alike and 2 * distance(typed, word) <= max(len(typed), len(word))


def _are_near(typed: str, word: str) -> bool:
    is_long = min(len(typed), len(word)) > MIN_LETTERS
    return _are_alike(typed, word) or (is_long and distance(typed, word) == 1)


def _begins_alike(typed: str, word: str) -> bool:
    if word.startswith(typed):
        return True
    return sound(word).startswith(sound(typed)) and 2 * distance_of_start(typed, word) <= len(typed)
