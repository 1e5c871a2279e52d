"""Guests whose names sound like what was typed: Sean Smyth for “Shawn Smith”."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.urls import reverse
from jellyfish import metaphone

from episodes.models import Appearance, Episode
from guests.models import Guest
from search.query.concepts import ExpandedQuery
from search.query.english import DICTIONARY, STOP_WORDS
from search.query.lexicon import Correction
from search.query.parse import TokenSequence
from search.query.tokenizer import Token, tokenize
from search.retrieval.results import DirectHit
from search.retrieval.spelling import distances, is_real

MIN_LETTERS = 3
MIN_SOUNDS = 2  # of a single word: L is Lee, Leo and Ella
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
    query = expanded.query
    unknown = {token for token in expanded.unknown if not is_real(query, token)}
    doubtful = {token for token in unknown if not _is_likely(token.text, corrections[token.text])}
    if any(concept.documents for concept in expanded.concepts):
        doubtful = {token for token in doubtful if token.text not in DICTIONARY}
    if not (doubtful or unknown and len(query.clauses) > 1):
        return {}
    return _replacements(expanded, several=unknown, alone=doubtful)


def alike_names(expanded: ExpandedQuery) -> dict[Token, str]:
    """Words of guests' names that sound like those typed, which are no names. One query at most."""
    typed = {concept.token for concept in expanded.concepts if concept.token}
    words = {token for token in typed if not is_real(expanded.query, token)}
    is_alone = sum(len(clause.tokens) for clause in expanded.query.clauses) == 1
    alone = {token for token in words if is_alone or token.text not in DICTIONARY}
    return _replacements(expanded, several=words, alone=alone) if words else {}


def guests_begun(typed: Sequence[str]) -> tuple[DirectHit, ...]:
    """Public guests with words in their names that sound like these, in order; the last may be
    unfinished. One query.
    """
    if not typed:
        return ()
    *whole, last = typed
    if len(last) < MIN_LETTERS or not sound(last):
        return ()
    found = []
    for name, slug, words in _public_guests():
        left = iter(words)
        is_alike = all(any(_are_alike(each, word) for word in left) for each in whole)
        if is_alike and any(_begins_alike(last, word) for word in left):
            found.append(DirectHit("guest", name, reverse("guest", args=[slug])))
    return tuple(found)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """The key that words with the same sound share; empty unless it is of Latin letters alone."""
    if not (word.isascii() and word.isalpha()):
        return ""
    for pattern, spelling in RESPELLED:
        word = pattern.sub(spelling, word)
    return metaphone(word).translate(SAME_SOUNDS)


class NamePart(NamedTuple):
    """A word of a name: normalized, as it is written, and its sound."""

    plain: str
    written: str
    sound: str


def _public_guests() -> list[tuple[str, str, tuple[NamePart, ...]]]:
    """Name, slug and words. Current names only: a former one is not for everybody."""
    appearances = Appearance.objects.filter(episode__in=Episode.objects.published().order_by())
    public = Guest.objects.filter(pk__in=appearances.values("guest")).order_by("-pk")
    rows = public.values_list("name", "slug")[:MOST_GUESTS]
    return [(name, slug, _words(name)) for name, slug in rows]


@lru_cache(maxsize=MOST_GUESTS)
def _words(name: str) -> tuple[NamePart, ...]:
    return tuple(
        NamePart(token.text, name[token.start : token.end], sound(token.text))
        for token in tokenize(name)
    )


def _replacements(
    expanded: ExpandedQuery, *, several: set[Token], alone: set[Token]
) -> dict[Token, str]:
    """The words to replace: runs with one of `several`, or one of `alone`; the longest runs first,
    then the closest. None if a guest has the very name.
    """
    tokens = TokenSequence.of(expanded.query, expanded.query.clauses)
    sounds = {sound(token.text) for token in tokens.tokens} - {""}
    runs = []
    for name, _, words in _public_guests():
        if sounds.isdisjoint(word.sound for word in words):
            continue
        for start in range(len(tokens.tokens)):
            run = _run(tokens, start, words)
            if len(run) == 1 and not _are_alike(run[0][0].text, run[0][1]):
                continue
            edits = sum(distances(token.text, word.plain)[-1] for token, word in run)
            if len(run) > 1 and not edits:
                return {}
            if edits:
                runs.append((-len(run), edits, name, run))
    found: dict[Token, str] = {}
    single = {token for token in alone if _may_be_a_name(token.text)}
    for length, _, _, run in sorted(runs, key=lambda each: each[:3]):
        replaced = {token: word.written for token, word in run}
        wanted = several if length < -1 else single
        if replaced.keys() & wanted and not replaced.keys() & found.keys():
            found |= replaced
    return found


def _run(
    tokens: TokenSequence, start: int, words: Sequence[NamePart]
) -> list[tuple[Token, NamePart]]:
    """The longest run of tokens from here on that sound like words of a name, in order, or are a
    letter away.
    """
    left = iter(words)
    run: list[tuple[Token, NamePart]] = []
    for token in tokens.tokens[start:]:
        word = next((each for each in left if _are_near(token.text, each)), None)
        if not word or not tokens.are_adjacent(start, len(run) + 1):
            break
        run.append((token, word))
    return [] if tokens.clauses[tokens.clause_of[start]].is_quoted else run


def _is_likely(word: str, corrections: Sequence[Correction]) -> bool:
    best = corrections[0].word if corrections else ""
    return bool(best) and best not in DICTIONARY and distances(word, best)[-1] == 1


def _may_be_a_name(word: str) -> bool:
    return len(sound(word)) >= MIN_SOUNDS and word not in STOP_WORDS


def _are_alike(typed: str, word: NamePart) -> bool:
    """Whether they sound the same and aren't spelled too differently."""
    if typed == word.plain:
        return True
    is_alike = len(typed) >= MIN_LETTERS and sound(typed) == word.sound != ""
    return is_alike and 2 * distances(typed, word.plain)[-1] <= max(len(typed), len(word.plain))


def _are_near(typed: str, word: NamePart) -> bool:
    is_long = min(len(typed), len(word.plain)) > MIN_LETTERS
    return _are_alike(typed, word) or is_long and distances(typed, word.plain)[-1] == 1


def _begins_alike(typed: str, word: NamePart) -> bool:
    if word.plain.startswith(typed):
        return True
    is_alike = word.sound.startswith(sound(typed))
    return is_alike and 2 * min(distances(typed, word.plain)) <= len(typed)
