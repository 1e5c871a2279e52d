"""Parses queries. Lenient: what can't be read as an operator is a word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from search.query.english import STOP_WORDS
from search.query.tokenizer import Token, tokenize

MAX_LENGTH = 200  # characters
FILTERS = {
    "stack": "with {}",
    "guest": "guest: {}",
    "year": "from {}",
    "kind": "kind: {}",
    "has": "with a {}",
}
CLAUSE = re.compile(
    rf"""(?P<minus>(?<!\S)-)?(?:(?P<key>{"|".join(FILTERS)}):)?(?:"(?P<quoted>[^"]+)"|(?P<plain>[^\s"]+))""",
    re.IGNORECASE,
)
EPISODE_NUMBER = re.compile(
    r"(?:(?P<kind>podcast|interview)|ep(?:isode)?\.?)? ?#?(?P<number>[0-9]{1,6})", re.IGNORECASE
)
# As phones type them, « and » too.
DOUBLE_QUOTES = str.maketrans("“”„«»", '"' * 5)
# Around several words, for one alone may be 'cause.
SINGLE_QUOTED = re.compile(
    r"""(?<!\S)['‘](?P<words>(?:[^\s"'‘’]|(?<=\w)['’](?=\w))+"""
    r""" (?:[^"'‘’]|(?<=\w)['’](?=\w))+)['’](?!\S)"""
)
ADDRESS = re.compile(r"(?:https?://(?:www\.)?|www\.)(?P<host>[\w.-]+\.[a-z]{2,})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """One word as typed, which may hold several tokens, or a quoted phrase."""

    text: str
    tokens: tuple[Token, ...]  # with their positions in the query
    is_quoted: bool = False
    is_alternative: bool = False  # joined to the clause before it by “or”

    @property
    def normalized(self) -> str:
        return " ".join(token.text for token in self.tokens)

    @property
    def is_stop_words(self) -> bool:
        return not self.is_quoted and all(token.text in STOP_WORDS for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Filter:
    """`stack:django`; `excludes` for `-stack:django`."""

    key: str
    value: str
    excludes: bool = False

    @property
    def typed(self) -> str:
        return f'{"-" if self.excludes else ""}{self.key}:"{self.value}"'

    @property
    def label(self) -> str:
        label = FILTERS[self.key].format(self.value)
        return f"not {label}" if self.excludes else label


@dataclass(frozen=True, slots=True)
class Restriction:
    """A filter, phrase or exclusion, which can be removed. Unknown filters find nothing."""

    label: str
    query: str  # without it
    filter: Filter | None = None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `text` is what was typed, with single spaces and at most MAX_LENGTH."""

    text: str
    clauses: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    filters: tuple[Filter, ...] = ()
    restrictions: tuple[Restriction, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.clauses or self.excluded or self.filters)

    @property
    def is_stop_words(self) -> bool:
        return all(clause.is_stop_words for clause in self.clauses)

    def without_quotes(self) -> str:
        """The query with the words of its phrases apart."""
        text = self.text
        for clause in reversed(self.clauses):
            if clause.is_quoted:
                start = text.rindex('"', 0, clause.tokens[0].start)
                end = text.index('"', clause.tokens[-1].end)
                text = f"{text[:start]} {clause.text} {text[end + 1 :]}"
        return " ".join(text.split())

    def with_replaced(self, replacements: Mapping[Token, str]) -> "Query":
        """The query with some words replaced; unchanged if that makes it too long."""
        text = self.text
        for token in sorted(replacements, key=lambda token: token.start, reverse=True):
            text = text[: token.start] + replacements[token] + text[token.end :]
        return parse_query(text) if len(text) <= MAX_LENGTH else self


@dataclass(frozen=True, slots=True)
class TokenSequence:
    """The tokens of some of a query's clauses, in order."""

    text: str  # the query's
    clauses: Sequence[Clause]
    tokens: tuple[Token, ...]
    clause_of: tuple[int, ...]  # the index of each token's clause

    @classmethod
    def of(cls, query: Query, clauses: Sequence[Clause]) -> Self:
        pairs = [(token, index) for index, clause in enumerate(clauses) for token in clause.tokens]
        tokens, clause_of = zip(*pairs, strict=True) if pairs else ((), ())
        return cls(query.text, clauses, tokens, clause_of)

    def starts_clause(self, start: int) -> bool:
        return start == 0 or self.clause_of[start] != self.clause_of[start - 1]

    def typed(self, start: int, length: int) -> str:
        """Some tokens as they were typed, with the characters between them."""
        return self.text[self.tokens[start].start : self.tokens[start + length - 1].end]

    def are_adjacent(self, start: int, length: int) -> bool:
        """Whether there are as many tokens from here on, with no “or” and no quotes between."""
        if not 0 <= start <= len(self.tokens) - length:
            return False
        clauses = self.clauses[self.clause_of[start] : self.clause_of[start + length - 1] + 1]
        if len(clauses) == 1:
            return True
        return not any(clause.is_quoted for clause in clauses) and not any(
            clause.is_alternative for clause in clauses[1:]
        )

    def runs(self, start: int, longest: int) -> Iterator[tuple[int, str]]:
        """Runs of adjacent clauses from here on, longest first: how many tokens, and the text."""
        first = self.clause_of[start]
        for end in range(min(first + longest, len(self.clauses)), first, -1):
            run = self.clauses[first:end]
            length = sum(len(clause.tokens) for clause in run)
            if self.are_adjacent(start, length):
                yield length, " ".join(clause.text for clause in run)


def episode_number(text: str) -> tuple[str, int] | None:
    """The kind and number that `37`, `#37`, `ep 37`, `interview 37` name; None of other texts."""
    match = EPISODE_NUMBER.fullmatch(text)
    kind = "interview" if text.lower().startswith("interview") else "podcast"
    return (kind, int(match["number"])) if match else None


def parse_query(typed: str) -> Query:
    """The parsed query. Never raises: every text is a query, if only an empty one."""
    text = _cut(" ".join(typed.replace("\0", " ").split())).translate(DOUBLE_QUOTES)
    text = SINGLE_QUOTED.sub(r'"\g<words>"', text)
    clauses: list[Clause] = []
    excluded: list[Clause] = []
    filters: list[Filter] = []
    restrictions: list[Restriction] = []
    is_alternative = False
    negation: int | None = None  # where a NOT begins
    for match in CLAUSE.finditer(text):
        key, plain = match["key"], match["plain"]
        if clauses and plain and not key and plain.lower() in ("or", "|"):
            is_alternative = True
            continue
        if plain and not key and plain in ("AND", "NOT") and match.end() < len(text):
            negation = match.start() if plain == "NOT" else negation
            continue
        group = "plain" if plain else "quoted"
        value, at = match[group], match.start(group)
        if plain and not key and (address := ADDRESS.match(value)):
            value, at = address["host"], at + address.start("host")
        tokens = _tokens(value, at)
        if not tokens:
            continue
        clause = Clause(value, tokens, group == "quoted", is_alternative)
        is_alternative = False
        excludes = bool(match["minus"]) or negation is not None
        start = match.start() if negation is None else negation
        negation = None
        without = " ".join((text[:start] + text[match.end() :]).split())
        if key:
            filters.append(Filter(key.lower(), value, excludes))
            restrictions.append(Restriction(filters[-1].label, without, filters[-1]))
        elif excludes:
            excluded.append(clause)
            restrictions.append(Restriction(f"without {value}", without))
        else:
            clauses.append(clause)
            if clause.is_quoted:
                restrictions.append(Restriction(f"“{value}”", without))
    return Query(text, tuple(clauses), tuple(excluded), tuple(filters), tuple(restrictions))


def _cut(text: str) -> str:
    """At most MAX_LENGTH of the text, cut between words."""
    if len(text) <= MAX_LENGTH:
        return text
    return text[: MAX_LENGTH + 1].rpartition(" ")[0] or text[:MAX_LENGTH]


def _tokens(text: str, start: int) -> tuple[Token, ...]:
    """The tokens of a text that begins at `start` in the query."""
    return tuple(
        replace(token, start=start + token.start, end=start + token.end) for token in tokenize(text)
    )
