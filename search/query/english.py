"""English as search needs it: stop words, irregular inflections, and correctly spelled words."""

import re
from collections.abc import Iterator
from pathlib import Path

# Left out of queries unless nothing else is asked for. The index holds them, for phrases.
STOP_WORDS = frozenset(
    """a about all also am an and any anybody anyone are as at be been before being but by can
    could did didnt do does doesnt doing done dont else ever everybody everyone for from get
    gets getting give gives giving got had has have having he her hers him his how i if im in
    into is isnt it its ive just kind lets like lot lots made make makes many maybe me more most
    much my of off often on one ones only or other our out over own people person please really
    said same say says she should show so some somebody someone something sort still such talk
    talked talking talks tell than that thats the their them then there theres these they thing
    things think this those to too up us use used uses using very want wants was way we were
    what whats when where which while who whos whose why will with without would you your
    episode episodes podcast""".split()
)
# British and American spelling: organise, organized; analysing, analyzing.
S_OR_Z = re.compile(r"(?<=[a-z]{4}[iy])[sz](?=(?:e|ed|es|ing|er|ers|ation|ations)$)")


def _lines(name: str) -> Iterator[list[str]]:
    """The words of each line of a data file."""
    text = Path(__file__).with_name(name).read_text(encoding="ascii")
    return (line.split() for line in text.splitlines() if not line.startswith("#"))


def _inflections() -> dict[str, tuple[str, ...]]:
    inflections: dict[str, tuple[str, ...]] = {}
    for words in _lines("inflections.txt"):
        for word in words:
            others = tuple(other for other in words if other != word)
            inflections[word] = inflections.get(word, ()) + others
    return inflections


INFLECTIONS = _inflections()
DICTIONARY = frozenset(word for words in _lines("dictionary.txt") for word in words)


def inflections_of(word: str) -> Iterator[str]:
    """Forms of a word that the stemmer doesn't conflate; some may not be English."""
    yield from INFLECTIONS.get(word, ())
    for match in S_OR_Z.finditer(word):
        yield word[: match.start()] + ("z" if match[0] == "s" else "s") + word[match.end() :]
