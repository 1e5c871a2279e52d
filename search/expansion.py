"""From a query's words to concepts: names, phrases and words, and what else they may be said as."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from search.query.concepts import LIKE, Concept, Pair, Understood, Way
from search.query.english import ENGLISH, forms_of
from search.query.idf import tells, weigh
from search.query.lexicon import Known, Stems
from search.query.parse import SAYS_NOTHING, Part, Query, Said
from search.query.tokenizer import Word
from search.retrieval.lexicon import look_up
from search.retrieval.spelling import Correction, corrections_of
from text.names import normalise_name

LONGEST_NAME = 4  # parts of a query
LONGEST_PHRASE = 4  # words, of such as each tell something
TELLING_ALONE = 0.3  # of the documents at most hold a word that tells something by itself
FEWEST_TO_SPLIT = 6  # letters: websockets is looked for as web sockets too
MOST_CONCEPTS = 16
POSSESSIVE = re.compile(r"(\w+)['’]s $")
IS_US = {"let", "here", "where", "there"}  # let's, where's: nobody owns what follows

# How much a way to say it counts against the word itself.
SAME = 0.95  # another form of it
JOINED = 0.9
COMMON, FEW = 0.8, 10  # documents, as a share of all: a like word that more hold tells nothing
GUESSED = (0.7, 0.6)  # what else a mistyped word may have been, against the likeliest
PAIRED = 0.1  # what two words say more when they stand side by side as in the query


def understand(query: Query, *, verbatim: bool = False) -> Understood:
    """The concepts of a query. One query of the database where every word is known, else three.

    Words that nobody says are taken for those that may have been meant, unless `verbatim`; but
    not plain English, nor what is somebody's (“dead man's snitch” is a name), where there is
    anything else to look for.
    """
    understood = _understand(query, {})
    if verbatim or not understood.unknown:
        return understood
    found = corrections_of(word.text for word in understood.unknown)
    meant = {word: found[word.text] for word in understood.unknown if found[word.text]}
    misspelt = {
        word: guesses
        for word, guesses in meant.items()
        if word.text not in ENGLISH and not _is_owned(query.text[: word.start])
    }
    if misspelt or any(concept.documents for concept in understood.concepts):
        meant = misspelt
    reworded = query.reworded({word: guesses[0].word for word, guesses in meant.items()})
    if reworded == query:
        return understood
    understood = _understand(reworded, {guesses[0].word: guesses[1:] for guesses in meant.values()})
    typed = {guesses[0].word: query.text[word.start : word.end] for word, guesses in meant.items()}
    return replace(understood, typed=typed)


def _is_owned(before: str) -> bool:
    """Whether what stands before a word says that it is somebody's: dead man's, but not what's."""
    owner = POSSESSIVE.search(before.lower())
    return owner is not None and owner[1] not in SAYS_NOTHING and owner[1] not in IS_US


def _understand(query: Query, guesses: Mapping[str, Sequence[Correction]]) -> Understood:
    """The concepts of a query as it stands; `guesses`: what some words may be meant as, too."""
    wanted, unwanted = Said.of(query, query.parts), Said.of(query, query.excluded)
    known = look_up(
        " ".join(word.text for word in wanted.words),
        {*_spellings(wanted), *_spellings(unwanted)},
        {*_keys(wanted), *_keys(unwanted)},
    )
    every = _distinct(_concepts(wanted, known))
    read = every[:MOST_CONCEPTS]
    single = list(chain.from_iterable(read))
    unknown = tuple(each.word for each in single if each.word and not _is_said(each, known))
    for concept in single:
        _add_guesses(concept, guesses.get(concept.label, ()), known)
    concepts = [_joined(alternatives) for alternatives in read]
    excluded = [_joined(alternatives) for alternatives in _concepts(unwanted, known)]
    for concept in concepts:
        weigh(concept, known)
    return Understood(
        query,
        tuple(concepts),
        tuple(_pairs(wanted, known)),
        tuple(excluded),
        unknown,
        tuple(dict.fromkeys(_joined(each).label for each in every[MOST_CONCEPTS:])),
    )


