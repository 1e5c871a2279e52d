"""From a query's words to concepts: each with all the ways in which an episode may say it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log1p

from search.known import Known, Name, Stems, look_up
from search.query import SAYS_NOTHING, Part, Query
from search.spelling import corrections_of
from text.names import normalise_name

LONGEST_NAME = 4  # parts of a query
FEWEST_TO_SPLIT = 6  # letters: websockets is looked for as web sockets too
MOST_CONCEPTS = 16

# How much a way to say it counts against the word itself.
JOINED, LIKE, CORRECTED = 0.9, 0.5, (0.85, 0.6, 0.5)
FLOOR = 0.15  # what even the most common word tells
PAIRED = 0.1  # what two words say more when they stand side by side as in the query


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
    corrected: str = ""
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
    """A query's concepts, the pairs of words it has, and the concepts it excludes."""

    concepts: tuple[Concept, ...]
    pairs: tuple[Pair, ...]
    excluded: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """The words of a query in their order; `part_of` says which part each was typed in."""

    parts: Sequence[Part]
    words: list[str]
    part_of: list[int]

    @classmethod
    def of(cls, parts: Sequence[Part]) -> "_Said":
        each = [(word, place) for place, part in enumerate(parts) for word in part.words]
        return cls(parts, [word for word, _ in each], [place for _, place in each])

    def starts_part(self, place: int) -> bool:
        return place == 0 or self.part_of[place] != self.part_of[place - 1]

    def runs(self, place: int) -> Iterator[tuple[int, str]]:
        """Runs of unquoted parts from here, longest first: how many words, and their text."""
        first = self.part_of[place]
        run = self.parts[first : first + LONGEST_NAME]
        for length in range(len(run), 0, -1):
            if not any(part.is_quoted or part.either for part in run[1:length]):
                words = sum(len(part.words) for part in run[:length])
                yield words, " ".join(part.text for part in run[:length])


def understand(query: Query, *, verbatim: bool = False) -> Understood:
    """The concepts of a query. Two queries at most, one where every word is known."""
    wanted, unwanted = _Said.of(query.parts), _Said.of(query.excluded)
    known = look_up(
        " ".join(wanted.words),
        {*_spellings(wanted.words), *_spellings(unwanted.words)},
        {*_keys(wanted), *_keys(unwanted)},
    )
    concepts = _concepts(wanted, known)[:MOST_CONCEPTS]
    if not verbatim:
        _correct(concepts, known)
    for concept in concepts:
        _weigh(concept, known)
    return Understood(
        tuple(concepts), tuple(_pairs(wanted, known)), tuple(_concepts(unwanted, known))
    )


def _spellings(words: Sequence[str]) -> Iterator[str]:
    """The words, each two neighbours as one, and each as two."""
    yield from words
    yield from map("".join, pairwise(words))
    for word in words:
        for halves in _halves(word):
            yield from halves


def _keys(said: _Said) -> Iterator[str]:
    for place in range(len(said.words)):
        if said.starts_part(place):
            yield from filter(None, (normalise_name(text) for _, text in said.runs(place)))


def _concepts(said: _Said, known: Known) -> list[Concept]:
    """From left to right the longest that makes sense: a name, a phrase, or a word."""
    keep_all = all(part.says_nothing for part in said.parts)
    concepts: list[Concept] = []
    place = 0
    while place < len(said.words):
        part = said.parts[said.part_of[place]]
        concept, length = (
            _quoted(part, known)
            or _named(said, place, known)
            or _like_phrase(said, place, known)
            or _single(said, place, known, keep_all=keep_all)
        )
        place += length
        if concept is None:
            continue
        if part.either and concepts:
            _join(concepts[-1], concept)
        else:
            concepts.append(concept)
    return concepts


def _quoted(part: Part, known: Known) -> tuple[Concept, int] | None:
    if not part.is_quoted:
        return None
    stems = tuple(known.stems[word] for word in part.words)
    return Concept(f"“{part.text}”", [Way(stems)], is_quoted=True), len(part.words)


