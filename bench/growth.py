"""With a hundred times as many episodes, a page takes at most 1.3 times the work.

./run bench growth [--few 100] [--many 10000] [--rounds 7] [--remove]

Makes a database for each catalogue, which takes some minutes the first time and stays until
`--remove`. Both are measured in turns by CPU time of the site's process and of its database
connection, which other programs affect least.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from bench import search_corpus
from bench.measuring import Figures, progressing
from deploy.local.prepare import load_sample
from episodes.models import Episode
from pages.paging import PER_PAGE

MOST = 1.3
LISTS = 50
# Pages rendered in this process need no collected static files.
UNHASHED = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--few", type=int, default=100)
    arguments.add_argument("--many", type=int, default=10_000)
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--remove", action="store_true", help="drop the databases")
    arguments.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    arguments.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.answer:
        with override_settings(STORAGES=UNHASHED):
            answer()
    elif options.fill:
        fill(options.fill)
    elif options.remove:
        for count in (options.few, options.many):
            execute(f'DROP DATABASE IF EXISTS "{name(count)}"')
    else:
        compare(options.few, options.many, options.rounds)


def compare(few: int, many: int, rounds: int) -> None:
    """Measure the pages of both catalogues in turns, and compare them."""
    with catalogue(few) as small, catalogue(many) as large:
        for _ in progressing(range(rounds + 1)):
            for turn in range(max(len(small.kinds), len(large.kinds))):
                small.ask(turn)
                large.ask(turn)
        figures = Figures()
        for kind in dict.fromkeys(small.kinds.values()):
            before, after = small.medians(kind), large.medians(kind)
            growth = statistics.median(after) / statistics.median(before)
            figures.at_most(f"{kind}, {few} to {many} episodes", growth, MOST, "×")
            if len(after) > 1:
                worst = max(after) / max(before)
                figures.at_most(f"{kind}, the worst of {len(after)}", worst, MOST, "×")
            print(f"{kind:8}{statistics.median(before):6.1f} and {statistics.median(after):.1f} ms")
    figures.print()


class Catalogue:
    """A process that renders pages of one catalogue."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.kinds: dict[str, str] = self._next()
        self.work: dict[str, list[float]] = defaultdict(list)

    def ask(self, turn: int) -> None:
        """Request the next page. Raises AssertionError unless it is a 200."""
        path = list(self.kinds)[turn % len(self.kinds)]
        print(path, file=self.process.stdin, flush=True)
        status, ms = self._next()
        assert status == 200, f"{path}: {status}"
        self.work[path].append(ms)

    def medians(self, kind: str) -> list[float]:
        """CPU milliseconds of each page of that kind, without its first request."""
        taken = [self.work[path][1:] for path, its in self.kinds.items() if its == kind]
        return [statistics.median(each) for each in taken]

    def _next(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())


@contextmanager
def catalogue(count: int) -> Iterator[Catalogue]:
    """The catalogue's process; its database is made if it doesn't exist."""
    command = [sys.executable, "-m", "bench", "growth", "--answer"]
    with subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_with(count)},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield Catalogue(process)
        process.terminate()


def database_with(count: int) -> str:
    """The URL of a database with so many episodes, which is made if it doesn't exist."""
    if not execute(f"SELECT 1 FROM pg_database WHERE datname = '{name(count)}'"):
        execute(f'CREATE DATABASE "{name(count)}"')
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name(count)}").geturl()
    command = [sys.executable, "-m", "bench", "growth", "--fill", str(count)]
    env = os.environ | {"DATABASE_URL": url}
    subprocess.run(command, check=True, cwd=settings.BASE_DIR, env=env, text=True)
    return url


def name(count: int) -> str:
    return f"growth_{count}"


def execute(sql: str) -> int:
    """The number of rows that the statement finds or changes."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def fill(count: int) -> None:
    """Migrate the database, and load so many episodes if it has fewer."""
    call_command("migrate", verbosity=0)
    if Episode.objects.count() < count:
        load_sample()
        call_command("import_jekyll", str(settings.BASE_DIR / "transfer" / "tests" / "jekyll"))
        missing = count - Episode.objects.count()
        distractors = search_corpus.distractors(search_corpus.sources(), missing, seed=1)
        search_corpus.load(list(distractors))
        call_command("rebuild_search")
        execute("ANALYZE")


def answer() -> None:
    """Print the pages, then status and work of each one read from standard input."""
    client = Client(SERVER_NAME="127.0.0.1")
    print(json.dumps(dict(pages())), flush=True)
    database = process_of_connection()
    for line in sys.stdin:
        before = cpu_ms(database)
        response = client.get(line.strip())
        print(json.dumps([response.status_code, cpu_ms(database) - before]), flush=True)


def process_of_connection() -> Path:
    """Linux' file with the CPU time of this connection's backend."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return Path(f"/proc/{cursor.fetchone()[0]}/schedstat")


def cpu_ms(database: Path) -> float:
    """CPU time of this process and, on Linux, of its database backend."""
    nanoseconds = int(database.read_text().split()[0]) if database.exists() else 0
    return (time.process_time_ns() + nanoseconds) / 1e6


def pages() -> Iterator[tuple[str, str]]:
    """Paths and kinds of pages. The episodes are the sample's, which every catalogue has."""
    yield reverse("home"), "home"
    episodes = Episode.objects.published().podcast()
    sample = episodes.exclude(guid__startswith=search_corpus.GUID)
    for episode in sample.newest_first()[:5]:
        yield episode.get_absolute_url(), "episode"
    for number in range(1, min(LISTS, episodes.count() // PER_PAGE) + 1):
        yield reverse("episodes") + (f"?page={number}" if number > 1 else ""), "list"
