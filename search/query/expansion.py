"""Query expansion: names, phrases and words become concepts with all their variants. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from search.query.concepts import (
    DOMAIN,
    SYNONYM,
    Concept,
    ExpandedQuery,
    Variant,
    asks,
    bigrams,
    distinct,
    joined,
    weigh,
)
from search.query.english import DICTIONARY, STOP_WORDS
from search.query.lexicon import Lexicon, Name, Stems
from search.query.lookups import COMPOUND, MAX_NAME_CLAUSES, spellings
from search.query.parse import Clause, Query, TokenSequence
from search.query.tokenizer import Token
from text.names import normalise_name

MAX_CONCEPTS = 16
MAX_COMPOSITIONAL = 4  # words of a phrase in which each word means something by itself
COMPARING = [each.split() for each in "vs,v,versus,instead of,rather than,better than".split(",")]
JUDGING = {"better", "best"}  # of two technologies: which is better, nginx or Caddy?
COMPOSITIONAL = 0.3  # of all documents at most hold such a word


def expand(query: Query, lexicon: Lexicon, *, phrases: bool = True) -> ExpandedQuery:
    """The query's concepts. `phrases`: whether words may be phrases of synonym groups."""
    tokens = TokenSequence.of(query, query.clauses)
    excluded = TokenSequence.of(query, query.excluded)
    expansion = _Expansion(tokens, lexicon, phrases)
    every = distinct(expansion.concepts())
    single = list(chain.from_iterable(every[:MAX_CONCEPTS]))
    compared = [each for each in single if each.label.lower() not in JUDGING]
    technologies = {each.technology for each in compared if each.is_known(lexicon)} - {""}
    is_comparison = expansion.compares and len(compared) == len(technologies) == 2
    if is_comparison:
        single = compared
        every = [[replace(each, variants=each.exact)] for each in single]
    unknown = tuple(each.token for each in single if each.token and not each.is_known(lexicon))
    concepts = tuple(map(joined, every[:MAX_CONCEPTS]))
    is_spoken = weigh(concepts, lexicon, alike=is_comparison)
    return ExpandedQuery(
        query,
        concepts,
        tuple(bigrams(tokens, lexicon)),
        tuple(map(joined, _Expansion(excluded, lexicon, excludes=True).concepts())),
        unknown,
        tuple(dict.fromkeys(joined(each).label for each in every[MAX_CONCEPTS:])),
        (*dict.fromkeys(_libraries_named(tokens, lexicon)), *lexicon.questions),
        is_comparison,
        is_spoken,
        meant=lexicon.meant if asks(concepts) else (),
    )


def _libraries_named(tokens: TokenSequence, lexicon: Lexicon) -> Iterator[Name]:
    """The libraries that a query names. Requests and mint are words, unless typed alone."""
    for start in filter(tokens.starts_clause, range(len(tokens.tokens))):
        for length, text in tokens.runs(start, MAX_NAME_CLAUSES):
            name = tokens.tokens[start].text if DOMAIN.fullmatch(text) else normalise_name(text)
            library = lexicon.libraries.get(name)
            is_word = text.lower() in DICTIONARY or text.lower() in STOP_WORDS
            if library and (not is_word or length == len(tokens.tokens)):
                yield library
                break


def _has_stop_word(tokens: Sequence[Token]) -> bool:
    return any(token.text in STOP_WORDS for token in tokens)


