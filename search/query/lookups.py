"""What to look up in the lexicon before a query is expanded."""

from collections.abc import Iterator
from itertools import chain

from search.query.compounds import splits, without_js
from search.query.english import inflections_of
from search.query.parse import Query, TokenSequence
from text.names import normalise_name

MAX_NAME_CLAUSES = 4
MAX_JOINED = 4  # words: crash loop back off is searched as CrashLoopBackOff too


def lookups(query: Query) -> tuple[str, set[str], set[str]]:
    """What to look up in the lexicon: the query's text, its words, its normalized names."""
    wanted = TokenSequence.of(query, query.clauses)
    excluded = TokenSequence.of(query, query.excluded)
    return (
        " ".join(token.text for token in wanted.tokens),
        {*_words(wanted), *_words(excluded)},
        {*_names(wanted), *_names(excluded)},
    )


def _words(tokens: TokenSequence) -> Iterator[str]:
    """The words, their inflections, adjacent ones as a compound, and each split in two."""
    texts = [token.text for token in tokens.tokens]
    yield from texts
    for length in range(2, MAX_JOINED + 1):
        for start in range(len(texts) - length + 1):
            yield "".join(texts[start : start + length])
    for text in texts:
        yield from without_js(text)
        yield from inflections_of(text)
        yield from chain.from_iterable(splits(text))


def _names(tokens: TokenSequence) -> Iterator[str]:
    for start in filter(tokens.starts_clause, range(len(tokens.tokens))):
        texts = (text for _, text in tokens.runs(start, MAX_NAME_CLAUSES))
        yield from filter(None, map(normalise_name, texts))
        yield tokens.tokens[start].text
