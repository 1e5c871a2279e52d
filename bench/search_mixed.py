"""Queries of every selectivity, made from the words of the loaded catalogue.

The same catalogue gives the same queries. Document frequencies come from the search index.
"""

import csv
import random
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bench.search_quality import QUERIES, slip
from episodes.models import Episode
from search.models import Document, Word
from search.query.english import STOP_WORDS
from search.query.tokenizer import tokenize
from stack.models import Technology

EACH, QUESTIONS = 18, 20  # 200 in all
VERY_COMMON, COMMON, LEAST_COMMON = 0.4, 0.15, 0.012  # shares of all documents
RARE = 100  # documents
LETTERS = 4
FILTER = "stack:django"
MOST_FREQUENT = 24  # words


@dataclass(frozen=True, slots=True)
class Mixed:
    """A query and its kind. `text` is for other engines; `is_filtered`: by FILTER."""

    kind: str
    query: str
    text: str
    is_filtered: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by document frequency."""

    indexed: frozenset[str]
    very_common: Sequence[str]
    common: Sequence[str]
    rare: Sequence[str]

    @classmethod
    def of_catalogue(cls) -> "Vocabulary":
        documents = Document.objects.count()
        counts = dict(Word.objects.filter(documents__gt=0).values_list("word", "documents"))
        words = sorted(
            word
            for word in counts
            if len(word) >= LETTERS and word.isascii() and word.isalpha()
            if word not in STOP_WORDS
        )
        return cls(
            frozenset(counts),
            [word for word in words if counts[word] >= VERY_COMMON * documents],
            [
                word
                for word in words
                if LEAST_COMMON * documents <= counts[word] <= COMMON * documents
            ],
            [word for word in words if counts[word] <= min(RARE, LEAST_COMMON * documents)],
        )


def mixed() -> list[Mixed]:
    """200 queries of eleven kinds; two kinds in a row are never the same."""
    dice = random.Random("mixed")
    vocabulary = Vocabulary.of_catalogue()
    if not (vocabulary.common and vocabulary.rare):
        sys.exit("The catalogue is too small for rare words: import a show first (docs/moving.md).")
    runs = _runs(dice)
    technologies = sorted(Technology.objects.values_list("name", flat=True))
    questions = dice.sample(_questions(), QUESTIONS)
    made: list[Mixed] = []

    def add(kind: str, query: str, text: str = "", *, filtered: bool = False) -> None:
        made.append(Mixed(kind, query, text or query, filtered))

    for _ in range(EACH):
        add("very common", dice.choice(vocabulary.very_common))
        add("common", dice.choice(vocabulary.common))
        add("rare", dice.choice(vocabulary.rare))
        add("two common", " ".join(dice.sample(vocabulary.common, 2)))
        add("common and rare", f"{dice.choice(vocabulary.common)} {dice.choice(vocabulary.rare)}")
        add("three words", " ".join(next(runs)[:3]))
        add("phrase", '"' + " ".join(next(runs)[:2]) + '"')
        add("typo", _typo(dice, vocabulary))
        add("technology", f"{dice.choice(technologies)} {dice.choice(vocabulary.common)}")
        word = dice.choice([*vocabulary.common, *vocabulary.very_common])
        add("filtered", f"{word} {FILTER}", word, filtered=True)
        if questions:
            add("question", questions.pop())
    for question in questions:
        add("question", question)
    return made


def beginnings() -> list[str]:
    """Texts while a listener types: 2 to 8 letters of a word, or a word and 2 to 4."""
    dice = random.Random("beginnings")
    vocabulary = Vocabulary.of_catalogue()
    everything = [*vocabulary.very_common, *vocabulary.common, *vocabulary.rare]
    technologies = sorted(Technology.objects.values_list("name", flat=True))
    one = [
        dice.choice(words)[:letters]
        for letters in range(2, 9)
        for words in (
            vocabulary.very_common,
            vocabulary.common,
            vocabulary.rare,
            everything,
            technologies,
        )
        for _ in range(3)
    ]
    runs = _runs(dice)
    two = [f"{run[0]} {run[1][: dice.randint(2, 4)]}" for run in islice(runs, 45)]
    return one + two


def hostile() -> Iterator[tuple[str, str]]:
    """(kind, a query meant to do harm)."""
    dice = random.Random("hostile")
    vocabulary = Vocabulary.of_catalogue()
    most = list(Word.objects.order_by("-documents").values_list("word", flat=True)[:200])
    frequent = most[:MOST_FREQUENT]
    for _ in range(60):
        length = dice.choice((1, 3, 10, 60, 200, 1000))
        yield "random Unicode", "".join(_character(dice) for _ in range(length))
    for _ in range(60):
        signs = ['"', "-", "or", "|", "&", "!", "(", ")", "<->", ":*", "'", "\\", "\0", "#", "%s"]
        signs += ["stack:", "guest:", "year:", "kind:", "has:", "{}", "%(q0)s", *frequent[:4]]
        between = dice.choice(("", " "))
        yield "operators", between.join(dice.choices(signs, k=dice.randint(1, 30)))
    for sign in ("\0", '"', "'", "\\", "-", ":", "a", "é", "漢", "💥", "a ", "the ", '"a" ', "\0a"):
        yield "10,000 characters", (sign * 10_000)[:10_000]
    for words in (vocabulary.very_common, vocabulary.common, most, vocabulary.rare):
        if not words:
            continue
        yield "10,000 characters", " ".join(dice.choices(words, k=3000))[:10_000]
    yield "stop words", " ".join((sorted(STOP_WORDS) * 2)[:200])
    yield "stop words", " ".join(sorted(sorted(STOP_WORDS), key=len)[:60])
    for letter in "aist1":
        yield "one letter", letter
    yield "one letter", " ".join("abcdefghijklmnopqrstuvwxyz0123456789")
    yield "very common words", " ".join(frequent)
    yield "very common words", " or ".join(frequent)
    yield "very common words", '"' + " ".join(frequent) + '"'
    yield "very common words", "zzz " + " ".join(f"-{word}" for word in frequent)
    yield "very common words", " ".join(vocabulary.very_common[:16])
    yield "very common words", " or ".join(vocabulary.very_common[:16])
    for _ in range(10):
        yield "very common words", " ".join(dice.sample(vocabulary.very_common, 5))
        yield "very common words", '"' + " ".join(dice.sample(most, 2)) + '"'
        yield "very common words", f"{FILTER} -stack:python " + " ".join(dice.sample(most, 8))
    yield "typos", " ".join(slip(dice, word) for word in vocabulary.very_common[:16])


def _runs(dice: random.Random) -> Iterator[list[str]]:
    """Runs of at least three adjacent words of a topic, no stop words; endless."""
    keys = list(Episode.objects.published().order_by("pk").values_list("pk", flat=True))
    while True:
        topics = Episode.objects.get(pk=dice.choice(keys)).topics.all()
        texts = [topic.plain for topic in topics]
        if not texts:
            continue
        run: list[str] = []
        for word in [*(token.text for token in tokenize(dice.choice(texts))), ""]:
            if len(word) >= LETTERS and word not in STOP_WORDS:
                run.append(word)
            elif len(run) >= 3:
                yield run
                break
            else:
                run = []


def _typo(dice: random.Random, vocabulary: Vocabulary) -> str:
    while True:
        typo = slip(dice, dice.choice([word for word in vocabulary.common if len(word) > LETTERS]))
        if typo not in vocabulary.indexed:
            return typo


def _questions() -> list[str]:
    with QUERIES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row["query"] for row in rows if row["kind"] == "question"]


def _character(dice: random.Random) -> str:
    while True:
        character = chr(dice.choice((dice.randrange(0x250), dice.randrange(0x110000))))
        if unicodedata.category(character) != "Cs":
            return character
