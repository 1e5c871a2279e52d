"""Splits a text into the same words as search_normalize() does in the database."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MAX_LETTERS = 100
LETTER = r"[a-z0-9\u0080-\U0010ffff]"
THOUSANDS = r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))"
COMBINING_MARKS = re.compile(r"[\u0300-\u036f]")
APOSTROPHES = str.maketrans("’‘ʼ", "'''")
# Characters above ASCII that are part of no word.
PUNCTUATION = re.compile(
    r"[\u0080-\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f"
    r"\u3000-\u303f\ufe00-\ufe6f\U0001f000-\U0001faff]"
)
TOKEN = re.compile(
    rf"(?P<scheme>(?<!{LETTER})(?<!')https?://)"
    rf"|(?P<cplusplus>(?<!{LETTER})c\+\+)"
    rf"|(?P<sharp>(?<!{LETTER})[cf]\#)"
    rf"|(?P<dotnet>\.net(?!{LETTER})(?:(?<!{LETTER}\.net)|(?<=asp\.net)))"
    r"|(?P<sign>[$%])"
    rf"|(?P<word>{LETTER}+(?:(?:'(?!c\+\+|[cf]\#)|{THOUSANDS}){LETTER}+)*)"
)
SPELLED_OUT = {
    "c++": "cplusplus",
    "c#": "csharp",
    "f#": "fsharp",
    ".net": "dotnet",
    "$": "dollar",
    "%": "percent",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A normalized word and its position in the original text."""

    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """The text's words in order."""
    folded, positions = _fold(text)
    return [
        Token(word, positions[match.start()], positions[match.end() - 1] + 1)
        for match in TOKEN.finditer(folded)
        if match.lastgroup != "scheme" and len(word := _normalize(match)) <= MAX_LETTERS
    ]


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """The text in lower case without accents, and the original position of each character."""
    if text.isascii():
        return text.lower(), range(len(text))
    folded: list[str] = []
    positions: list[int] = []
    for position, char in enumerate(text):
        plain = char.lower() if char.isascii() else _fold_character(char)
        folded.append(plain)
        positions += [position] * len(plain)
    return "".join(folded), positions


def _fold_character(char: str) -> str:
    decomposed = COMBINING_MARKS.sub("", unicodedata.normalize("NFKD", char))
    plain = decomposed.lower().translate(APOSTROPHES)
    return COMBINING_MARKS.sub("", PUNCTUATION.sub(" ", plain))


def _normalize(match: re.Match[str]) -> str:
    token = match.group()
    if token.isalnum():
        return token
    if match.lastgroup == "word":
        return token.removesuffix("'s").replace("'", "").replace(",", "")
    return SPELLED_OUT[token]
