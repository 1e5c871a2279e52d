"""What to look up in the lexicon before a query is expanded."""

from collections.abc import Iterator, Sequence
from itertools import chain

from search.query.compounds import splits, without_js
from search.query.english import inflections_of
from search.query.parse import Query, TokenSequence
from text.names import normalise_name

MAX_NAME_CLAUSES = 4
MAX_JOINED = 4  # words: crash loop back off is searched as CrashLoopBackOff too

# How much another spelling counts against the word itself.
INFLECTED = 0.95
COMPOUND = 0.9


def lookups(query: Query) -> tuple[str, set[str], set[str]]:
    """What to look up in the lexicon: the query's text, its words, its normalized names."""
    wanted = TokenSequence.of(query, query.clauses)
    words: set[str] = set()
    names: set[str] = set()
    for tokens in (wanted, TokenSequence.of(query, query.excluded)):
        words.update(token.text for token in tokens.tokens)
        for start in range(len(tokens.tokens)):
            words.update(chain.from_iterable(each for each, _ in spellings(tokens, start)))
        for start in filter(tokens.starts_clause, range(len(tokens.tokens))):
            texts = (text for _, text in tokens.runs(start, MAX_NAME_CLAUSES))
            names.update(filter(None, map(normalise_name, texts)), [tokens.tokens[start].text])
    return " ".join(token.text for token in wanted.tokens), words, names


def spellings(tokens: TokenSequence, start: int) -> Iterator[tuple[Sequence[str], float]]:
    """A word's inflections, compounds with its neighbours, and parts, and how much each counts."""
    word = tokens.tokens[start].text
    for inflection in inflections_of(word):
        yield [inflection], INFLECTED
    for length in range(2, MAX_JOINED + 1):
        for first in range(start - length + 1, start + 1):
            if tokens.are_adjacent(first, length):
                joined = tokens.tokens[first : first + length]
                yield ["".join(token.text for token in joined)], COMPOUND
    for parts in (without_js(word), *splits(word)):
        yield parts, COMPOUND
