"""Memory of each part of the site, idle and in the night, and its disk space without recordings.

./run bench memory [--episodes 117] [--jekyll DIR] [--workers 1] [--no-disk]

Starts PostgreSQL with the settings of deploy/systemd, and Caddy, nginx, web and invalidator as on a
server. Loads a catalogue, requests every page of the sitemaps twice, searches, opens the desk's
sign-in, lets ticks do their work, and measures. Then a backup, not the first one, is made and
verified, and the largest sum meanwhile counts. Memory is proportional (PSS): what processes share
is counted once. Needs Debian's nginx; Caddy only counts where it is installed.
"""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg2
from django.conf import settings

from bench.measuring import Figures, progressing
from deploy.local.installation import programs
from deploy.local.postgres import throwaway
from tests.nginx_harness import Deployment, free_port, get, site_environment, wait_for

ROOT = settings.BASE_DIR
FIXTURES = [f"fixtures/{name}.json" for name in ("show", "technologies", "questions")]
WORDS = ("celery", "postgres full text search", "docker compose", "kubernets", "why django", "c#")
SEARCHES = 60
IDLE_MB, PEAK_MB = 260, 360  # with one worker, so that all of it fits into a machine of 512 MB
SAMPLE_SECONDS = 0.1
DRAW = """
import django
django.setup()
from pages.page_cards import draw_missing
draw_missing(lambda *_: None)
"""
IS_IDLE = "SELECT count(*) FROM ops_jobrun WHERE name = 'tick' AND idle_etag <> ''"
MB = 1024 * 1024


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--episodes", type=int, default=117)
    arguments.add_argument("--jekyll", help="a real catalogue instead: import_jekyll DIR")
    arguments.add_argument(
        "--workers", type=int, default=1, help="WEB_CONCURRENCY; the limits are for 1"
    )
    arguments.add_argument("--no-disk", action="store_true", help="memory alone")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as made, throwaway(programs(os.environ), tuned()) as url:
        folder, figures = Path(made), Figures()
        folder.chmod(0o755)  # if we are root, nginx's workers are another user
        env = site_environment(url, folder / "static", folder / "media")
        env |= {
            "BACKUP_URL": f"file://{folder / 'backups'}",
            "DOWNLOADS_LOG": str(folder / "deployment/access.log"),
        }
        (folder / "backups").mkdir()
        fill(env, given)
        with (
            Deployment(folder / "deployment", env, workers=given.workers, search_rate=1000) as site,
            tls(folder, site.port) as caddy,
        ):
            print(f"{visit(site)} pages requested")
            parts = {
                "web": site.processes["site 0"].pid,
                "PostgreSQL": postmaster(url),
                "nginx": site.processes["nginx"].pid,
                "invalidator": site.processes["invalidator"].pid,
            } | ({"Caddy": caddy} if caddy else {})
            settle(env, url)
            all_jobs = watched(env, program("manage.py", "tick"), {})
            no_jobs = watched(env, program("-m", "podcast.tick"), {})
            held = {name: resident(process) for name, process in parts.items()}
            show("idle", held)
            manage(env, "backup")  # an earlier one, which makes the repository
            night = watched(env, program("manage.py", "backup", "--check"), parts)
            show("while a backup is verified", night.parts)
            print(f"a tick takes {all_jobs.own / MB:.0f} MB while it runs all jobs")
            cached = size(site.cache)
        figures.at_most("idle", sum(held.values()) / MB, IDLE_MB, "MB")
        figures.at_most("peak of a verified backup", night.peak / MB, PEAK_MB, "MB")
        figures.at_most("computing of a minute without work", no_jobs.cpu, 0.15, "s")
        figures.at_most("computing of a tick of all jobs", all_jobs.cpu, 1.5, "s")
        if given.no_disk:
            figures.print()
            return
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


def program(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def show(when: str, held: dict[str, int]) -> None:
    print(f"{when}: {sum(held.values()) / MB:.0f} MB")
    for name, each in held.items():
        print(f"  {name:12} {each / MB:6.1f} MB")


@contextlib.contextmanager
def tls(folder: Path, port: int) -> Iterator[int]:
    """Caddy's process before nginx, after some requests; 0 where it isn't installed."""
    if not (caddy := shutil.which("caddy")):
        yield 0
        return
    own = free_port()
    text = (ROOT / "deploy/systemd/Caddyfile").read_text()
    text = text.replace("podcast.example", f"http://127.0.0.1:{own}").replace(":8080", f":{port}")
    (folder / "Caddyfile").write_text(text)
    started = subprocess.Popen(
        [caddy, "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"],
        env=os.environ | {"HOME": str(folder)}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(own)
        for _ in range(500):
            get(own, "/")
        yield started.pid
    finally:
        started.terminate()
        started.wait()


def settle(env: dict[str, str], url: str) -> None:
    """Draw all social cards, and run ticks until they have no more work. No link is requested."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO desk_linksurvey (id, made_at) VALUES (1, now())")
    subprocess.run(program("-c", DRAW), cwd=ROOT, env=os.environ | env, check=True)
    while not ask(url, IS_IDLE):
        manage(env, "tick")


@dataclass
class Watched:
    """A program's CPU seconds, and the most bytes of memory: its own, and with other parts."""

    cpu: float = 0
    own: int = 0
    peak: int = 0
    parts: dict[str, int] = field(default_factory=dict)


def watched(env: dict[str, str], command: list[str], parts: dict[str, int]) -> Watched:
    """Run it, and measure its memory and that of these parts meanwhile."""
    found, before, earlier = Watched(), os.times(), {}
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | env, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        held = {name: resident(each) for name, each in parts.items()}
        held["itself"] = resident(process.pid)
        # The lower of two in a row: until it executes its program, a child counts as its parent.
        lower = min(held, earlier, key=lambda each: sum(each.values()))
        found.own = max(found.own, lower.get("itself", 0))
        if sum(lower.values()) > found.peak:
            found.peak, found.parts = sum(lower.values()), lower
        earlier = held
        time.sleep(SAMPLE_SECONDS)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}.")
    after = os.times()
    names = ("children_user", "children_system")
    found.cpu = sum(getattr(after, name) - getattr(before, name) for name in names)
    return found


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
