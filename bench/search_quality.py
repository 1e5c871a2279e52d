"""How well search finds what is known to be there, by kind of query and part of the queries.

./run bench search_corpus --episodes 1000     once: the distractors
./run bench search_quality [--part tune|held|fresh] [--kind question] [--failures] [--peers]

The queries in bench/queries/ were written from the real episodes, as someone asks who heard the
show months ago. Search is tuned on one half of known_items.tsv and judged by the other; the queries
of fresh.tsv were written later, without trying any, and none is tuned on word by word.
`--peers` measures other engines on the same documents (pip install -r bench/requirements.txt).
"""

import argparse
import csv
import hashlib
import random
import statistics
import string
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.search_peers import Document, documents, peers
from episodes.models import Episode
from search.engine import search
from search.retrieval.spelling import corrections_of

QUERIES = Path(__file__).parent / "queries" / "known_items.tsv"
FRESH = QUERIES.with_name("fresh.tsv")
TOP = 10
TYPOS, LETTERS = 300, 5
SEVERAL = {"broad"}  # kinds whose expected episodes all should be found, not one of them
HALVES = ("tune", "held")
PARTS = (*HALVES, "fresh")


@dataclass(frozen=True, slots=True)
class Known:
    """A query and what answers it: any of the episodes (slugs), at any of the seconds."""

    part: str
    kind: str
    query: str
    episodes: frozenset[str]
    seconds: frozenset[int]


@dataclass(frozen=True, slots=True)
class Found:
    """An episode an engine shows, and the seconds of the moments under it."""

    slug: str
    seconds: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Score:
    known: Known
    rank: int | None  # of the first expected episode, within the first ten
    recall: float
    moment: bool | None  # None: the query asks for no second
    first: str  # the slug of what is shown first

    @property
    def reciprocal(self) -> float:
        return 1 / self.rank if self.rank else 0.0