def _named(said: _Said, place: int, known: Known) -> tuple[Concept, int] | None:
    """A technology or guest by any of its names, looked for under all of them."""
    if not said.starts_part(place):
        return None
    for length, text in said.runs(place):
        name = known.names.get(normalise_name(text))
        if name and not (length == 1 and said.words[place] in SAYS_NOTHING):
            typed = tuple(known.stems[word] for word in said.words[place : place + length])
            concept = Concept(text, [Way(typed)], name=name)
            for stems in sorted(name.stems, key=len):
                # “go” is a verb more often than golang: unless typed, only the stack's counts.
                concept.add(stems, 1.0, in_head=len(stems) == 1 and len(stems[0]) <= 2)
            _add_like(concept, known)
            return concept, length
    return None


def _like_phrase(said: _Said, place: int, known: Known) -> tuple[Concept, int] | None:
    """Several words that a word group holds as a phrase: “went down”, “moved off”."""
    stems = [known.stems[word] for word in said.words[place:]]
    phrases = [phrase for group in known.groups for phrase in group if len(phrase) > 1]
    for phrase in sorted(phrases, key=len, reverse=True):
        if tuple(stems[: len(phrase)]) == phrase:
            label = " ".join(said.words[place : place + len(phrase)])
            concept = Concept(label, [Way(phrase)])
            _add_like(concept, known)
            return concept, len(phrase)
    return None


def _single(said: _Said, place: int, known: Known, *, keep_all: bool) -> tuple[Concept | None, int]:
    word = said.words[place]
    if word in SAYS_NOTHING and not keep_all:
        return None, 1
    concept = Concept(word, [Way((known.stems[word],))])
    for start in (place - 1, place):
        joined = "".join(said.words[max(start, 0) : start + 2])
        if joined != word and known.said((known.stems[joined],)):
            concept.add((known.stems[joined],), JOINED)
    for halves in _halves(word):
        stems = tuple(known.stems[half] for half in halves)
        if known.said(stems):
            concept.add(stems, JOINED)
    _add_like(concept, known)
    return concept, 1


def _add_like(concept: Concept, known: Known) -> None:
    """What means the same on this show, by the host's word groups."""
    own = {way.stems for way in concept.ways}
    for group in known.groups:
        if own & set(group):
            for phrase in group:
                if known.said(phrase):
                    concept.add(phrase, LIKE)


def _join(concept: Concept, other: Concept) -> None:
    """“django or rails”: one concept, said in the ways of both."""
    concept.label += f" or {other.label}"
    concept.name = None
    for way in other.ways:
        concept.add(way.stems, way.quality, in_head=way.in_head)


def _halves(word: str) -> list[tuple[str, ...]]:
    if len(word) < FEWEST_TO_SPLIT or not word.isascii():
        return []
    return [(word[:place], word[place:]) for place in range(2, len(word) - 1)]


def _correct(concepts: list[Concept], known: Known) -> None:
    """Give words nobody says the words that may have been meant; one query, if any."""
    unknown = [concept for concept in concepts if _is_unknown(concept, known)]
    if not unknown:
        return
    found = corrections_of(concept.label for concept in unknown)
    for concept in unknown:
        for correction, quality in zip(found[concept.label], CORRECTED, strict=False):
            concept.add((correction.stem,), quality)
            known.counts[correction.stem] = correction.documents
        concept.corrected = found[concept.label][0].word if found[concept.label] else ""


def _is_unknown(concept: Concept, known: Known) -> bool:
    return not any(known.said(way.stems) for way in concept.ways)


def _weigh(concept: Concept, known: Known) -> None:
    """Rare tells much. How common words of like meaning are says nothing of the one asked for."""
    concept.documents = max(known.said(way.stems) for way in concept.ways)
    own = max(known.said(way.stems) * way.quality for way in concept.ways if way.quality > LIKE)
    concept.weight = _tells(own, known.documents)


def _tells(documents: float, of: int) -> float:
    """Robertson and Spärck Jones's weight, with a floor for what every document holds."""
    documents = max(1, min(documents, of))
    return FLOOR + log1p((of - documents + 0.5) / (documents + 0.5))


def _pairs(said: _Said, known: Known) -> Iterator[Pair]:
    """Neighbours in the query, words that say nothing by themselves included."""
    for one, other in pairwise(said.words):
        stems = (known.stems[one], known.stems[other])
        rarest = known.said(stems)
        if rarest:
            yield Pair(stems, PAIRED * _tells(rarest, known.documents))


def _holds(stems: Stems, part: Stems) -> bool:
    return any(
        stems[start : start + len(part)] == part for start in range(len(stems) - len(part) + 1)
    )
