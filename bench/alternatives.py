"""A table of this site and its alternatives, with the same 117 episodes.

./run bench alternatives [--rounds 5] [--seconds 3] [--without WordPress]

Starts this site, plain Jekyll, WordPress and django-cast, each on a port of its own. Needs nginx
and wrk, and what bench/publishers/ says of each. Each round measures all of them in turns, so that
a busy machine slows all of them.
"""

import argparse
import gzip
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from html import unescape
from pathlib import Path

from bench.measuring import ms_since, progressing
from bench.memory import family
from bench.nginx import of_rounds, require, wrk
from bench.publishers.django_cast import django_cast
from bench.publishers.jekyll import jekyll
from bench.publishers.ours import ours
from bench.publishers.publisher import Post, Publisher, posts
from bench.publishers.wordpress import INSTALLED, wordpress

EPISODES = 117
WORD = "kubernetes"
PAGES = 20  # rendered in each round
EDITS = 3
SEARCHES = 5
PATIENCE = 60  # seconds until an edit has to show
PUBLISHERS = {"this": ours, "Jekyll": jekyll, "WordPress": wordpress, "django-cast": django_cast}
DEBIAN = {
    "Jekyll": {"jekyll": "jekyll"},
    "WordPress": {
        "wordpress": f"{INSTALLED}/wp-load.php",
        "wordpress-theme-twentytwentythree": f"{INSTALLED}/wp-content/themes/twentytwentythree",
        "php-cli": "php",
        "php-fpm": "php-fpm[0-9]*",
        "php-mysql": "/usr/lib/php/*/mysqli.so",
        "mariadb-server": "mariadbd",
    },
}


class Measured:
    """One publisher's measurements."""

    def __init__(self) -> None:
        self.rates: list[float] = []  # requests a second, for each round
        self.live: list[float] = []  # ms from a saved edit to a page that shows it
        self.uncached: list[float] = []  # ms of rendering a page
        self.uncached_cpu: list[float] = []  # …of its servers' CPU time
        self.searches: list[float] = []
        self.searches_cpu: list[float] = []


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=int, default=3)
    arguments.add_argument("--without", nargs="*", default=[], choices=[*PUBLISHERS][1:])
    options = arguments.parse_args()
    packages = {"nginx": "nginx", "wrk": "wrk"}
    for name, more in DEBIAN.items():
        packages |= more if name not in options.without else {}
    require(packages)
    with tempfile.TemporaryDirectory() as made, ExitStack() as running:
        folder = Path(made)
        folder.chmod(0o755)  # if we are root, nginx's workers are another user
        written = posts(folder, EPISODES)
        publishers = []
        for name, start in PUBLISHERS.items():
            if name not in options.without:
                own = folder / name
                own.mkdir()
                publishers.append(running.enter_context(start(own, written)))
        for publisher in publishers:
            check(publisher, written)
        measured: dict[str, Measured] = defaultdict(Measured)
        for number in progressing(range(options.rounds + 1)):
            if number == 1:
                measured.clear()  # the first round is a warm-up
            for publisher in publishers:
                load(publisher, measured[publisher.name], folder, options.seconds)
            take_turns(publishers, measured, number)
        print_table(publishers, measured, written)


def check(publisher: Publisher, written: list[Post]) -> None:
    """Raises AssertionError unless each page has its episode's topics and links."""
    for path, post in zip(publisher.paths, written, strict=True):
        answer = publisher.get(path)
        assert answer.status == 200, f"{publisher.name}, {path}: {answer.status}"
        page = unescape(answer.body.decode())
        for expected in (*post.times, *post.links):
            assert expected in page, f"{publisher.name}, {path}: {expected} is missing"


def load(publisher: Publisher, measured: Measured, folder: Path, seconds: int) -> None:
    """Measure 32 connections that request all episodes in turn, after each was requested once."""
    for path in publisher.paths:
        publisher.get(path)
    paths = folder / "paths"
    paths.write_text("\n".join(publisher.paths))
    asked = wrk(publisher.port, paths, seconds)
    assert not asked.failed, f"{publisher.name}: {asked.failed} failed"
    measured.rates.append(asked.rate)


