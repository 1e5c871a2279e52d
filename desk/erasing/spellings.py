"""A name found in any text, however it is spelt there, and put another in its place. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from urllib.parse import unquote

from text.names import normalise_name, slug_for
from text.urls import bare_host

# Where an address held the name: .invalid leads nowhere, for good (RFC 2606).
REMOVED = "https://removed.invalid/"
REMOVED_MAIL = "removed@removed.invalid"
# Letters that are no base letter with a mark, and how they are written without.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
# What may stand between the words of a name: in texts, addresses and file names.
BETWEEN = r"[\W_]{0,6}"
# Letters as addresses, HTML and JSON write them.
ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+|&#?\w{2,8};|(?:\\u[0-9A-Fa-f]{4})+")
ESCAPES = ("%", "&", "\\u")
LEFT = r"(?<![^\W_])"
# Also Gyford's, and Gyfords; in files the next field's name may follow, which ends with a NUL.
RIGHT = r"(?=s?(?![^\W_])|[^\W_]{2,4}\x00)"
# From so many letters on, a name written as one word is it, also within a longer word.
TELLING = 8
WORD = re.compile(r"[^\W_]+")
HYPHENATED = re.compile(r"[^\W_A-Z]+(?:[-_.][^\W_A-Z]+)+")
JOINTS = ("-", "_", "@")
MAIL = re.compile(r"[\w.+-]*@[\w-]+\.\w")
EMPHASIS = re.compile(r"[*_]+(?=\W)|(?<=\s)[*_]+")
MARKS = "*_"
ENDS_TOKEN = re.compile(r"[\s()<>\[\]\"'|,]")


@dataclass(frozen=True)
class Spellings:
    """The names of one person. Case, accents and what stands between their words don't matter."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> "Spellings":
        """Those that hold a letter or digit."""
        return cls(tuple(dict.fromkeys(name.strip() for name in names if normalise_name(name))))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        found = {alternative for name in self.names for alternative in _alternatives(name)}
        return re.compile("|".join(sorted(found, key=len, reverse=True)) or r"(?!)")

    @cached_property
    def hints(self) -> tuple[str, ...]:
        """Without one of these in it, folded, no text holds a name."""
        words = [WORD.findall(_folded(name)) for name in self.names]
        return tuple(max(each, key=len) for each in words if each)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where a name begins and ends."""
        folded = _folded(text)
        if not any(hint in folded for hint in self.hints):
            return []
        folded, places = _folded_with_places(text)
        matches = [match.span() for match in self._pattern.finditer(folded)]
        return [(places[start], places[end]) for start, end in matches]

    def replaced(self, text: str, by: "Replacement") -> str:
        """The text with the other name. An outside address that held the name is no more."""
        parts, done = [], 0
        for start, end in self.spans(text):
            if start < done:
                continue  # within an address that went as a whole
            start, end = _with_emphasis(text, start, end)
            left, right, new = _in_context(text, start, end, by)
            parts += [text[done : max(left, done)], new]
            done = right
        return "".join([*parts, text[done:]])


@dataclass(frozen=True, slots=True)
class Replacement:
    """What takes the name's place: in sentences, and in addresses and file names."""

    name: str
    slug: str
    own_hosts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, name: str, slug: str = "", sites: Iterable[str] = ()) -> "Replacement":
        hosts = frozenset(filter(None, map(bare_host, sites)))
        return cls(name, slug or slug_for(name), hosts)


def _with_emphasis(text: str, start: int, end: int) -> tuple[int, int]:
    """Markdown's marks around one of the words go with it: the other of the pair is inside."""
    if not EMPHASIS.search(text, start, end):
        return start, end
    while start and text[start - 1] in MARKS:
        start -= 1
    while end < len(text) and text[end] in MARKS:
        end += 1
    return start, end


def _in_context(text: str, start: int, end: int, by: Replacement) -> tuple[int, int, str]:
    """What goes, and what comes in its place, by what stands around the name."""
    left = start
    while left and not ENDS_TOKEN.match(text[left - 1]):
        left -= 1
    after = ENDS_TOKEN.search(text, end)
    right = after.start() if after else len(text)
    before, behind = text[left:start], text[end:right]
    if "://" in before and bare_host(text[left:right]) not in by.own_hosts:
        return left, right, REMOVED
    if MAIL.match(behind):
        return left, right, REMOVED_MAIL
    is_part = "/" in before or before.endswith(JOINTS) or behind.startswith(("-", "_"))
    is_part = is_part or bool(HYPHENATED.fullmatch(text[start:end]))
    return start, end, by.slug if is_part else by.name


def _alternatives(name: str) -> Iterable[str]:
    words = [re.escape(word) for word in WORD.findall(_folded(name))]
    if not words:
        return
    yield LEFT + BETWEEN.join(words) + RIGHT
    if len(words) > 1:
        yield LEFT + BETWEEN.join([words[-1], *words[:-1]]) + RIGHT
        joined = "".join(words)
        if len(joined) >= TELLING:
            yield joined


def _folded(text: str) -> str:
    if any(escape in text for escape in ESCAPES):
        return "".join(_fold(char) for _, char in _characters(text))
    return text.lower() if text.isascii() else "".join(map(_fold, text))


def _characters(text: str) -> Iterator[tuple[int, str]]:
    """What is meant by the text, and where each character of it is written."""
    at = 0
    for escaped in ESCAPED.finditer(text):
        yield from enumerate(text[at : escaped.start()], at)
        yield from _meant(escaped[0], escaped.start())
        at = escaped.end()
    yield from enumerate(text[at:], at)


def _meant(written: str, at: int) -> Iterator[tuple[int, str]]:
    """What stands for other characters; as it is, where it stands for none."""
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
    parts = unicodedata.normalize("NFKD", char).casefold().translate(PLAIN)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters and its end the place in the original.

    Marks that follow a letter belong to it, so that none is left behind.
    """
    folded: list[str] = []
    places: list[int] = []
    for place, char in _characters(text):
        new = _fold(char)
        folded.append(new)
        places += [place] * len(new)
    places.append(len(text))
    return "".join(folded), places