def _spellings(said: Said) -> Iterator[str]:
    """The words, their other forms, each two neighbours as one, and each as two."""
    texts = [word.text for word in said.words]
    yield from texts
    yield from map("".join, pairwise(texts))
    for text in texts:
        yield from forms_of(text)
        for halves in _halves(text):
            yield from halves


def _keys(said: Said) -> Iterator[str]:
    for place in range(len(said.words)):
        if said.starts_part(place):
            texts = (text for _, text in said.runs(place, LONGEST_NAME))
            yield from filter(None, map(normalise_name, texts))


def _concepts(said: Said, known: Known) -> list[list[Concept]]:
    """From left to right the longest that makes sense: a name, a phrase, or a word.

    Each with its alternatives: “django or rails”.
    """
    keep_all = all(part.says_nothing for part in said.parts)
    concepts: list[list[Concept]] = []
    place = 0
    either = False
    while place < len(said.words):
        part = said.parts[said.part_of[place]]
        either |= part.either
        concept, length = (
            _quoted(part, known)
            or _named(said, place, known)
            or _like_phrase(said, place, known)
            or _single(said, place, known, keep_all=keep_all)
        )
        place += length
        if concept is None:  # in “django or the rails”, “or” is for what comes after it
            continue
        if either and concepts:
            concepts[-1].append(concept)
        else:
            concepts.append([concept])
        either = False
    return concepts


def _distinct(concepts: Sequence[list[Concept]]) -> list[list[Concept]]:
    """Without those that are typed again."""
    first: dict[tuple[Stems, ...], list[Concept]] = {}
    for alternatives in concepts:
        first.setdefault(tuple(each.ways[0].stems for each in alternatives), alternatives)
    return list(first.values())


def _quoted(part: Part, known: Known) -> tuple[Concept, int] | None:
    if not part.is_quoted:
        return None
    stems = _stems(part.words, known)
    return Concept(f"“{part.text}”", [Way(stems)], is_quoted=True), len(part.words)


def _named(said: Said, place: int, known: Known) -> tuple[Concept, int] | None:
    """A technology or guest by any of its names, looked for under all of them.

    Not under words of like meaning: who names one doesn't mean what else does the same.
    """
    if not said.starts_part(place):
        return None
    for length, text in said.runs(place, LONGEST_NAME):
        name = known.names.get(normalise_name(text))
        if name and not (length == 1 and said.words[place].text in SAYS_NOTHING):
            typed = _stems(said.words[place : place + length], known)
            concept = Concept(text, [Way(typed)], name=name)
            for stems in sorted(name.stems, key=len):
                # “go” is a verb more often than golang: unless typed, only the stack's counts.
                concept.add(stems, 1.0, in_head=len(stems) == 1 and len(stems[0]) <= 2)
            return concept, length
    return None


def _like_phrase(said: Said, place: int, known: Known) -> tuple[Concept, int] | None:
    """Several words that a word group holds as a phrase: “went down”, “moved off”."""
    for phrase in _phrases_from(said, place, known):
        if _main_word(said, place, phrase, known) is None:
            concept = Concept(said.typed(place, len(phrase)), [Way(phrase)])
            _add_like(concept, known)
            return concept, len(phrase)
    return None


def _phrases_from(said: Said, place: int, known: Known) -> list[Stems]:
    """The word groups' phrases that the words from here on make, longest first."""
    stems = _stems(said.words[place:], known)
    phrases = {phrase for group in known.groups for phrase in group if len(phrase) > 1}
    made = [
        phrase
        for phrase in phrases
        if stems[: len(phrase)] == phrase and said.are_one(place, len(phrase))
    ]
    return sorted(made, key=lambda phrase: (-len(phrase), phrase))


