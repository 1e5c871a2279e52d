"""Words as search knows them: the same from here as from search_normalize() in the database.

`C#` is csharp, `.NET` dotnet, `Node.js` node and js, `man's` man, `don't` dont, `café` cafe,
`$3,000` dollar and 3000. What is longer than LONGEST is none: no index takes it.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 100  # letters of a word
LETTER = r"[a-z0-9\u0080-\U0010ffff]"
THOUSANDS = r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))"
MARKS = re.compile(r"[\u0300-\u036f]")
APOSTROPHES = str.maketrans("’‘ʼ", "'''")
# What is no part of a word, above ASCII.
PUNCTUATION = re.compile(
    r"[\u0080-\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f"
    r"\u3000-\u303f\ufe00-\ufe6f\U0001f000-\U0001faff]"
)
WORD = re.compile(
    rf"(?P<cplusplus>(?<!{LETTER})c\+\+)"
    rf"|(?P<sharp>(?<!{LETTER})[cf]\#)"
    rf"|(?P<dotnet>\.net(?!{LETTER})(?:(?<!{LETTER}\.net)|(?<=asp\.net)))"
    r"|(?P<sign>[$%])"
    rf"|(?P<word>{LETTER}+(?:(?:'(?!c\+\+|[cf]\#)|{THOUSANDS}){LETTER}+)*)"
)

SPELT_OUT = {
    "c++": "cplusplus",
    "c#": "csharp",
    "f#": "fsharp",
    ".net": "dotnet",
    "$": "dollar",
    "%": "percent",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word, and where in the text it stands."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The text's words in their order, with their places in the text as it was given."""
    folded, places = _folded(text)
    return [
        Word(spelt, places[match.start()], places[match.end() - 1] + 1)
        for match in WORD.finditer(folded)
        if len(spelt := _spelt(match)) <= LONGEST
    ]


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text in lower case without accents, and for each of its characters where it was."""
    if text.isascii():
        return text.lower(), range(len(text))
    folded, places = [], []
    for place, char in enumerate(text):
        if char.isascii():
            folded.append(char.lower())
            places.append(place)
            continue
        plain = MARKS.sub("", unicodedata.normalize("NFKD", char)).lower().translate(APOSTROPHES)
        plain = MARKS.sub("", PUNCTUATION.sub(" ", plain))
        folded.append(plain)
        places += [place] * len(plain)
    return "".join(folded), places


def _spelt(match: re.Match[str]) -> str:
    found = match.group()
    if found.isalnum():
        return found
    if match.lastgroup == "word":
        return found.removesuffix("'s").replace("'", "").replace(",", "")
    return SPELT_OUT[found]