Engine = Callable[[str], list[Found]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--part", choices=(*PARTS, "all"), default="all")
    arguments.add_argument("--kind")
    arguments.add_argument("--failures", action="store_true", help="list what was not first")
    arguments.add_argument("--peers", action="store_true", help="measure other engines too")
    options = arguments.parse_args()
    queries = [
        known
        for known in read_queries()
        if options.part in (known.part, "all") and options.kind in (known.kind, None)
    ]
    check(queries)
    started = time.perf_counter()
    scores = [score(known, ours) for known in queries]
    took = (time.perf_counter() - started) / max(1, len(queries)) * 1000
    print(f"{Episode.objects.published().count()} episodes, {took:.1f} ms a query")
    print_scores(scores)
    if options.failures:
        print_failures(scores)
    corpus = list(documents())
    if not options.kind:
        print_typos(corpus)
    if options.peers:
        engines = {"ours": ours} | {
            name: lambda query, engine=engine: [Found(slug) for slug in engine(query)]
            for name, engine in peers(corpus).items()
        }
        print_peers(
            {name: [score(known, ask) for known in queries] for name, ask in engines.items()}
        )


def read_queries() -> Iterator[Known]:
    for file in (QUERIES, FRESH):
        with file.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
                part = "fresh" if file == FRESH else half(row["query"])
                seconds = frozenset(int(second) for second in row["seconds"].split(",") if second)
                episodes = frozenset(row["episodes"].split(","))
                yield Known(part, row["kind"], row["query"], episodes, seconds)


def half(query: str) -> str:
    return HALVES[hashlib.sha256(f"halves{query}".encode()).digest()[0] % 2]


def check(queries: Iterable[Known]) -> None:
    """Raises SystemExit when an expected episode isn't in the catalogue."""
    there = set(Episode.objects.published().values_list("slug", flat=True))
    missing = {slug for known in queries for slug in known.episodes} - there
    if missing:
        raise SystemExit(
            f"The queries mean {', '.join(sorted(missing))}: `./run serve` loads half of the "
            "sample, `./run manage import_jekyll transfer/tests/jekyll` the rest."
        )


def ours(query: str) -> list[Found]:
    return [
        Found(result.episode.slug, frozenset(moment.seconds for moment in result.moments))
        for result in search(query).results
    ]


def score(known: Known, engine: Engine) -> Score:
    top = engine(known.query)[:TOP]
    ranks = [rank for rank, found in enumerate(top, 1) if found.slug in known.episodes]
    wanted = min(TOP, len(known.episodes)) if known.kind in SEVERAL else 1
    moment = None
    if known.seconds:
        moment = any(
            found.slug in known.episodes and found.seconds & known.seconds for found in top
        )
    first = top[0].slug if top else "nothing"
    return Score(known, ranks[0] if ranks else None, min(1, len(ranks) / wanted), moment, first)


def print_scores(scores: list[Score]) -> None:
    """A line for each kind: reciprocal rank, recall and the share of seconds, of each part."""
    print(f"{'':12}" + "".join(f"{part:>6} {'MRR':>6} {'R@10':>6} {'sec':>5} " for part in PARTS))
    for kind, group in by_kind(scores):
        cells = ([score for score in group if score.known.part == part] for part in PARTS)
        print(f"{kind:12}" + "".join(_cell(cell) for cell in cells))
    for kind in ("typo", "typo_all"):
        first = [score.rank == 1 for score in scores if score.known.kind == kind]
        if first:
            print(f"{kind}: the episode is first for {statistics.fmean(first):.3f}")


def by_kind(scores: list[Score]) -> Iterator[tuple[str, list[Score]]]:
    for kind in dict.fromkeys(score.known.kind for score in scores):
        yield kind, [score for score in scores if score.known.kind == kind]
    yield "but question", [score for score in scores if score.known.kind != "question"]
    yield "all", scores


def _cell(scores: list[Score]) -> str:
    moments = [score.moment for score in scores if score.moment is not None]
    return (
        f"{len(scores):6} {mean(score.reciprocal for score in scores)} "
        f"{mean(score.recall for score in scores)} {mean(moments, 5)} "
    )


def mean(values: Iterable[float], width: int = 6) -> str:
    values = list(values)
    return f"{statistics.fmean(values):{width}.3f}" if values else f"{'-':>{width}}"


def print_failures(scores: list[Score]) -> None:
    """What wasn't first, or was without its second."""
    for score in scores:
        if score.rank == 1 and score.recall == 1 and score.moment is not False:
            continue
        known = score.known
        wanted = ", ".join(slug[:24] for slug in sorted(known.episodes))
        seconds = f" at {sorted(known.seconds)}" if score.moment is False else ""
        instead = f", not {score.first[:24]}" if score.rank != 1 else ""
        print(
            f"{known.part:5} {known.kind:9} {score.rank or '-':>2} {score.recall:.2f} "
            f"{known.query!r} → {wanted}{seconds}{instead}"
        )


def print_typos(corpus: list[Document]) -> None:
    """How often the right word is among the corrections of a word with one slip in it."""
    places = []
    started = time.perf_counter()
    for typo, word in typos(corpus):
        offered = [each.word for each in corrections_of([typo])[typo]]
        places.append(offered.index(word) if word in offered else TOP)
    took = (time.perf_counter() - started) / len(places) * 1000
    first, third = (
        statistics.fmean(place < places_shown for place in places) for places_shown in (1, 3)
    )
    print(
        f"{len(places)} words with one slip: the right one first {first:.3f}, "
        f"in the first three {third:.3f}, {took:.1f} ms each"
    )


def typos(corpus: list[Document]) -> Iterator[tuple[str, str]]:
    """(with one letter too many, too few, another, or two swapped; the word meant)."""
    said_in = Counter(word for document in corpus for word in document.vocabulary)
    words = sorted(word for word, n in said_in.items() if n >= 2 and len(word) >= LETTERS)
    dice = random.Random(1)
    made = 0
    while made < TYPOS:
        word = dice.choice(words)
        typo = slip(dice, word)
        if typo not in said_in:
            made += 1
            yield typo, word


def slip(dice: random.Random, word: str) -> str:
    place, letter = dice.randrange(len(word)), dice.choice(string.ascii_lowercase)
    before, after = word[:place], word[place:]
    return dice.choice(
        (before + letter + after, before + after[1:], before + letter + after[1:],
         before + after[1:2] + after[:1] + after[2:])
    )  # fmt: skip


def print_peers(scores: dict[str, list[Score]]) -> None:
    """Engines by kinds: MRR@10/recall@10."""
    kinds = [kind for kind, _ in by_kind(next(iter(scores.values())))]
    print(f"{'MRR/R@10':12}" + "".join(f"{kind:>13}" for kind in kinds))
    for name, of_engine in scores.items():
        print(f"{name:12}" + "".join(f"{_figures(group):>13}" for _, group in by_kind(of_engine)))


def _figures(scores: list[Score]) -> str:
    recall = mean((score.recall for score in scores), 5)
    return f"{mean(score.reciprocal for score in scores)}/{recall}"