def _main_word(said: Said, place: int, phrase: Stems, known: Known) -> int | None:
    """The place of what tells most in a phrase of words that each tell something by itself, as
    “domain name”: these stay words, lest only the phrase is looked for. None for “went down”.
    """
    words = said.words[place : place + len(phrase)]
    documents = [known.said((stem,)) for stem in phrase]
    if any(word.text in SAYS_NOTHING for word in words):
        return None
    if not 0 < min(documents) <= max(documents) <= TELLING_ALONE * known.documents:
        return None
    return place + documents.index(min(documents))


def _single(said: Said, place: int, known: Known, *, keep_all: bool) -> tuple[Concept | None, int]:
    word = said.words[place]
    if word.text in SAYS_NOTHING and not keep_all:
        return None, 1
    concept = Concept(said.typed(place, 1), [Way(_stems([word], known))], word=word)
    for form in forms_of(word.text):
        if known.said((known.stems[form],)):
            concept.add((known.stems[form],), SAME)
    for start in (place - 1, place):
        if said.are_one(start, 2):
            joined = (known.stems[said.words[start].text + said.words[start + 1].text],)
            if known.said(joined):
                concept.add(joined, JOINED)
    for halves in _halves(word.text):
        stems = tuple(known.stems[half] for half in halves)
        if known.said(stems):
            concept.add(stems, JOINED)
    _add_like(concept, known, _phrases_by(said, place, known))
    return concept, 1


def _phrases_by(said: Said, place: int, known: Known) -> Iterator[Stems]:
    """The phrases around a word that it tells most of."""
    for start in range(max(0, place - LONGEST_PHRASE + 1), place + 1):
        for phrase in _phrases_from(said, start, known):
            if _main_word(said, start, phrase, known) == place:
                yield phrase


def _add_like(concept: Concept, known: Known, phrases: Iterable[Stems] = ()) -> None:
    """What means the same on this show, by the host's word groups."""
    own = {*phrases, *(way.stems for way in concept.ways)}
    most = max(FEW, COMMON * known.documents)
    for group in known.groups:
        if own & set(group):
            for phrase in group:
                said = known.said(phrase)
                if said and (len(phrase) > 1 or said <= most):
                    concept.add(phrase, LIKE)


def _joined(alternatives: Sequence[Concept]) -> Concept:
    """“django or rails”: one concept, said in the ways of both."""
    first, *others = alternatives
    if not others:
        return first
    joined = Concept(
        " or ".join(each.label for each in alternatives),
        is_quoted=any(each.is_quoted for each in alternatives),
    )
    for concept in alternatives:
        for way in concept.ways:
            joined.add(way.stems, way.quality, in_head=way.in_head)
    return joined


def _stems(words: Sequence[Word], known: Known) -> Stems:
    return tuple(known.stems[word.text] for word in words)


def _halves(word: str) -> list[tuple[str, ...]]:
    if len(word) < FEWEST_TO_SPLIT or not word.isascii():
        return []
    halves = ((word[:place], word[place:]) for place in range(2, len(word) - 1))
    # Outside is something else than out and side.
    return [(first, second) for first, second in halves if first not in SAYS_NOTHING]


def _add_guesses(concept: Concept, guesses: Sequence[Correction], known: Known) -> None:
    for guess, quality in zip(guesses, GUESSED, strict=False):
        concept.add((guess.stem,), quality)
        known.counts[guess.stem] = guess.documents


def _is_said(concept: Concept, known: Known) -> bool:
    return any(known.said(way.stems) for way in concept.ways)


def _pairs(said: Said, known: Known) -> Iterator[Pair]:
    """Neighbours in the query, words that say nothing by themselves included."""
    for place in range(len(said.words) - 1):
        if not said.are_one(place, 2):
            continue
        stems = _stems(said.words[place : place + 2], known)
        rarest = known.said(stems)
        if rarest:
            yield Pair(stems, PAIRED * tells(rarest, known.documents))
