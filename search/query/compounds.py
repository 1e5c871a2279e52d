"""Compounds: a word as the words of which it is made."""

import re

from search.query.english import DICTIONARY, STOP_WORDS

MIN_LETTERS_TO_SPLIT = 6  # websockets is searched as web sockets too
PARTICLES = {"back", "down", "off", "out", "up"}  # say nothing without their verb
CAMEL_CASE = re.compile(r"[A-Z][a-z]{2,}|[A-Z]{2,}(?![a-z])")


def without_js(word: str) -> list[str]:
    """sveltejs is svelte; nextjs isn't next."""
    name = word.removesuffix("js")
    return [name] if name != word and len(name) > 2 and name not in DICTIONARY else []


def splits(word: str) -> list[tuple[str, str]]:
    """A word as two; not after a stop word, for outside is not out and side."""
    if len(word) < MIN_LETTERS_TO_SPLIT or not word.isascii():
        return []
    halves = ((word[:end], word[end:]) for end in range(2, len(word) - 1))
    return [(first, second) for first, second in halves if first not in STOP_WORDS]


def words_of_compound(typed: str) -> list[str]:
    """ImagePullBackOff as image and pull; empty for another word."""
    words = CAMEL_CASE.findall(typed)
    if len(words) < 2 or "".join(words) != typed:
        return []
    plain = [word.lower() for word in words]
    return [word for word in plain if word not in PARTICLES and word not in STOP_WORDS] or plain
