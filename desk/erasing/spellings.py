"""Find a name in any text, however it is spelled there, and replace it. No database."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from urllib.parse import unquote

from text.names import normalise_name, slug_for
from text.urls import bare_host

# Replaces an address with the name in it: .invalid never resolves (RFC 2606).
REMOVED_URL = "https://removed.invalid/"
REMOVED_EMAIL = "removed@removed.invalid"
# Letters that Unicode doesn't decompose, and their usual spelling in ASCII.
TO_ASCII = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
# Between the words of a name: in texts, addresses and file names.
SEPARATOR = r"[\W_]{0,6}"
# Characters as URLs, HTML and JSON escape them.
ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+|&#?\w{2,8};|(?:\\u[0-9A-Fa-f]{4})+")
ESCAPES = ("%", "&", "\\u")
LEFT = r"(?<![^\W_])"
# Also Gyford's and Gyfords. In tags, the next field's name may follow directly, up to a NUL.
RIGHT = r"(?=s?(?![^\W_])|[^\W_]{2,4}\x00)"
# A name of so many letters is found inside longer words, too: josenunez2.
MIN_INSIDE_WORD = 8
WORD = re.compile(r"[^\W_]+")
HYPHENATED = re.compile(r"[^\W_A-Z]+(?:[-_.][^\W_A-Z]+)+")
JOINTS = ("-", "_", "@")
EMAIL_END = re.compile(r"[\w.+-]*@[\w-]+\.\w")
EMPHASIS = re.compile(r"[*_]+(?=\W)|(?<=\s)[*_]+")
EMPHASIS_CHARS = "*_"
TOKEN_END = re.compile(r"[\s()<>\[\]\"'|,]")


@dataclass(frozen=True)
class Spellings:
    """The names of one person. Case, accents and separators don't matter."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> "Spellings":
        """The spellings of these names, without names that have no letter or digit."""
        return cls(tuple(dict.fromkeys(name.strip() for name in names if normalise_name(name))))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        found = {alternative for name in self.names for alternative in _alternatives(name)}
        return re.compile("|".join(sorted(found, key=len, reverse=True)) or r"(?!)")

    @cached_property
    def hints(self) -> tuple[str, ...]:
        """A folded text without any of these contains no name."""
        words = [WORD.findall(_folded(name)) for name in self.names]
        return tuple(max(each, key=len) for each in words if each)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The start and end of each name in the text."""
        folded = _folded(text)
        if not any(hint in folded for hint in self.hints):
            return []
        folded, places = _folded_with_places(text)
        matches = [match.span() for match in self._pattern.finditer(folded)]
        return [(places[start], places[end]) for start, end in matches]

    def replaced(self, text: str, by: "Replacement") -> str:
        """The text with the other name. Removes addresses of other sites that hold the name."""
        parts, done = [], 0
        for start, end in self.spans(text):
            if start < done:
                continue  # in an address that is replaced already
            start, end = _with_emphasis(text, start, end)
            left, right, new = _in_context(text, start, end, by)
            parts += [text[done : max(left, done)], new]
            done = right
        return "".join([*parts, text[done:]])


@dataclass(frozen=True, slots=True)
class Replacement:
    """The new name for sentences, and its slug for addresses and file names."""

    name: str
    slug: str
    own_hosts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, name: str, slug: str = "", sites: Iterable[str] = ()) -> "Replacement":
        hosts = frozenset(filter(None, map(bare_host, sites)))
        return cls(name, slug or slug_for(name), hosts)


def _with_emphasis(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a match over Markdown emphasis if only half of a pair is inside."""
    if not EMPHASIS.search(text, start, end):
        return start, end
    while start and text[start - 1] in EMPHASIS_CHARS:
        start -= 1
    while end < len(text) and text[end] in EMPHASIS_CHARS:
        end += 1
    return start, end


def _in_context(text: str, start: int, end: int, by: Replacement) -> tuple[int, int, str]:
    """The span to replace and its replacement, which depend on the text around the name."""
    left = start
    while left and not TOKEN_END.match(text[left - 1]):
        left -= 1
    after = TOKEN_END.search(text, end)
    right = after.start() if after else len(text)
    before, behind = text[left:start], text[end:right]
    if "://" in before and bare_host(text[left:right]) not in by.own_hosts:
        return left, right, REMOVED_URL
    if EMAIL_END.match(behind):
        return left, right, REMOVED_EMAIL
    is_part = "/" in before or before.endswith(JOINTS) or behind.startswith(("-", "_"))
    is_part = is_part or bool(HYPHENATED.fullmatch(text[start:end]))
    return start, end, by.slug if is_part else by.name


def _alternatives(name: str) -> Iterable[str]:
    words = [re.escape(word) for word in WORD.findall(_folded(name))]
    if not words:
        return
    yield LEFT + SEPARATOR.join(words) + RIGHT
    if len(words) > 1:
        yield LEFT + SEPARATOR.join([words[-1], *words[:-1]]) + RIGHT
        joined = "".join(words)
        if len(joined) >= MIN_INSIDE_WORD:
            yield joined


def _folded(text: str) -> str:
    if any(escape in text for escape in ESCAPES):
        return "".join(_fold(char) for _, char in _characters(text))
    return text.lower() if text.isascii() else "".join(map(_fold, text))


def _characters(text: str) -> Iterator[tuple[int, str]]:
    """The unescaped characters, each with its position in the text."""
    at = 0
    for escaped in ESCAPED.finditer(text):
        yield from enumerate(text[at : escaped.start()], at)
        yield from _unescape(escaped[0], escaped.start())
        at = escaped.end()
    yield from enumerate(text[at:], at)


def _unescape(written: str, at: int) -> Iterator[tuple[int, str]]:
    if written.startswith("&"):
        yield from ((at, char) for char in unescape(written))
    elif written.startswith("%"):
        for char in unquote(written, errors="surrogateescape"):
            yield at, char
            at += 3 * len(char.encode("utf-8", "surrogateescape"))
    else:
        for place in range(0, len(written), 6):
            yield at + place, chr(int(written[place + 2 : place + 6], 16))


@lru_cache(maxsize=1 << 16)
def _fold(char: str) -> str:
    if char.isascii():
        return char.lower()
    parts = unicodedata.normalize("NFKD", char).casefold().translate(TO_ASCII)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and the original position of each of its characters and of its end.

    Combining marks fold to nothing, so that a match takes them along.
    """
    folded: list[str] = []
    places: list[int] = []
    for place, char in _characters(text):
        new = _fold(char)
        folded.append(new)
        places += [place] * len(new)
    places.append(len(text))
    return "".join(folded), places
