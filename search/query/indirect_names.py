"""Names that a query's words mean without being them: libraries, and names misspelled."""

from collections.abc import Iterator, Sequence

from search.query.concepts import Concept
from search.query.english import AMBIGUOUS_NAMES, DICTIONARY, STOP_WORDS
from search.query.lexicon import Lexicon, Name
from search.query.lookups import MAX_NAME_CLAUSES
from search.query.parse import TokenSequence
from search.query.tokenizer import Token
from text.names import normalise_name


def misnamed(concepts: Sequence[Concept], lexicon: Lexicon) -> Iterator[tuple[Token, str]]:
    """The words that are no names but have the stem of one: kubernets."""
    for concept in concepts:
        if not concept.token or concept.technology or concept.token.text in DICTIONARY:
            continue
        typed = concept.variants[0].stems
        for key, name in lexicon.names.items():
            if typed in name.stems and key not in AMBIGUOUS_NAMES:
                yield concept.token, key
                break


def libraries_named(tokens: TokenSequence, lexicon: Lexicon) -> Iterator[Name]:
    """The libraries that a query names. Requests and mint are words, unless typed alone."""
    for start in filter(tokens.starts_clause, range(len(tokens.tokens))):
        for length, text in tokens.runs(start, MAX_NAME_CLAUSES):
            library = lexicon.libraries.get(normalise_name(text))
            is_word = text.lower() in DICTIONARY or text.lower() in STOP_WORDS
            if library and (not is_word or length == len(tokens.tokens)):
                yield library
                break
