"""How fast nginx serves cached pages, and how soon an edit shows.

./run bench nginx [--rounds 5] [--seconds 3] [--pages 1000] [--trials 50]

Starts nginx, site and invalidator on a database of its own. Needs nginx and wrk (Debian: nginx,
wrk), and takes some minutes. Each round measures nginx with the pages as files, nginx with the same
pages cached, a Django view that returns a constant, and gunicorn alone, as `./run serve` starts it.
"""

import argparse
import contextlib
import gzip
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from getpass import getuser
from glob import glob
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.management import call_command

from bench.growth import database_with
from bench.measuring import Figures, spread
from tests.nginx_harness import MAIN, NGINX, Deployment, free_port, site_environment, wait_for

CONNECTIONS = 32
WARMING = 20  # seconds
EDIT = """
UPDATE topics_topic SET text = %(mark)s, html = %(mark)s, plain = %(mark)s
WHERE position = 0 AND episode_id = (SELECT id FROM episodes_episode WHERE slug = %(slug)s)
"""
FILES = """
default_type text/html;
access_log {folder}/access.log;
server {{ listen 127.0.0.1:{port}; root {root}; gzip_static on; }}
"""
ROTATE = """
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local place = math.random(#paths)
request = function()
  place = place % #paths + 1
  return wrk.format("GET", paths[place], {["Accept-Encoding"] = "gzip"})
end
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=int, default=3)
    arguments.add_argument("--pages", type=int, default=1000)
    arguments.add_argument("--trials", type=int, default=50)
    options = arguments.parse_args()
    figures = Figures()
    with tempfile.TemporaryDirectory() as made, running(Path(made), options.pages) as site:
        paths = fetch_all(site, options.pages)
        compare(site, paths, options.rounds, options.seconds, figures)
        for how in ("under load", "after idling"):
            is_busy = how == "under load"
            times = commit_to_visible(site, paths, options.trials, is_busy=is_busy)
            print(f"commit to visible {how}: {spread(times)} ms (p50/p95/max)")
            figures.at_most(f"commit to visible {how}, p50", statistics.median(times), 50, "ms")
            figures.at_most(f"commit to visible {how}, max", max(times), 250, "ms")
    figures.print()


@contextlib.contextmanager
def running(
    folder: Path, pages: int, search_rate: int = 1000, miss_rate: int = 1000
) -> Iterator[Deployment]:
    """nginx before one site with two workers and so many episodes."""
    require({"nginx": "nginx", "wrk": "wrk"})
    url = database_with(pages * 115 // 100)  # some of its episodes have no page
    static = folder / "static"
    settings.STATIC_ROOT = str(static)
    call_command("collectstatic", verbosity=0, interactive=False)
    env = site_environment(url, static, folder / "media")
    with Deployment(
        folder / "deployment", env, search_rate=search_rate, miss_rate=miss_rate
    ) as site:
        until = time.monotonic() + 60
        while site.get("/").status != 200:
            assert time.monotonic() < until, "the site doesn't answer"
            time.sleep(0.2)
        yield site


def require(packages: Mapping[str, str]) -> None:
    """Exit naming Debian's packages whose program, or file by its whole path, isn't there.

    Either may be a pattern.
    """
    folders = [*os.environ["PATH"].split(os.pathsep), "/usr/sbin"]
    missing = [
        package
        for package, file in packages.items()
        if not any(glob(os.path.join(folder, file)) for folder in folders)
    ]
    if missing:
        sys.exit(f"This needs {', '.join(missing)}. Debian: apt-get install {' '.join(missing)}")


def fetch_all(site: Deployment, pages: int) -> list[str]:
    """Fill the cache with so many episodes' pages, and write them to files."""
    sitemap = site.get("/sitemap.xml").body.decode()
    parts = re.findall(r"<loc>http://[^/]+([^<]+)</loc>", sitemap)
    listed = "".join(site.get(part).body.decode() for part in parts)
    paths = re.findall(r"<loc>http://[^/]+(/podcast/[^</]+)</loc>", listed)[:pages]
    (site.folder / "paths").write_text("\n".join(paths))
    for number, path in enumerate(paths):
        file = site.folder / "files" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        # Each from another visitor, as nginx limits them.
        visitor = f"198.18.{number // 250}.{number % 250}"
        page = site.get(path, Accept_Encoding="gzip", X_Forwarded_For=visitor)
        assert page.status == 200, path
        file.write_bytes(gzip.decompress(page.body))
        file.with_name(f"{file.name}.gz").write_bytes(page.body)
    return paths


@dataclass(frozen=True)
class Load:
    """Requests a second, and the number of responses other than 200."""

    rate: float
    failed: int


