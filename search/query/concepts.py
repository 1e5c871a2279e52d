"""What a query asks for, as concepts: each with all the ways in which an episode may say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from search.query.lexicon import Name, Stems
from search.query.parse import Query
from search.query.tokenizer import Word

LIKE = 0.5  # how much a word of like meaning counts against the word itself
TELLING = 0.3  # of the heaviest concept's weight: others alone make no episode an answer


@dataclass(frozen=True, slots=True)
class Way:
    """Stems that one after the other say a concept; `in_head`: in names and titles only."""

    stems: Stems
    quality: float = 1.0
    in_head: bool = False


@dataclass(slots=True)
class Concept:
    """Something the query asks for: how it was typed, the ways to say it, how much it tells,
    and in how many documents it stands, about.
    """

    label: str
    ways: list[Way] = field(default_factory=list)
    weight: float = 1.0
    documents: int = 0
    word: Word | None = None  # where it is a single one that names nothing
    name: Name | None = None
    is_quoted: bool = False

    def add(self, stems: Stems, quality: float, *, in_head: bool = False) -> None:
        """One more way, unless it holds another that is as good: “amazon s3” next to “s3”."""
        for way in self.ways:
            if way.quality >= quality and way.in_head <= in_head and _holds(stems, way.stems):
                return
        self.ways.append(Way(stems, quality, in_head))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words that follow one another in the query, stemmed, and how much that tells."""

    stems: Stems
    weight: float


@dataclass(frozen=True, slots=True)
class Understood:
    """A query's concepts, the pairs of words it has, and the concepts it excludes.

    `query`: as it is searched, other words in the places of mistyped ones. `unknown`: its words
    that nobody says. `unread`: what was typed beyond the most that is read. `typed`: what stood
    in the places of the other words, by these.
    """

    query: Query
    concepts: tuple[Concept, ...]
    pairs: tuple[Pair, ...]
    excluded: tuple[Concept, ...]
    unknown: tuple[Word, ...]
    unread: tuple[str, ...]
    typed: Mapping[str, str] = field(default_factory=dict)

    def as_typed(self, query: Query) -> "Understood":
        """The same concepts, labelled with the words of the query that was typed."""
        concepts = (
            replace(concept, label=self.typed.get(concept.label, concept.label))
            for concept in self.concepts
        )
        return replace(self, query=query, concepts=tuple(concepts), typed={})

    def weakened(self) -> "Understood | None":
        """Without what tells most, as if nobody said it; None where nothing else is said."""
        tells = telling(self.concepts)
        if not any(each.documents and each not in tells for each in self.concepts):
            return None
        concepts = (
            replace(each, documents=0, weight=0.0) if each in tells else each
            for each in self.concepts
        )
        return replace(self, concepts=tuple(concepts))


def telling(concepts: Sequence[Concept]) -> list[Concept]:
    """The concepts that tell episodes apart: those not much more common than the rarest."""
    said = [concept for concept in concepts if concept.documents]
    most = max((concept.weight for concept in said), default=0)
    return [concept for concept in said if concept.weight >= TELLING * most]


def _holds(stems: Stems, part: Stems) -> bool:
    return any(
        stems[start : start + len(part)] == part for start in range(len(stems) - len(part) + 1)
    )
