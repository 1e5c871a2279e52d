"""Checks that the addresses of an old site still answer here."""

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from gzip import GzipFile
from html import unescape
from io import TextIOWrapper
from typing import Any, BinaryIO, TextIO
from urllib.parse import urlsplit

from django.http import HttpResponseBase

from text.problems import Problem
from text.urls import bare_host
from transfer.importers.feed.fetch import opened
from transfer.importers.feed.pages import read_pages
from transfer.importers.report import InvalidInput
from transfer.site_client import SiteClient

LOC = re.compile(r"<loc>\s*([^<\s]+)\s*</loc>", re.IGNORECASE)
# A feed has addresses in elements, in attributes and, escaped once more, in notes.
ADDRESS = re.compile(r"https?://[^\s\"'<>\])]+[^\s\"'<>\]).,;:!?]")
# Common and combined log format: the request, and the old site's status.
REQUEST = re.compile(r'"(GET|HEAD) (\S+) HTTP/[\d.]+" (\d{3})')
LOGGED = re.compile(r'"[A-Z]+ \S* HTTP/[\d.]+" \d{3}')
REDIRECTS = (301, 302, 303, 307, 308)
FOUND, GONE = 200, 410


@dataclass(slots=True)
class AddressCheck:
    """How the addresses answered; `failures` are path, reason and number of requests."""

    found: int = 0
    redirected: int = 0
    gone: int = 0
    failures: list[tuple[str, str, int]] = field(default_factory=list)


def read_addresses(source: str, hosts: frozenset[str]) -> tuple[Counter[str], list[Problem]]:
    """The paths in a sitemap, a feed, an access log or a list, each with its number of lines.

    The source is a file, also one in gzip, or a web address; of a feed, all pages are read, and a
    page that can't be is a problem. Of a log, only what the old site answered counts; addresses on
    other hosts never do. Raises OSError, and CommandError if no server sends it.
    """
    paths: Counter[str] = Counter()
    with ExitStack() as stack:
        first = stack.enter_context(opened(source))
        files, problems = [first.file], []
        try:
            if _is_xml(first.file):
                paged = stack.enter_context(read_pages(first))
                files, problems = [page.feed.file for page in paged.pages], paged.problems
        except InvalidInput:  # a sitemap
            pass
        for file in files:
            paths.update(path_of(address, hosts) for address in _addresses(_as_text(file, source)))
    del paths[""]
    return paths, problems


def _is_xml(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(100).removeprefix(BOM_UTF8).lstrip().startswith(b"<")


def _as_text(file: BinaryIO, source: str) -> TextIO:
    file.seek(0)
    plain: Any = GzipFile(fileobj=file) if source.endswith(".gz") else file
    return TextIOWrapper(plain, "utf-8-sig", errors="replace")


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


def _addresses(lines: TextIO) -> Iterator[str]:
    for line in lines:
        if line.lstrip().startswith("<"):
            text = line + lines.read()
            yield from map(unescape, LOC.findall(text) or ADDRESS.findall(unescape(text)))
            return
        yield from _addresses_in(line.strip())


def _addresses_in(line: str) -> Iterator[str]:
    if LOGGED.search(line):
        request = REQUEST.search(line)
        if request and int(request[3]) < 400:
            yield request[2]
    elif line and not line.startswith("#"):
        yield line


def check(paths: Counter[str], site: SiteClient) -> AddressCheck:
    """Ask for each path once. It must answer 200, 410, or one redirect to a 200."""
    result = AddressCheck()
    for path, times in paths.items():
        response = site.head(path)
        if response.status_code == FOUND:
            result.found += 1
        elif response.status_code == GONE:
            result.gone += 1
        elif reason := _failure(site, response):
            result.failures.append((path, reason, times))
        else:
            result.redirected += 1
    result.failures.sort(key=lambda failure: (-failure[2], failure[0]))
    return result


def _failure(site: SiteClient, response: HttpResponseBase) -> str:
    """What is wrong with a response other than 200; empty if it redirects once, to a 200."""
    if response.status_code not in REDIRECTS:
        return str(response.status_code)
    location = response.headers["Location"]
    target = path_of(location, frozenset([bare_host(site.origin)]))
    if not target:
        return ""  # another site's address, where the audio may be
    status = site.head(target).status_code
    if status == FOUND:
        return ""
    return f"{response.status_code} to {location}, which answers {status}"
