"""How fast search is, and whether it finds what an exhaustive ranking does.

./run bench search_corpus --publish-invented --episodes 100000      once; some 20 minutes
./run bench search_speed [PART …] [--rounds 3] [--alone]

Parts: latency, fidelity, typing, publishing, hostile; and pages, for a catalogue of a real
show's size. All but pages by default. Each query alternates with what it is compared with, and the
median of the rounds counts: only ratios within one run are meaningful.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.test import Client
from django.urls import reverse

from bench.measuring import (
    Clock,
    Figures,
    interleaved,
    ms_since,
    of_kind,
    p95,
    print_kinds,
    print_slowest,
    progressing,
)
from bench.search_mixed import Mixed, beginnings, hostile, mixed
from bench.search_publishing import edit, publish
from bench.search_yardsticks import (
    every_match,
    in_tantivy,
    ordinary_table,
    plain_page,
    precision,
)
from episodes.models import Episode
from search.engine import search
from search.suggest import suggest

ON_PAGES = 40  # queries
FREQUENT = (
    "very common",
    "common",
    "two common",
    "three words",
    "phrase",
    "technology",
    "filtered",
    "question",
)
FREQUENT_EACH = 5
HOW: tuple[dict[str, Any], ...] = ({}, {"page": 30}, {"newest": True})


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--alone", action="store_true", help="compare with no other engine")
    arguments.add_argument("--slowest", type=int, default=5, help="how many queries to name")
    options = arguments.parse_args()
    unknown = set(options.parts) - PARTS.keys()
    if unknown:
        arguments.error(f"there is no part {', '.join(sorted(unknown))}")
    figures = Figures()
    print(f"{Episode.objects.published().count()} episodes; ms as p50/p95/max")
    for name in options.parts or [name for name in PARTS if name != "pages"]:
        print(f"\n{name}")
        PARTS[name](options, figures)
    figures.print()


def latency(options: argparse.Namespace, figures: Figures) -> None:
    """A result page's data, against ranking every match and against tantivy."""
    queries = mixed()
    engines: dict[str, Callable[[Mixed], Any]] = {"ours": lambda each: search(each.query)}
    if not options.alone:
        engines["every word"] = every_match(queries, "&")
        engines["any word"] = every_match(queries, "|")
        engines["page, every word"] = plain_page(queries, "&")
        engines["page, any word"] = plain_page(queries, "|")
        tantivy = in_tantivy()
        if tantivy:
            engines["tantivy"] = tantivy
    timings: dict[str, list[float]] = {name: [] for name in engines}
    with nullcontext() if options.alone else ordinary_table():
        for query in progressing(queries):
            asking = [lambda ask=ask, query=query: ask(query) for ask in engines.values()]
            for times, ms in zip(
                timings.values(), interleaved(asking, options.rounds), strict=True
            ):
                times.append(ms)
    ours, kinds = timings["ours"], [query.kind for query in queries]
    print_kinds(kinds, timings)
    print_slowest(ours, [f"{each.kind}: {each.query}" for each in queries], options.slowest)
    for name in timings.keys() - {"ours", "tantivy"}:
        ratio = p95(timings[name]) / p95(ours)
        figures.at_least(f"ts_rank, {name} / ours, p95", ratio, 10, "×")
    if "tantivy" in timings:
        figures.at_most("ours / tantivy, p95", p95(ours) / p95(timings["tantivy"]), 3.3, "×")
    common, rare = (
        statistics.median(of_kind(ours, kinds, kind)) for kind in ("very common", "rare")
    )
    figures.at_most("a very common word / a rare one, p50", common / rare, 5, "×")


def fidelity(options: argparse.Namespace, figures: Figures) -> None:
    """How many of the first 20 are as good as the first 20 of the exhaustive ranking."""
    each_kind = ([each for each in mixed() if each.kind == kind] for kind in FREQUENT)
    queries = [query for of_it in each_kind for query in of_it[:FREQUENT_EACH]]
    shares = [precision(query.query) for query in progressing(queries)]
    for kind in FREQUENT:
        share = statistics.fmean(of_kind(shares, [query.kind for query in queries], kind))
        print(f"{kind:28} {share:.3f}")
    for share, query in zip(shares, queries, strict=True):
        if share < 1:
            print(f"  {share:8.2f} {query.kind}: {query.query}")
    figures.at_least(
        "of the first 20 as in the exhaustive ranking", statistics.fmean(shares), 0.95, ""
    )


def typing(options: argparse.Namespace, figures: Figures) -> None:
    """The database's time for suggestions."""
    texts, timings = beginnings(), []
    for text in progressing(texts):
        rounds = []
        for _ in range(options.rounds):
            with Clock() as clock:
                suggest(text)
            rounds.append(clock.ms)
        timings.append(statistics.median(rounds))
    kinds = ["two words" if " " in text else f"{len(text)} letters" for text in texts]
    print_kinds(kinds, {"suggestions": timings})
    print_slowest(timings, texts, options.slowest)
    figures.at_most("suggestions, in the database, p95", p95(timings), 5, "ms")


def publishing(options: argparse.Namespace, figures: Figures) -> None:
    """New episodes with everything derived, each in its transaction."""
    published = publish()
    columns = {
        what: [getattr(each, what) for each in published]
        for what in ("total", "database", "search")
    }
    print_kinds(["new episode"] * len(published), columns)
    figures.at_most(
        "publishing an episode, in the database, p95", p95(columns["database"]), 30, "ms"
    )
    figures.at_most("an edit's search rows, p95", p95(edit()), 30, "ms")


def hostile_queries(options: argparse.Namespace, figures: Figures) -> None:
    """Queries meant to do harm, with every option."""
    kinds, texts, timings, raised = [], [], [], 0
    for kind, text in progressing(list(hostile())):
        for how in HOW:
            started = time.perf_counter()
            try:
                search(text, **how)
            except Exception as mistake:
                raised += 1
                print(f"  {mistake!r} from {text!r}")
            timings.append(ms_since(started))
            kinds.append(", ".join((kind, *how)))
            texts.append(f"{kinds[-1]}: {text[:80]!r}")
    print_kinds(kinds, {"ours": timings})
    print_slowest(timings, texts, options.slowest)
    figures.at_most("the slowest hostile query", max(timings), 1000, "ms")
    figures.at_most("hostile queries that raise", raised, 0, "")


def pages(options: argparse.Namespace, figures: Figures) -> None:
    """The result page against the list of episodes, through all of Django."""
    client = Client(SERVER_NAME="127.0.0.1")
    queries = mixed()
    found, listed = [], []
    for query in progressing(queries[:: len(queries) // ON_PAGES]):
        both = [
            lambda query=query: client.get(reverse("search"), {"q": query.query}),
            lambda: client.get(reverse("episodes")),
        ]
        ours, plain = interleaved(both, options.rounds)
        found.append(ours)
        listed.append(plain)
    print_kinds(["ms"] * len(found), {"result page": found, "list": listed})
    ratio = statistics.median(found) / statistics.median(listed)
    figures.at_most("the result page / the list of episodes, p50", ratio, 3, "×")


PARTS: dict[str, Callable[[argparse.Namespace, Figures], None]] = {
    "latency": latency,
    "fidelity": fidelity,
    "typing": typing,
    "publishing": publishing,
    "hostile": hostile_queries,
    "pages": pages,
}