@dataclass
class _Expansion:
    """Reads tokens from left to right; takes the longest name, phrase or word at each."""

    tokens: TokenSequence
    lexicon: Lexicon
    takes_phrases: bool = True
    excludes: bool = False
    compares: bool = False

    def concepts(self) -> list[list[Concept]]:
        """The concepts, each with its alternatives: “django or rails”."""
        concepts: list[list[Concept]] = []
        start = 0
        is_alternative = False
        while start < len(self.tokens.tokens):
            clause = self.tokens.clauses[self.tokens.clause_of[start]]
            is_alternative |= clause.is_alternative
            comparing = self._comparing(start) if concepts else 0
            self.compares |= is_alternative or comparing > 0
            if comparing:
                start += comparing
                continue
            found = self._quoted(clause) or self._named(start) or self._domain(start)
            concept, length = found or self._synonym_phrase(start) or self._word(start)
            start += length
            if concept is None:  # in “django or the rails”, “or” is for what comes after “the”
                continue
            if is_alternative and concepts:
                concepts[-1].append(concept)
            else:
                concepts.append([concept])
            is_alternative = False
        return concepts

    def _comparing(self, start: int) -> int:
        """How many tokens from here on compare what is before them with what comes after."""
        texts = [token.text for token in self.tokens.tokens[start:]]
        return next((len(each) for each in COMPARING if texts[: len(each)] == each), 0)

    def _quoted(self, clause: Clause) -> tuple[Concept, int] | None:
        """A phrase. A name is linked; who excludes it means all its spellings."""
        if not clause.is_quoted:
            return None
        name = self.lexicon.names.get(normalise_name(clause.text))
        if name and self.excludes:
            return self._concept_of(clause.text, clause.tokens, name), len(clause.tokens)
        variants = [Variant(self._stems(clause.tokens))]
        concept = Concept(f"“{clause.text}”", variants, name=name, is_quoted=True)
        return concept, len(clause.tokens)

    def _named(self, start: int) -> tuple[Concept, int] | None:
        """A technology or guest, with all its names; without synonyms, which mean others."""
        if not self.tokens.starts_clause(start):
            return None
        for length, text in self.tokens.runs(start, MAX_NAME_CLAUSES):
            name = self.lexicon.names.get(normalise_name(text))
            tokens = self.tokens.tokens[start : start + length]
            if not name or (length == 1 and tokens[0].text in STOP_WORDS):
                if length > 1 and (concept := self._of_directory(start, length, text)):
                    return concept, length
                continue
            return self._concept_of(text, tokens, name), length
        return None

    def _of_directory(self, start: int, length: int, text: str) -> Concept | None:
        """“Spring Boot”, though no stack has it; nginx for “engine x”; not “dedicated server”."""
        tokens = self.tokens.tokens[start : start + length]
        stems = self._stems(tokens)
        if any(len(each.text) > 3 and each.text not in DICTIONARY for each in tokens):
            return None
        concept = Concept(text, [Variant(stems)])
        is_only_named = self._is_only_named(concept, text)
        is_its_name = normalise_name(concept.technology) == normalise_name(text)
        if not concept.technology or stems in self._phrases(start):
            return None
        return concept if is_its_name or not is_only_named else None

    def _concept_of(self, text: str, tokens: Sequence[Token], name: Name | None) -> Concept:
        concept = Concept(text, [Variant(self._stems(tokens))], name=name)
        if name and name.kind == "technology":
            concept.technology = name.name
        for stems in sorted(name.stems, key=len) if name else ():
            # “go” is a verb more often than golang: unless typed, it counts in names only.
            concept.add(stems, 1.0, title_only=len(stems) == 1 and len(stems[0]) <= 2)
        return concept

    def _domain(self, start: int) -> tuple[Concept, int] | None:
        """“fly.io”, whose words mean something else apart; “sentry.io” is Sentry."""
        clause = self.tokens.clauses[self.tokens.clause_of[start]]
        is_domain = DOMAIN.fullmatch(clause.text) and len(clause.tokens) == 2
        if not is_domain or not self.tokens.starts_clause(start):
            return None
        name = self.lexicon.names.get(clause.tokens[0].text)
        concept = self._concept_of(clause.text, clause.tokens, name)
        self._is_only_named(concept, clause.text)
        return concept, 2

    def _is_only_named(self, concept: Concept, text: str) -> bool:
        """Add the directory's other names. Whether it has it and no episode says it."""
        entry = self.lexicon.directory.get(normalise_name(text))
        if not entry:
            return False
        concept.technology = concept.technology or entry.name
        for stems in entry.stems:
            if self.lexicon.document_frequency(stems):
                concept.add(stems, COMPOUND)
        return not concept.is_known(self.lexicon)

    def _synonym_phrase(self, start: int) -> tuple[Concept, int] | None:
        """A phrase of a synonym group, whose words mean something else apart: “went down”."""
        for phrase in self._phrases(start) if self.takes_phrases else ():
            if self._head(start, phrase) is None:
                typed = self.tokens.typed(start, len(phrase))
                concept = Concept(typed, [Variant(phrase)], is_phrase=True)
                self._add_synonyms(concept)
                tokens = self.tokens.tokens[start : start + len(phrase)]
                if concept.is_known(self.lexicon) or _has_stop_word(tokens):
                    return concept, len(phrase)
        return None

    def _phrases(self, start: int) -> list[Stems]:
        """The phrases of synonym groups that begin at this token, longest first."""
        stems = self._stems(self.tokens.tokens[start:])
        phrases = {
            phrase
            for phrase in chain.from_iterable(self.lexicon.synonyms)
            if len(phrase) > 1 and stems[: len(phrase)] == phrase
        }
        adjacent = [each for each in phrases if self.tokens.are_adjacent(start, len(each))]
        return sorted(adjacent, key=lambda phrase: (-len(phrase), phrase))

    def _head(self, start: int, phrase: Stems) -> int | None:
        """The rarest token of a compositional phrase (“domain name”); None for another phrase."""
        tokens = self.tokens.tokens[start : start + len(phrase)]
        documents = [self.lexicon.document_frequency((stem,)) for stem in phrase]
        if _has_stop_word(tokens):
            return None
        if not 0 < min(documents) <= max(documents) <= COMPOSITIONAL * self.lexicon.documents:
            return None
        return start + documents.index(min(documents))

    def _word(self, start: int) -> tuple[Concept | None, int]:
        token = self.tokens.tokens[start]
        has_other_words = not all(clause.is_stop_words for clause in self.tokens.clauses)
        if has_other_words and token.text in STOP_WORDS:
            return None, 1
        concept = Concept(self.tokens.typed(start, 1), [Variant(self._stems([token]))], token=token)
        for words, quality in spellings(self.tokens, start):
            stems = tuple(self.lexicon.stems[word] for word in words)
            if stems and self.lexicon.document_frequency(stems):
                concept.add(stems, quality)
        if not self._is_only_named(concept, token.text):
            self._add_synonyms(concept, self._phrases_headed(start))
        return concept, 1

    def _phrases_headed(self, head: int) -> Iterator[Stems]:
        """The compositional phrases around a token of which it is the head."""
        for start in range(max(0, head - MAX_COMPOSITIONAL + 1), head + 1):
            for phrase in self._phrases(start):
                if self._head(start, phrase) == head:
                    yield phrase

    def _add_synonyms(self, concept: Concept, phrases: Iterable[Stems] = ()) -> None:
        own = {*phrases, *(variant.stems for variant in concept.variants)}
        for group in self.lexicon.synonyms:
            if own.isdisjoint(group):
                continue
            for phrase in group:
                if self.lexicon.document_frequency(phrase):
                    concept.add(phrase, SYNONYM)

    def _stems(self, tokens: Sequence[Token]) -> Stems:
        return tuple(self.lexicon.stems[token.text] for token in tokens)
