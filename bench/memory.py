"""Memory of each part of the site, and its disk space without recordings.

./run bench memory [--episodes 117] [--jekyll DIR] [--preload]

Starts PostgreSQL with the settings of deploy/systemd, and nginx, web and invalidator as on a
server. Loads a catalogue, requests every page of the sitemaps twice, searches, and opens the desk's
sign-in. Memory is proportional (PSS): what processes share is counted once. Needs Debian's nginx.
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg2
from django.conf import settings

from bench.measuring import Figures, progressing
from deploy.local.installation import programs
from deploy.local.postgres import throwaway
from tests.nginx_harness import Deployment, site_environment

ROOT = settings.BASE_DIR
FIXTURES = [f"fixtures/{name}.json" for name in ("show", "technologies", "questions")]
WORDS = ("celery", "postgres full text search", "docker compose", "kubernets", "why django", "c#")
SEARCHES = 60
MB = 1024 * 1024


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--episodes", type=int, default=117)
    arguments.add_argument("--jekyll", help="a real catalogue instead: import_jekyll DIR")
    arguments.add_argument("--preload", action="store_true", help="gunicorn --preload")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as made, throwaway(programs(os.environ), tuned()) as url:
        folder, figures = Path(made), Figures()
        folder.chmod(0o755)  # if we are root, nginx's workers are another user
        env = site_environment(url, folder / "static", folder / "media")
        env["GUNICORN_CMD_ARGS"] = "--preload" if given.preload else ""
        fill(env, given)
        with Deployment(folder / "deployment", env, search_rate=1000) as site:
            pages = visit(site)
            parts = {
                "nginx": resident(site.processes["nginx"].pid),
                "web": resident(site.processes["site 0"].pid),
                "PostgreSQL": resident(postmaster(url)),
                "invalidator": resident(site.processes["invalidator"].pid),
            }
            cached = size(site.cache)
        print(f"{pages} pages requested")
        for name, held in parts.items():
            print(f"{name:12} {held / MB:6.1f} MB resident")
        figures.at_most("nginx, web, PostgreSQL resident", sum_of(parts) / MB, 400, "MB")
        figures.at_most(
            "…and the invalidator", (sum_of(parts) + parts["invalidator"]) / MB, 400, "MB"
        )
        disks = {
            "database": database_bytes(url),
            "PostgreSQL's WAL": wal_bytes(url),
            "cached pages": cached,
            "static files": size(folder / "static"),
            "code": tracked_bytes(),
            "packages": installed_bytes(),
        }
    for name, held in disks.items():
        print(f"{name:28} {held / MB:6.1f} MB of disk")
    figures.at_most("disk without recordings", sum(disks.values()) / MB, 1000, "MB")
    figures.print()


def tuned() -> list[str]:
    """PostgreSQL's settings on a small machine, as documented."""
    lines = (ROOT / "deploy/systemd/podcast-postgresql.conf").read_text().splitlines()
    pairs = [line.split(" = ") for line in lines if line and not line.startswith("#")]
    return [f"{name}={value}" for name, value in pairs]


def fill(env: dict[str, str], given: argparse.Namespace) -> None:
    manage(env, "migrate", "--noinput", "--verbosity=0")
    manage(env, "collectstatic", "--noinput", "--verbosity=0")
    manage(env, "loaddata", *FIXTURES)
    if given.jekyll:
        manage(env, "import_jekyll", given.jekyll)
        return
    command = [sys.executable, "-m", "bench", "load_synthetic", "--episodes", str(given.episodes)]
    subprocess.run(command, cwd=ROOT, env=os.environ | env, check=True)


def manage(env: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=os.environ | env, check=True)


def visit(site: Deployment) -> int:
    """Request every page twice, some searches and the sign-in, so that all code is loaded."""
    index = site.get("/sitemap.xml").body.decode()
    maps = [urlsplit(found).path for found in re.findall(r"<loc>([^<]+)", index)]
    pages = [
        urlsplit(found).path
        for path in maps
        for found in re.findall(r"<loc>([^<]+)", site.get(path).body.decode())
    ] or maps
    for path in progressing([*pages, *pages, "/podcast/feed.xml", "/admin/login/"]):
        answer = site.get(path)
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
    for number in range(SEARCHES):
        site.get(f"/search?q={quote(WORDS[number % len(WORDS)])}&page={number // len(WORDS) + 1}")
    return len(pages)


def resident(process: int) -> int:
    """Proportional memory in bytes of a process and its descendants."""
    return sum(proportional(each) for each in [*family(process)])


def proportional(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it has just ended
    return sum(int(size) * 1024 for size in re.findall(r"^Pss: +(\d+) kB", text, re.MULTILINE))


def family(process: int) -> Iterator[int]:
    yield process
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from family(int(child))


def postmaster(url: str) -> int:
    """PostgreSQL's main process, the parent of a backend."""
    backend = ask(url, "SELECT pg_backend_pid()")
    status = Path(f"/proc/{backend}/status").read_text()
    return int(re.search(r"^PPid:\s+(\d+)", status, re.MULTILINE)[1]) if backend else 0


def sum_of(parts: dict[str, int]) -> int:
    return sum(held for name, held in parts.items() if name != "invalidator")


def database_bytes(url: str) -> int:
    return ask(url, "SELECT pg_database_size(current_database())")


def wal_bytes(url: str) -> int:
    return ask(url, "SELECT sum(size) FROM pg_ls_waldir()")


def tracked_bytes() -> int:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return sum((ROOT / name).stat().st_size for name in listed.stdout.splitlines())


def installed_bytes() -> int:
    """The size of requirements.txt in a virtual environment."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        command = [f"{folder}/bin/pip", "install", "-qq", "--only-binary=:all:"]
        pins = ["--require-hashes", "-r", str(ROOT / "requirements.txt")]
        subprocess.run([*command, *pins], check=True)
        return size(Path(folder))


def size(folder: Path) -> int:
    """Bytes of disk that its files occupy."""
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*") if not path.is_symlink())


def ask(url: str, question: str) -> int:
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])
