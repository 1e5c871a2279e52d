"""Known-item search: how well it finds the expected episodes, by kind and set of queries.

./run bench search_corpus --publish-invented --episodes 1000     once: the distractors
./run bench search_quality [--part tune|held|fresh] [--kind question] [--failures] [--peers]

The queries in bench/queries/ were written from the real episodes, as a listener asks months after
the show. Search is tuned on one half of known_items.tsv and plain.tsv and judged by the other. The
queries of fresh.tsv were written later, before any was tried, and none is tuned for by itself.
Whoever wrote a query named its answers. A second reader, who saw no ranking, read all notes and
added the other episodes and seconds that answer it, for plain.tsv and the questions of fresh.tsv.
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

from bench.measuring import ms_since, p95
from bench.search_peers import Document, documents, peers
from episodes.models import Episode
from search.engine import search
from search.retrieval.spelling import corrections_of

QUERIES = Path(__file__).parent / "queries" / "known_items.tsv"
FRESH = QUERIES.with_name("fresh.tsv")
PLAIN = QUERIES.with_name("plain.tsv")
TOP = 10
TYPOS, LETTERS = 300, 5
SEVERAL = {"broad"}  # kinds of which all expected episodes should be found
IN_OTHER_WORDS = {"question", "plain", "paraphrase"}  # kinds that avoid the words of the notes
HALVES = ("tune", "held")
PARTS = (*HALVES, "fresh")


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A query and its answers: any of the episodes (slugs), at any of the seconds."""

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
    item: KnownItem
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
    arguments.add_argument("--peers", action="store_true", help="measure other engines, too")
    options = arguments.parse_args()
    queries = [
        item
        for item in read_queries()
        if options.part in (item.part, "all") and options.kind in (item.kind, None)
    ]
    check(queries)
    took: list[float] = []
    scores = [score(item, timed(ours, took)) for item in queries]
    print(
        f"{Episode.objects.published().count()} episodes; ms a query, p50 and p95: "
        f"{statistics.median(took):.0f}, {p95(took):.0f}"
    )
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
        print_peers({name: [score(item, ask) for item in queries] for name, ask in engines.items()})


def read_queries() -> Iterator[KnownItem]:
    for file in (QUERIES, FRESH, PLAIN):
        with file.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
                part = "fresh" if file == FRESH else half(row["query"])
                seconds = frozenset(int(second) for second in row["seconds"].split(",") if second)
                episodes = frozenset(row["episodes"].split(","))
                yield KnownItem(part, row["kind"], row["query"], episodes, seconds)


def half(query: str) -> str:
    return HALVES[hashlib.sha256(f"halves{query}".encode()).digest()[0] % 2]


def check(queries: Iterable[KnownItem]) -> None:
    """Raises SystemExit when an expected episode isn't in the catalogue."""
    there = set(Episode.objects.published().values_list("slug", flat=True))
    missing = {slug for item in queries for slug in item.episodes} - there
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


def timed(engine: Engine, took: list[float]) -> Engine:
    """The engine; each query adds its milliseconds."""

    def ask(query: str) -> list[Found]:
        started = time.perf_counter()
        found = engine(query)
        took.append(ms_since(started))
        return found

    return ask


def score(item: KnownItem, engine: Engine) -> Score:
    top = engine(item.query)[:TOP]
    ranks = [rank for rank, found in enumerate(top, 1) if found.slug in item.episodes]
    wanted = min(TOP, len(item.episodes)) if item.kind in SEVERAL else 1
    moment = None
    if item.seconds:
        moment = any(found.slug in item.episodes and found.seconds & item.seconds for found in top)
    first = top[0].slug if top else "nothing"
    return Score(item, ranks[0] if ranks else None, min(1, len(ranks) / wanted), moment, first)


def print_scores(scores: list[Score]) -> None:
    """A line for each kind: reciprocal rank, recall and the share of seconds, of each part."""
    print(f"{'':12}" + "".join(f"{part:>6} {'MRR':>6} {'R@10':>6} {'sec':>5} " for part in PARTS))
    for kind, group in by_kind(scores):
        cells = ([score for score in group if score.item.part == part] for part in PARTS)
        print(f"{kind:12}" + "".join(_cell(cell) for cell in cells))
    for kind in ("typo", "typo_all"):
        first = [score.rank == 1 for score in scores if score.item.kind == kind]
        if first:
            print(f"{kind}: the episode is first for {statistics.fmean(first):.3f}")


def by_kind(scores: list[Score]) -> Iterator[tuple[str, list[Score]]]:
    for kind in dict.fromkeys(score.item.kind for score in scores):
        yield kind, [score for score in scores if score.item.kind == kind]
    yield "own words", [score for score in scores if score.item.kind not in IN_OTHER_WORDS]
    yield "other words", [score for score in scores if score.item.kind in IN_OTHER_WORDS]
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
    """Queries whose episode wasn't first or lacked its second."""
    for score in scores:
        if score.rank == 1 and score.recall == 1 and score.moment is not False:
            continue
        item = score.item
        wanted = ", ".join(slug[:24] for slug in sorted(item.episodes))
        seconds = f" at {sorted(item.seconds)}" if score.moment is False else ""
        instead = f", not {score.first[:24]}" if score.rank != 1 else ""
        print(
            f"{item.part:5} {item.kind:9} {score.rank or '-':>2} {score.recall:.2f} "
            f"{item.query!r} → {wanted}{seconds}{instead}"
        )


def print_typos(corpus: list[Document]) -> None:
    """How often the right word is among the corrections of a word with one typo."""
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
        f"{len(places)} words with one typo: the right one first {first:.3f}, "
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
