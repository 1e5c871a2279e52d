"""What the index and the catalogue know of a query's words, as plain values."""

from dataclasses import dataclass, field, replace
from math import log1p

Stems = tuple[str, ...]

IDF_FLOOR = 0.5  # the weight of a word that every document holds


@dataclass(frozen=True, slots=True)
class Name:
    """Of a published episode, so it has a page; or a technology of the directory, without one."""

    kind: str
    name: str
    slug: str
    stems: tuple[Stems, ...] = ()  # of all its names; none of a library or question


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that may be meant, its stem and its document frequency."""

    word: str
    stem: str
    documents: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    documents: int  # in the index
    stems: dict[str, str]  # by word
    frequencies: dict[str, int]  # of documents, whose transcripts don't count, by stem
    names: dict[str, Name]  # by normalized name
    synonyms: tuple[tuple[Stems, ...], ...]  # groups of which the query holds a phrase
    libraries: dict[str, Name] = field(default_factory=dict)  # by normalized name
    questions: tuple[Name, ...] = ()  # saved ones whose titles hold the query's words
    directory: dict[str, Name] = field(default_factory=dict)  # by normalized name, unless in names
    meant: Stems = ()  # those of the query that have a vector

    def document_frequency(self, stems: Stems) -> int:
        """An upper bound of how many documents hold all of these stems."""
        return min(self.documents, *(self.frequencies.get(stem, 0) for stem in stems))

    def with_speech(self) -> "Lexicon":
        """The lexicon with the words that no notes hold as rare ones: a transcript may say them."""
        unknown = dict.fromkeys(set(self.stems.values()) - self.frequencies.keys(), 1)
        return replace(self, frequencies=self.frequencies | unknown)

    def idf(self, frequency: float) -> float:
        """Inverse document frequency: Robertson and Spärck Jones's weight, above a floor."""
        frequency = max(1, min(frequency, self.documents))
        return IDF_FLOOR + log1p((self.documents - frequency + 0.5) / (frequency + 0.5))
