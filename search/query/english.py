"""Words that are one to who searches, though their stems differ: wrote, written; slower, slow."""

import re
from collections.abc import Iterator
from pathlib import Path


def _read(lines: list[str]) -> dict[str, tuple[str, ...]]:
    forms: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line.startswith("#"):
            continue
        words = line.split()
        for word in words:
            others = tuple(other for other in words if other != word)
            forms[word] = forms.get(word, ()) + others
    return forms


FORMS = _read(Path(__file__).with_name("inflections.txt").read_text(encoding="ascii").splitlines())
# British and American: organise, organized; analysing, analyzing.
SPELT_TWO_WAYS = re.compile(r"(?<=[a-z]{4}[iy])[sz](?=(?:e|ed|es|ing|er|ers|ation|ations)$)")


def forms_of(word: str) -> Iterator[str]:
    """Other forms of a word that stemming doesn't join with it; what isn't English may be among."""
    yield from FORMS.get(word, ())
    for match in SPELT_TWO_WAYS.finditer(word):
        yield word[: match.start()] + ("z" if match[0] == "s" else "s") + word[match.end() :]


# Spelt right, though nobody may say it.
ENGLISH = frozenset(
    word
    for line in Path(__file__).with_name("english.txt").read_text(encoding="ascii").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
