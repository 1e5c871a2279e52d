"""English as search needs it: word lists and inflections."""

import re
from collections.abc import Iterator
from pathlib import Path

# British and American spelling: organise, organized; analysing, analyzing.
S_OR_Z = re.compile(r"(?<=[a-z]{4}[iy])[sz](?=(?:e|ed|es|ing|er|ers|ation|ations)$)")
# The stemmer conflates handful with hands, and useless with using.
DERIVED = re.compile(r"[a-z]{3}(?:ful|less)(?:ly|ness)?$")


def _lines(name: str) -> list[list[str]]:
    """The words of each line of a data file."""
    text = Path(__file__).with_name(name).read_text(encoding="ascii")
    return [line.split() for line in text.splitlines() if not line.startswith("#")]


def _words(name: str) -> frozenset[str]:
    return frozenset(word for line in _lines(name) for word in line)


STOP_WORDS = _words("stop_words.txt")
DICTIONARY = _words("dictionary.txt")
AMBIGUOUS_NAMES = _words("ambiguous_names.txt")
INFLECTIONS: dict[str, list[str]] = {}
for line in _lines("inflections.txt"):
    for word in line:
        INFLECTIONS.setdefault(word, []).extend(other for other in line if other != word)


def inflections_of(word: str) -> Iterator[str]:
    """Forms of a word that the stemmer doesn't conflate; some may not be English."""
    yield from INFLECTIONS.get(word, ())
    for match in S_OR_Z.finditer(word):
        yield word[: match.start()] + ("z" if match[0] == "s" else "s") + word[match.end() :]


def is_derived(word: str) -> bool:
    """Whether a word means something else than the one it is derived from: handful, harmless."""
    return DERIVED.search(word) is not None
