"""Half an hour of visitors, searches and edits: memory must not grow.

./run bench soak [--minutes 30] [--pages 300]

Starts nginx, site and invalidator on a database of its own. Visitors request some thousand cached
pages a second, somebody searches, and a title changes every five seconds. Memory is proportional
(PSS) and measured every half minute; the first fifth is a warm-up.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg2

from bench.measuring import Figures, progressing
from bench.memory import MB, WORDS, resident
from bench.nginx import ROTATE, fetch_all, running
from tests.nginx_harness import Deployment

SAMPLES_A_MINUTE = 2
MOST = 1.05
FILLING = 1200  # searches that fill the processes' caches (settings.PAGE_CACHE_BYTES)
PAUSE = "\nfunction delay() return 4 end\n"  # milliseconds
PARTS = {"nginx": "nginx", "web": "site 0", "invalidator": "invalidator"}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=int, default=30)
    arguments.add_argument("--pages", type=int, default=300)
    options = arguments.parse_args()
    held: dict[str, list[int]] = {name: [] for name in PARTS}
    with tempfile.TemporaryDirectory() as made, running(Path(made), options.pages) as site:
        paths = fetch_all(site, options.pages)
        for turn in range(FILLING):
            search(site, turn)
        with busy(site, paths):
            for _ in progressing(range(options.minutes * SAMPLES_A_MINUTE)):
                time.sleep(60 / SAMPLES_A_MINUTE)
                for name, process in PARTS.items():
                    held[name].append(resident(site.processes[process].pid))
        log = (site.folder / "access.log").read_bytes()
    failed = sum(log.count(b'"status":%d' % status) for status in (500, 502, 503, 504))
    figures = Figures()
    for name, samples in held.items():
        warm = samples[len(samples) // 5 :]
        third = len(warm) // 3
        first, last = statistics.median(warm[:third]), statistics.median(warm[-third:])
        print(f"{name:8} {first / MB:6.1f} MB at first, {last / MB:.1f} MB at the end")
        figures.at_most(f"{name}'s memory, last third to first", last / first, MOST, "×")
    figures.at_most(f"failed of {log.count(b'status'):,} requests", failed, 0, "")
    figures.print()


@contextlib.contextmanager
def busy(site: Deployment, paths: list[str]) -> Iterator[None]:
    """With visitors, searches and edits."""
    stop = threading.Event()
    script = site.folder / "paused.lua"
    script.write_text(ROTATE + PAUSE)
    command = ["wrk", "-t1", "-c8", "-d36000s", "-s", str(script), f"http://127.0.0.1:{site.port}"]
    visitors = subprocess.Popen(
        command,
        env=os.environ | {"PATHS": str(site.folder / "paths")},
        stdout=subprocess.DEVNULL,
    )
    others = [
        threading.Thread(target=every, args=[2.0, stop, lambda turn: search(site, FILLING + turn)]),
        threading.Thread(target=every, args=[5.0, stop, lambda turn: edit(site, paths, turn)]),
    ]
    for each in others:
        each.start()
    try:
        yield
    finally:
        stop.set()
        visitors.terminate()
        for each in others:
            each.join()


def every(seconds: float, stop: threading.Event, do: Callable[[int], None]) -> None:
    for turn in count():
        if stop.wait(seconds):
            return
        do(turn)


def search(site: Deployment, turn: int) -> None:
    site.get(searched(turn))  # uncompressed, which is the largest


def searched(turn: int) -> str:
    words = WORDS[turn % len(WORDS)].replace(" ", "+").replace("#", "%23")
    return f"/search?q={words}+{turn}"


def edit(site: Deployment, paths: list[str], turn: int) -> None:
    slug = paths[turn % len(paths)].rpartition("/")[2]
    with psycopg2.connect(site.env["DATABASE_URL"]) as writing, writing.cursor() as cursor:
        cursor.execute(
            "UPDATE episodes_episode SET title = %s WHERE slug = %s", [f"Edit {turn}", slug]
        )