def take_turns(publishers: list[Publisher], measured: dict[str, Measured], round_: int) -> None:
    for number in range(PAGES):
        for publisher in publishers:
            if publisher.uncached:
                path = publisher.paths[(round_ * PAGES + number) % EPISODES]
                its = measured[publisher.name]
                with timed(its.uncached, its.uncached_cpu):
                    assert publisher.uncached(path).status == 200
    for _ in range(SEARCHES):
        for publisher in publishers:
            if publisher.uncached and publisher.search:
                its = measured[publisher.name]
                with timed(its.searches, its.searches_cpu):
                    assert publisher.uncached(publisher.search + WORD).status == 200
    for number in range(EDITS):
        for publisher in publishers:
            live = edit_to_live(publisher, (round_ * EDITS + number) % EPISODES)
            measured[publisher.name].live.append(live)


@contextmanager
def timed(taken: list[float], computed: list[float]) -> Iterator[None]:
    before, started = cpu_ms(), time.perf_counter()
    yield
    taken.append(ms_since(started))
    computed.append(cpu_ms() - before)


def cpu_ms() -> float:
    """CPU time of all processes started here, of which only one publisher's are busy."""
    nanoseconds = 0
    for process in family(os.getpid()):
        if process == os.getpid():
            continue
        for task in Path(f"/proc/{process}/task").glob("*/schedstat"):
            with suppress(FileNotFoundError, ProcessLookupError):  # it has ended
                nanoseconds += int(task.read_text().split()[0])
    return nanoseconds / 1e6


def edit_to_live(publisher: Publisher, number: int) -> float:
    """Milliseconds from a saved title to the first page that shows it."""
    path, mark = publisher.paths[number], f"Edit-{time.time_ns()}"
    publisher.get(path)
    publisher.retitle(number, mark)
    saved = time.perf_counter()
    if publisher.publish:
        publisher.publish()
    while mark.encode() not in publisher.get(path).body:
        assert ms_since(saved) < PATIENCE * 1000, f"{publisher.name}: the edit doesn't show"
    return ms_since(saved)


def print_table(
    publishers: list[Publisher], measured: dict[str, Measured], written: list[Post]
) -> None:
    """The table of docs/speed.md: medians, minimum and maximum of the rounds."""
    all_of = [measured[publisher.name] for publisher in publishers]
    first = all_of[0]
    have = sum(post.has(WORD) for post in written)
    lines: list[tuple[str, Callable[[Publisher, Measured], str]]] = [
        ("episode pages a second", lambda _, its: spread_of(its.rates)),
        ("…relative to this site", lambda _, its: f"{of_rounds(its.rates, first.rates):.2g}"),
        ("saved to live, ms", lambda _, its: spread_of(its.live)),
        ("an uncached page, ms", lambda _, its: spread_of(its.uncached)),
        ("…of CPU time", lambda _, its: middle(its.uncached_cpu)),
        ("a page's HTML, kB", lambda publisher, _: size(publisher, compressed=False)),
        ("…compressed, kB", lambda publisher, _: size(publisher, compressed=True)),
        (f"a search for {WORD}, ms", lambda _, its: spread_of(its.searches)),
        ("…of CPU time", lambda _, its: middle(its.searches_cpu)),
        (f"…episodes found, {have} have it", lambda publisher, _: found(publisher)),
    ]
    print(f"\n| {EPISODES} episodes | " + " | ".join(each.name for each in publishers) + " |")
    print("| --- |" + " --- |" * len(publishers))
    for name, cell in lines:
        cells = (cell(*pair) for pair in zip(publishers, all_of, strict=True))
        print(f"| {name} | " + " | ".join(cells) + " |")


def spread_of(values: list[float]) -> str:
    """The median, minimum and maximum."""
    if not values:
        return "–"
    return f"{statistics.median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"


def middle(values: list[float]) -> str:
    """The median: the minimum may miss the time of a process that has ended."""
    return f"{statistics.median(values):,.0f}" if values else "–"


def found(publisher: Publisher) -> str:
    return str(publisher.found(WORD)) if publisher.found else "–"


def size(publisher: Publisher, *, compressed: bool) -> str:
    """The median of all pages' kilobytes."""
    bodies = [publisher.get(path).body for path in publisher.paths]
    sizes = [len(gzip.compress(body, 6) if compressed else body) for body in bodies]
    return f"{statistics.median(sizes) / 1000:.1f}"
