"""An expanded query: concepts, each with the variants in which an episode may say it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from search.query.english import STOP_WORDS
from search.query.lexicon import Lexicon, Name, Stems
from search.query.parse import Query, TokenSequence
from search.query.tokenizer import Token

DOMAIN = re.compile(r"\w+\.(?:ai|app|co|com|dev|io|js|net|org|sh)", re.IGNORECASE)
SYNONYM = 0.5  # quality of a synonym, against 1.0 of the word itself
BIGRAM = 0.1  # what two adjacent words of the query add where a document has them adjacent
DISCRIMINATING = 0.3  # of the heaviest concept's weight


@dataclass(frozen=True, slots=True)
class Variant:
    """A word or phrase that says a concept."""

    stems: Stems
    quality: float = 1.0
    title_only: bool = False  # counts in titles and names alone

    @property
    def is_phrase(self) -> bool:
        return len(self.stems) > 1


@dataclass(slots=True)
class Concept:
    """One thing that a query asks for."""

    label: str  # as typed
    variants: list[Variant] = field(default_factory=list)
    weight: float = 1.0  # idf
    documents: int = 0  # an upper bound of its document frequency
    token: Token | None = None  # of a single word that isn't a name
    name: Name | None = None
    is_quoted: bool = False
    is_phrase: bool = False  # of a synonym group
    technology: str = ""  # its name, also if none of a published episode

    def add(self, stems: Stems, quality: float, *, title_only: bool = False) -> None:
        """Add a variant, unless it is there and as good."""
        same = (each for each in self.variants if each.stems == stems)
        if not any(each.quality >= quality and each.title_only <= title_only for each in same):
            self.variants.append(Variant(stems, quality, title_only))

    @property
    def exact(self) -> list[Variant]:
        return [each for each in self.variants if each.quality > SYNONYM]

    @property
    def synonyms(self) -> list[Variant]:
        return [each for each in self.variants if each.quality <= SYNONYM]

    @property
    def is_phrase_of_question(self) -> bool:
        return not self.is_quoted and not STOP_WORDS.isdisjoint(self.label.lower().split())

    def is_known(self, lexicon: Lexicon) -> bool:
        return any(lexicon.document_frequency(each.stems) for each in self.variants)

    def weigh(self, lexicon: Lexicon) -> None:
        """Set documents, and the weight by the most frequent exact variant; 0 if none is known."""
        frequencies = {each: lexicon.document_frequency(each.stems) for each in self.variants}
        self.documents = min(sum(frequencies.values()), lexicon.documents)
        most = max(each.quality * frequencies[each] for each in self.exact)
        self.weight = lexicon.idf(most) if self.documents else 0.0


@dataclass(frozen=True, slots=True)
class ExpandedQuery:
    query: Query  # with corrections
    concepts: tuple[Concept, ...]
    bigrams: tuple[Variant, ...]  # adjacent words; their quality is what they add to a score
    excluded: tuple[Concept, ...]
    unknown: tuple[Token, ...]  # words that no document holds
    ignored: tuple[str, ...]  # words beyond MAX_CONCEPTS
    linked: tuple[Name, ...] = ()  # libraries that it names, and saved questions
    is_comparison: bool = False  # of two technologies, which are its concepts
    is_spoken: bool = False  # transcripts alone may hold it
    meant: Stems = ()  # whose vectors say what it means; none where words alone count

    @property
    def is_unknown(self) -> bool:
        """Whether the notes hold no word of it."""
        return len(self.unknown) >= len(self.concepts)

    def relaxed(self) -> "ExpandedQuery | None":
        """The query without its discriminating concepts; None if no other is left."""
        dropped = discriminating(self.concepts)
        if not any(each.documents and each not in dropped for each in self.concepts):
            return None
        concepts = tuple(
            replace(each, documents=0, weight=0.0) if each in dropped else each
            for each in self.concepts
        )
        return replace(self, concepts=concepts)


def asks(concepts: Sequence[Concept]) -> bool:
    """Whether a query asks in words of its own, beside names, domains and quotes."""
    return not all(
        each.name or each.technology or each.is_quoted or DOMAIN.fullmatch(each.label)
        for each in concepts
    )


def distinct(concepts: Sequence[list[Concept]]) -> list[list[Concept]]:
    """Drop duplicates."""
    first: dict[tuple[Stems, ...], list[Concept]] = {}
    for alternatives in concepts:
        first.setdefault(tuple(each.variants[0].stems for each in alternatives), alternatives)
    return list(first.values())


def joined(alternatives: Sequence[Concept]) -> Concept:
    """“django or rails” as one concept with the variants of both."""
    first, *others = alternatives
    if not others:
        return first
    joined = Concept(
        " or ".join(each.label for each in alternatives),
        is_quoted=any(each.is_quoted for each in alternatives),
    )
    for variant in chain.from_iterable(each.variants for each in alternatives):
        joined.add(variant.stems, variant.quality, title_only=variant.title_only)
    return joined


def weigh(concepts: Sequence[Concept], lexicon: Lexicon, *, alike: bool) -> bool:
    """Weigh the concepts. Whether by what transcripts say, since notes hold none, or no quote."""
    for concept in concepts:
        concept.weigh(lexicon)
        concept.weight = 1.0 if alike else concept.weight
    known = [concept for concept in concepts if concept.documents]
    if known and all(concept.documents for concept in concepts if concept.is_quoted):
        return False
    for concept in concepts:
        concept.weigh(lexicon.with_speech())
    return True


def bigrams(tokens: TokenSequence, lexicon: Lexicon) -> Iterator[Variant]:
    """Adjacent words of the query, stop words included."""
    for start in range(len(tokens.tokens) - 1):
        stems = tuple(lexicon.stems[each.text] for each in tokens.tokens[start : start + 2])
        frequency = lexicon.document_frequency(stems)
        if frequency and tokens.are_adjacent(start, 2):
            yield Variant(stems, BIGRAM * lexicon.idf(frequency))


def discriminating(concepts: Sequence[Concept]) -> list[Concept]:
    """The concepts that make an episode a result: those not much more frequent than the rarest."""
    found = [concept for concept in concepts if concept.documents]
    heaviest = max((concept.weight for concept in found), default=0)
    return [concept for concept in found if concept.weight >= DISCRIMINATING * heaviest]
