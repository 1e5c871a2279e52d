"""Addresses that an old site had, asked of this one."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from text.urls import bare_host
from transfer.site_client import Site

LOC = re.compile(r"<loc>\s*([^<\s]+)\s*</loc>", re.IGNORECASE)
# A feed names them in elements, attributes and in notes, where they are escaped once more.
WRITTEN = re.compile(r"https?://[^\s\"'<>\])]+[^\s\"'<>\]).,;:!?]")
# Common and combined log format: what was asked, and how the old site answered.
REQUEST = re.compile(r'"(GET|HEAD) (\S+) HTTP/[\d.]+" (\d{3})')
LOGGED = re.compile(r'"[A-Z]+ \S* HTTP/[\d.]+" \d{3}')
REDIRECTS = (301, 302, 303, 307, 308)
FINE, GONE = 200, 410


@dataclass(slots=True)
class Checked:
    """How the addresses answered; `failures` are path, reason, and how often it was asked."""

    fine: int = 0
    redirected: int = 0
    gone: int = 0
    failures: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.fine + self.redirected + self.gone + len(self.failures)


def read_addresses(file: Path, hosts: frozenset[str]) -> Counter[str]:
    """The paths that a sitemap, a feed, an access log or a list names, and how often.

    Of a log, those that the old site answered. Addresses on other hosts are left out.
    Raises OSError.
    """
    found: Counter[str] = Counter()
    for address in _addresses(file):
        path = path_of(address, hosts)
        if path:
            found[path] += 1
    return found


def path_of(address: str, hosts: frozenset[str]) -> str:
    """Path and query of an address on one of these hosts; empty for others."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if not address.startswith("/") and bare_host(address) not in hosts:
        return ""
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _addresses(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for line in lines:
            if line.lstrip().startswith("<"):
                text = line + lines.read()
                yield from map(unescape, LOC.findall(text) or WRITTEN.findall(unescape(text)))
                return
            yield from _of_line(line.strip())


def _of_line(line: str) -> Iterator[str]:
    if LOGGED.search(line):
        request = REQUEST.search(line)
        if request and int(request[3]) < 400:
            yield request[2]
    elif line and not line.startswith("#"):
        yield line


def check(paths: Counter[str], site: Site) -> Checked:
    """Ask each once. It must answer 200, 410, or one redirect to what answers 200."""
    result = Checked()
    for path, times in paths.items():
        status, target = ask(site, path)
        if status == FINE:
            result.fine += 1
        elif status == GONE:
            result.gone += 1
        elif reason := _wrong(site, status, target):
            result.failures.append((path, reason, times))
        else:
            result.redirected += 1
    result.failures.sort(key=lambda failure: (-failure[2], failure[0]))
    return result


def _wrong(site: Site, status: int, target: str) -> str:
    """What is wrong with an answer that is not 200; nothing if it leads on in one hop."""
    if status not in REDIRECTS:
        return str(status)
    onward = path_of(target, frozenset([bare_host(site.origin)]))
    if not onward:
        return ""  # to another site, where the audio may lie
    second, _ = ask(site, onward)
    return "" if second == FINE else f"{status} to {target}, which answers {second}"


def ask(site: Site, path: str) -> tuple[int, str]:
    """Status and Location; of the body no more than its first block is read."""
    answer = site.ask(path)
    _first(answer.blocks)
    return answer.status, answer.location


def _first(blocks: Iterable[bytes]) -> None:
    for _ in blocks:
        break
    getattr(blocks, "close", lambda: None)()
