"""What a listener typed, read: words, "phrases", -exclusions, `or`, and filters as `stack:django`.

Pure and forgiving: whatever can't be read as an operator is a word.
"""

import re
from dataclasses import dataclass

from search.words import words

MAX_LENGTH = 200  # characters of a query that count
FILTERS = ("stack", "guest", "year", "has")
TOKEN = re.compile(
    rf"""(?P<minus>(?<!\S)-)?(?:(?P<key>{"|".join(FILTERS)}):)?(?:"(?P<quoted>[^"]+)"|(?P<plain>[^\s"]+))""",
    re.IGNORECASE,
)

# Words of a question that say nothing of what is asked. Left out unless there is nothing else.
SAYS_NOTHING = frozenset(
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


@dataclass(frozen=True, slots=True)
class Part:
    """Words that stand together: one as typed, or a phrase in quotes."""

    text: str
    words: tuple[str, ...]
    is_quoted: bool = False
    either: bool = False  # joined to the part before it by “or”

    @property
    def says_nothing(self) -> bool:
        return not self.is_quoted and all(word in SAYS_NOTHING for word in self.words)


@dataclass(frozen=True, slots=True)
class Filter:
    """`stack:django`: what it narrows by and to; `excludes` for `-stack:django`."""

    key: str
    value: str
    excludes: bool = False


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A filter, phrase or exclusion as it shows to people, and the query without it."""

    what: Filter | Part
    excludes: bool
    without: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query, read. `text` is what was typed, tidied and cut to what counts."""

    text: str
    parts: tuple[Part, ...] = ()
    excluded: tuple[Part, ...] = ()
    filters: tuple[Filter, ...] = ()
    narrowings: tuple[Narrowing, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.parts and not self.filters


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.text for word in words(text))


def _without(text: str, token: re.Match[str]) -> str:
    return " ".join((text[: token.start()] + text[token.end() :]).split())


def parse_query(typed: str) -> Query:
    """The query as read. Never raises: every text is some query, if only an empty one."""
    text = " ".join(typed.replace("\0", " ").split())[:MAX_LENGTH].strip()
    parts: list[Part] = []
    excluded: list[Part] = []
    filters: list[Filter] = []
    narrowings: list[Narrowing] = []
    either = False
    for token in TOKEN.finditer(text):
        key, quoted, plain = token["key"], token["quoted"], token["plain"]
        if parts and plain and not key and plain.lower() in ("or", "|"):
            either = True
            continue
        value = quoted or plain
        part = Part(value, _words(value), bool(quoted), either)
        either = False
        if not part.words:
            continue
        excludes = bool(token["minus"])
        without = _without(text, token)
        if key:
            narrow = Filter(key.lower(), value, excludes)
            filters.append(narrow)
            narrowings.append(Narrowing(narrow, excludes, without))
        elif excludes:
            excluded.append(part)
            narrowings.append(Narrowing(part, excludes, without))
        else:
            parts.append(part)
            if quoted:
                narrowings.append(Narrowing(part, excludes, without))
    return Query(text, tuple(parts), tuple(excluded), tuple(filters), tuple(narrowings))