def compare(
    site: Deployment, paths: list[str], rounds: int, seconds: int, figures: Figures
) -> None:
    written = files(site.folder / "files", site.folder / "as-files")
    with written as static, constant() as view, served(site) as alone:
        one = site.folder / "one"
        one.write_text(paths[0])
        few = site.folder / "few"
        few.write_text("\n".join(paths[:300]))  # as many as a process caches
        every = site.folder / "paths"
        asked: dict[str, tuple[int, Path]] = {
            f"nginx, {len(paths)} pages as files": (static, every),
            f"nginx, {len(paths)} pages cached": (site.port, every),
            "a Django view with a constant": (view, one),
            "./run serve, 300 pages again and again": (alone, few),
        }
        rates: dict[str, list[float]] = {name: [] for name in asked}
        wrk(alone, few, WARMING)  # each of its processes renders each page once
        for round_number in range(rounds + 1):
            for name, (port, list_of_paths) in asked.items():
                load = wrk(port, list_of_paths, seconds)
                assert not load.failed, f"{name}: {load.failed} failed"
                if round_number:  # the first is a warm-up
                    rates[name].append(load.rate)
    for name, each in rates.items():
        print(
            f"{name:42} {statistics.median(each):10,.0f}/s  ({min(each):,.0f} to {max(each):,.0f})"
        )
    as_files, cached, plain, again = rates.values()
    figures.at_least("cached pages to files", of_rounds(cached, as_files), 0.80, "×")
    figures.at_least("cached pages to a constant view", of_rounds(cached, plain), 8, "×")
    figures.at_least("./run serve to a constant view", of_rounds(again, plain), 0.4, "×")


def of_rounds(these: list[float], those: list[float]) -> float:
    """The median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(these, those, strict=True))


def wrk(port: int, paths: Path, seconds: int) -> Load:
    script = paths.with_name("rotate.lua")
    script.write_text(ROTATE)
    said = subprocess.run(
        ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script),
         f"http://127.0.0.1:{port}"],
        env=os.environ | {"PATHS": str(paths)}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    failed = sum(int(each) for each in re.findall(r"Non-2xx[^:]*: (\d+)", said))
    return Load(float(re.findall(r"Requests/sec:\s*([\d.]+)", said)[0]), failed)


@contextlib.contextmanager
def files(root: Path, folder: Path) -> Iterator[int]:
    """Another nginx, which serves the files of `root`; its own files are in `folder`."""
    port = free_port()
    folder.mkdir()
    conf = FILES.format(folder=folder, port=port, root=root)
    (folder / "podcast.conf").write_text(conf)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=getuser(), connections=1024))
    with program([NGINX, "-c", str(folder / "nginx.conf")], {}, port):
        yield port


@contextlib.contextmanager
def constant() -> Iterator[int]:
    """Django with one view and no middleware, on gunicorn's plainest workers.

    Without gunicorn.conf.py, which would load the site.
    """
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "bench.constant", "--workers", "2"]
    command += ["--config", os.devnull]
    command += ["--bind", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "warning"]
    with program(command, {}, port):
        yield port


@contextlib.contextmanager
def served(site: Deployment) -> Iterator[int]:
    """The site without nginx, as `./run serve` has gunicorn run it."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "podcast.wsgi", "--workers", "2", "--threads", "4"]
    command += ["--bind", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "warning"]
    with program(command, site.env | {"LOG_REQUESTS": "0"}, port):
        yield port


@contextlib.contextmanager
def program(command: list[str], env: dict[str, str], port: int) -> Iterator[None]:
    with subprocess.Popen(command, env=os.environ | env, cwd=settings.BASE_DIR) as process:
        try:
            wait_for(port)
            yield
        finally:
            process.terminate()


def commit_to_visible(
    site: Deployment, paths: list[str], trials: int, *, is_busy: bool
) -> list[float]:
    """Milliseconds from the commit of a topic's new text to the first page that shows it.

    This is the most frequent edit. A title would show on other episodes' pages and purge them all.
    Raises AssertionError if an older page is served within the following second.
    """
    path = paths[len(paths) // 2]
    taken = []
    writing = psycopg2.connect(site.env["DATABASE_URL"])
    writing.autocommit = True
    with contextlib.closing(writing), loaded(site, is_busy):
        for _ in range(trials):
            mark = f"Commit-{time.time_ns()}"
            site.get(path)
            time.sleep(0.2 if is_busy else 1.5)
            with writing.cursor() as cursor:
                cursor.execute(EDIT, {"mark": mark, "slug": path.rpartition("/")[2]})
            committed = time.perf_counter()
            while mark.encode() not in site.get(path).body:
                assert time.perf_counter() - committed < 5, "not visible within five seconds"
                time.sleep(0.002)  # else the requests themselves would be a load
            taken.append((time.perf_counter() - committed) * 1000)
            until = time.perf_counter() + 1
            while time.perf_counter() < until:
                assert mark.encode() in site.get(path).body, "an older page came back"
                time.sleep(0.05)
    return taken


@contextlib.contextmanager
def loaded(site: Deployment, is_busy: bool) -> Iterator[None]:
    """With 16 connections that request pages as fast as they can, or without load."""
    if not is_busy:
        yield
        return
    command = ["wrk", "-t1", "-c16", "-d600s", "-s", str(site.folder / "rotate.lua")]
    with subprocess.Popen(
        [*command, f"http://127.0.0.1:{site.port}"],
        env=os.environ | {"PATHS": str(site.folder / "paths")},
        stdout=subprocess.DEVNULL,
    ) as visitors:
        try:
            yield
        finally:
            visitors.terminate()
