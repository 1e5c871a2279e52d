"""How long imports take: an old site as large as the original, and synthetic show notes.

./run bench imports [--against CLONE] [--rounds 3] [--notes 1000]

With --against, another clone of this project (a former version) imports the same in turns. Each
import has a new database, so every round begins bare. CPU time, of the command and of its database
connection, is what other programs affect least.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from bench.growth import execute
from bench.measuring import progressing
from bench.original import write_original
from bench.synthetic import write_files

TIMED = Path(__file__).with_name("timed_command.py")
FIGURES = ("seconds", "cpu", "queries")
Chain = dict[str, list[str]]  # imports into one database, one after the other


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--against", type=Path, help="a clone of another version")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--notes", type=int, default=1000, help="synthetic episodes")
    options = arguments.parse_args()
    if options.against and not (options.against / "manage.py").is_file():
        arguments.error(f"{options.against} is no clone of this project: it has no manage.py")
    clones = [settings.BASE_DIR, *([options.against.resolve()] if options.against else [])]
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        write_original(site)
        notes, facts = write_files(Path(folder), options.notes)
        jekyll = ["import_jekyll", str(site)]
        show_notes = ["import_show_notes", str(notes), "--facts", str(facts)]
        chains: list[Chain] = [
            {"the original, dry run": [*jekyll, "--dry-run"]},
            {"the original": jekyll, "the original again": jekyll},
            {"show notes": show_notes, "show notes again": show_notes},
        ]
        compare(clones, chains, options.rounds)


def compare(clones: list[Path], chains: list[Chain], rounds: int) -> None:
    """Measure the imports of all clones in turns, and print the medians."""
    figures: dict[tuple[str, Path], list[dict[str, float]]] = defaultdict(list)
    names = {clone: f"imports_{index}" for index, clone in enumerate(clones)}
    try:
        for clone in clones:
            make_database(f"{names[clone]}_bare")
            manage(clone, f"{names[clone]}_bare", "migrate", "-v", "0")
        for _ in progressing(range(rounds)):
            for chain in chains:
                for clone in clones:
                    make_database(names[clone], f"{names[clone]}_bare")
                    for what, command in chain.items():
                        figures[what, clone].append(manage(clone, names[clone], *command))
    finally:
        for name in names.values():
            for each in (name, f"{name}_bare"):
                execute(f'DROP DATABASE IF EXISTS "{each}"')
    for what in (what for chain in chains for what in chain):
        medians = [
            [statistics.median(each[name] for each in figures[what, clone]) for name in FIGURES]
            for clone in clones
        ]
        print(what)
        for clone, (seconds, cpu, queries) in zip(clones, medians, strict=True):
            print(f"  {seconds:6.1f} s, {cpu:6.1f} s of CPU, {queries:7,.0f} queries  {clone}")
        for (seconds, cpu, queries), here in zip(medians[1:], medians[:1], strict=False):
            ratios = f"{here[0] / seconds:.2f}, {here[1] / cpu:.2f}, {here[2] / queries:.2f}"
            print(f"  this one takes {ratios} of it")


def make_database(name: str, template: str = "template1") -> None:
    execute(f'DROP DATABASE IF EXISTS "{name}"')
    execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def manage(clone: Path, database: str, *command: str) -> dict[str, float]:
    """Run a command of a clone, and measure it. Raises CalledProcessError where it fails."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    done = subprocess.run(
        [sys.executable, TIMED, *command],
        check=True,
        cwd=clone,
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.PIPE,
    )
    return json.loads(done.stdout)
