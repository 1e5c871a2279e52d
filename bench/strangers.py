"""What strangers cost who ask for addresses that nobody else does.

./run bench strangers [--junk 60000] [--rate 200] [--rounds 5] [--seconds 3] [--pages 300]
    [--trials 20]

Starts nginx with its usual limits, site and invalidator on a database of its own. 1,000 addresses
of one IPv6 network ask for so many moments and unknown pages as fast as they can. Then they go on
at a rate, and pages, edits and memory are measured with and without them. Needs nginx and wrk.
"""

import argparse
import contextlib
import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Figures, spread
from bench.memory import MB, resident
from bench.nginx import commit_to_visible, fetch_all, of_rounds, running, wrk
from bench.soak import FILLING, PARTS, searched
from caching.nginx.cache_files import NginxCache
from tests.nginx_harness import Deployment, get

ADDRESSES = 1000
CONNECTIONS = 20
JUNK = """
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local asked = tonumber(os.getenv("BEGIN"))
request = function()
  asked = asked + 1
  local kinds = {
    paths[asked % #paths + 1] .. "?t=" .. asked % 100000,
    "/podcast/junk-" .. asked,
    "/junk-" .. asked,
  }
  local address = string.format("2001:db8:0:1::%x", asked % ADDRESSES)
  return wrk.format("GET", kinds[asked % 3 + 1], {["X-Forwarded-For"] = address})
end
"""
PACED = "\nfunction delay() return PAUSE end\n"  # milliseconds


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--junk", type=int, default=60_000)
    arguments.add_argument("--rate", type=int, default=200)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=int, default=3)
    arguments.add_argument("--pages", type=int, default=300)
    arguments.add_argument("--trials", type=int, default=20)
    options = arguments.parse_args()
    figures = Figures()
    with (
        tempfile.TemporaryDirectory() as made,
        running(Path(made), options.pages, search_rate=10, miss_rate=5) as site,
    ):
        paths = fetch_all(site, options.pages)
        ask(site, options.junk // 10)  # a warm-up
        for turn in range(FILLING):  # past nginx's limits
            get(site.site_ports[0], searched(turn))
        stored, held = len(NginxCache(site.cache).pages()), memory(site)
        asked = ask(site, options.junk)
        more = len(NginxCache(site.cache).pages()) - stored
        print(f"{asked:,} junk addresses asked; {more} more pages in the cache")
        figures.at_most("pages that junk added to the cache", more, 100, "")
        rates: dict[bool, list[float]] = {False: [], True: []}
        for _ in range(options.rounds):
            for is_beset in rates:
                with strangers(site, options.rate if is_beset else 0):
                    rates[is_beset].append(
                        wrk(site.port, site.folder / "paths", options.seconds).rate
                    )
        for is_beset, each in rates.items():
            print(f"pages a second {'with' if is_beset else 'without'}: {spread(each)}")
        figures.at_least("pages with to without", of_rounds(rates[True], rates[False]), 0.8, "×")
        with strangers(site, options.rate):
            share = cpu_share(site, 10 * options.seconds)
        figures.at_most("CPU for strangers, of all cores", share, 0.2, "×")
        before = commit_to_visible(site, paths, options.trials, is_busy=False)
        with strangers(site, options.rate):
            times = commit_to_visible(site, paths, options.trials, is_busy=False)
        print(f"commit to visible without: {spread(before)} ms (p50/p95/max)")
        print(f"commit to visible with: {spread(times)} ms")
        figures.at_most("commit to visible, max", max(times), 250, "ms")
        slower = statistics.median(times) / statistics.median(before)
        figures.at_most("…with to without, p50", slower, 2, "×")
        for name, now in memory(site).items():
            print(f"{name:12} {held[name] / MB:6.1f} MB before, {now / MB:.1f} MB after")
            figures.at_most(f"{name}'s memory, after to before", now / held[name], 1.05, "×")
    figures.print()


def memory(site: Deployment) -> dict[str, int]:
    """Bytes of each part."""
    return {name: resident(site.processes[process].pid) for name, process in PARTS.items()}


def cpu_share(site: Deployment, seconds: float) -> float:
    """What nginx and the site take of the machine's cores meanwhile, whatever else runs there."""
    before = cpu_seconds(site)
    time.sleep(seconds)
    return (cpu_seconds(site) - before) / seconds / (os.cpu_count() or 1)


def cpu_seconds(site: Deployment) -> float:
    ticks = 0
    for name in ("nginx", "site 0"):
        process = site.processes[name].pid
        for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def ask(site: Deployment, number: int) -> int:
    """Ask for at least so many junk addresses, none twice; how many it were."""
    asked = 0
    while asked < number:
        command = junk(site, "", seconds=2)
        env = os.environ | {"PATHS": str(site.folder / "paths"), "BEGIN": str(asked)}
        said = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
        asked += int(re.findall(r"(\d+) requests in", said)[0])
    return asked


@contextlib.contextmanager
def strangers(site: Deployment, rate: int) -> Iterator[None]:
    """With so many junk addresses asked for each second."""
    if not rate:
        yield
        return
    pace = PACED.replace("PAUSE", str(1000 * CONNECTIONS // rate))
    env = os.environ | {"PATHS": str(site.folder / "paths"), "BEGIN": "1000000"}
    with subprocess.Popen(
        junk(site, pace, seconds=36_000), env=env, stdout=subprocess.DEVNULL
    ) as asking:
        try:
            yield
        finally:
            asking.terminate()


def junk(site: Deployment, pace: str, seconds: int) -> list[str]:
    script = site.folder / "junk.lua"
    script.write_text(JUNK.replace("ADDRESSES", str(ADDRESSES)) + pace)
    url = f"http://127.0.0.1:{site.port}"
    return ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), url]
