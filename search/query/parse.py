"""What a listener typed, read: words, "phrases", -exclusions, `or`, and filters as `stack:django`.

Pure and forgiving: whatever can't be read as an operator is a word.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from search.query.tokenizer import Word, words

MAX_LENGTH = 200  # characters of a query that count
FILTERS = ("stack", "guest", "year", "has")
TOKEN = re.compile(
    rf"""(?P<minus>(?<!\S)-)?(?:(?P<key>{"|".join(FILTERS)}):)?(?:"(?P<quoted>[^"]+)"|(?P<plain>[^\s"]+))""",
    re.IGNORECASE,
)

EPISODE_NUMBER = re.compile(r"(?:ep(?:isode)?\.?)? ?#?([0-9]{1,6})", re.IGNORECASE)

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
    words: tuple[Word, ...]  # with their places in the query's text
    is_quoted: bool = False
    either: bool = False  # joined to the part before it by “or”

    @property
    def spelt(self) -> str:
        """Its words as search knows them."""
        return " ".join(word.text for word in self.words)

    @property
    def says_nothing(self) -> bool:
        return not self.is_quoted and all(word.text in SAYS_NOTHING for word in self.words)


@dataclass(frozen=True, slots=True)
class Filter:
    """`stack:django`: what it narrows by and to; `excludes` for `-stack:django`."""

    key: str
    value: str
    excludes: bool = False


@dataclass(frozen=True, slots=True)
class Restriction:
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
    restrictions: tuple[Restriction, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.parts and not self.filters

    @property
    def says_nothing(self) -> bool:
        return all(part.says_nothing for part in self.parts)

    def reworded(self, instead: Mapping[Word, str]) -> "Query":
        """The query with other words in the places of some of its own; itself if that's too long.

        It is read again, so that it is what its text says.
        """
        text = self.text
        for word in sorted(instead, key=lambda word: word.start, reverse=True):
            text = text[: word.start] + instead[word] + text[word.end :]
        return parse_query(text) if len(text) <= MAX_LENGTH else self


@dataclass(frozen=True, slots=True)
class Said:
    """The words of some parts of a query, in their order."""

    text: str  # the query's
    parts: Sequence[Part]
    words: tuple[Word, ...]
    part_of: tuple[int, ...]  # for each word the place of its part

    @classmethod
    def of(cls, query: Query, parts: Sequence[Part]) -> Self:
        each = [(word, place) for place, part in enumerate(parts) for word in part.words]
        return cls(query.text, parts, tuple(word for word, _ in each), tuple(at for _, at in each))

    def starts_part(self, place: int) -> bool:
        return place == 0 or self.part_of[place] != self.part_of[place - 1]

    def typed(self, place: int, length: int) -> str:
        """Some words as they were typed, with what stands between them."""
        return self.text[self.words[place].start : self.words[place + length - 1].end]

    def are_one(self, place: int, length: int) -> bool:
        """Whether as many words from here on stand in a row, with no “or” and no quotes between."""
        if not 0 <= place <= len(self.words) - length:
            return False
        parts = self.parts[self.part_of[place] : self.part_of[place + length - 1] + 1]
        if len(parts) == 1:
            return True
        return not any(part.is_quoted for part in parts) and not any(
            part.either for part in parts[1:]
        )

    def runs(self, place: int, longest: int) -> Iterator[tuple[int, str]]:
        """Runs of parts from here that are one, longest first: how many words, and their text."""
        first = self.part_of[place]
        run = self.parts[first : first + longest]
        for length in range(len(run), 0, -1):
            words = sum(len(part.words) for part in run[:length])
            if self.are_one(place, words):
                yield words, " ".join(part.text for part in run[:length])


def episode_number(text: str) -> int | None:
    """The number in `37`, `#37`, `ep 37` or `episode #37`; None for any other text."""
    match = EPISODE_NUMBER.fullmatch(text)
    return int(match[1]) if match else None


def _words(text: str, start: int) -> tuple[Word, ...]:
    """The words of a text that stands in the query from `start` on."""
    return tuple(
        replace(word, start=start + word.start, end=start + word.end) for word in words(text)
    )


def _without(text: str, token: re.Match[str]) -> str:
    return " ".join((text[: token.start()] + text[token.end() :]).split())


def parse_query(typed: str) -> Query:
    """The query as read. Never raises: every text is some query, if only an empty one."""
    text = " ".join(typed.replace("\0", " ").split())[:MAX_LENGTH].strip()
    parts: list[Part] = []
    excluded: list[Part] = []
    filters: list[Filter] = []
    restrictions: list[Restriction] = []
    either = False
    for token in TOKEN.finditer(text):
        key, plain = token["key"], token["plain"]
        if parts and plain and not key and plain.lower() in ("or", "|"):
            either = True
            continue
        group = "plain" if plain else "quoted"
        value = token[group]
        part = Part(value, _words(value, token.start(group)), group == "quoted", either)
        if not part.words:
            continue
        either = False
        excludes = bool(token["minus"])
        without = _without(text, token)
        if key:
            condition = Filter(key.lower(), value, excludes)
            filters.append(condition)
            restrictions.append(Restriction(condition, excludes, without))
        elif excludes:
            excluded.append(part)
            restrictions.append(Restriction(part, excludes, without))
        else:
            parts.append(part)
            if part.is_quoted:
                restrictions.append(Restriction(part, excludes, without))
    return Query(text, tuple(parts), tuple(excluded), tuple(filters), tuple(restrictions))
