"""Opens a feed, and fetches the chapters and transcripts that its items link."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO
from urllib.parse import urlsplit

from django.core.management.base import CommandError

from net.addresses import is_public, origin
from net.client import FetchError, Limits, get, save
from transfer.importers.feed.items import LinkedFile

FEED = Limits(bytes=100 * 1024 * 1024, seconds=300)
PAGE_SECONDS = 60  # of each further page
ALL_PAGES = 500 * 1024 * 1024  # bytes of all further pages
LINKED = Limits(bytes=5 * 1024 * 1024, seconds=20)
WITHOUT_SCHEME = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/", re.IGNORECASE)
# After so many failures in a row a server isn't asked again: thousands of items may link to it.
MOST_FAILURES = 3
# Transcripts by type, the best first. Apps' own pages in HTML are not read.
TRANSCRIPTS = {
    "text/vtt": "vtt",
    "application/x-subrip": "srt",
    "application/srt": "srt",
    "application/json": "json",
    "text/plain": "txt",
}


@dataclass(frozen=True, slots=True)
class OpenedFeed:
    """A feed to read, and its name for messages.

    `open_page` opens a further page by its address; by default it is fetched from the web.
    """

    file: BinaryIO
    name: str
    address: str = ""
    allowed: frozenset[str] = frozenset()  # origins in a private network that may be asked
    open_page: "Callable[[str], AbstractContextManager[OpenedFeed]] | None" = None


@contextmanager
def opened(source: str) -> Iterator[OpenedFeed]:
    """The feed of a path or web address. Raises OSError, and CommandError if no server sends it.

    The address may be in a private network, because the person who runs this named it. Only then
    may linked files come from a private network, and only from the same origin.
    """
    if not source.startswith(("http://", "https://")):
        if WITHOUT_SCHEME.match(source) and not Path(source).exists():
            message = "no such file. If it is a web address, begin it with https://"
            raise CommandError(f"{source}: {message}")
        with Path(source).open("rb") as file:
            yield OpenedFeed(file, source)
        return
    with TemporaryFile() as file:
        try:
            answer = save(source, file, FEED, frozenset([origin(source)]))
        except FetchError as failure:
            raise CommandError(f"{source}: {failure}") from failure
        private = frozenset() if is_public(answer.peer) else frozenset([origin(answer.url)])
        yield OpenedFeed(file, source, answer.url, private)


@contextmanager
def opened_page(address: str, first: OpenedFeed, most_bytes: int) -> Iterator[OpenedFeed]:
    """A further page of a feed. Raises OSError or ValueError.

    Only the first page's own origin may be in a private network.
    """
    if first.open_page:
        with first.open_page(address) as page:
            yield page
        return
    with TemporaryFile() as file:
        answer = save(address, file, Limits(most_bytes, PAGE_SECONDS), first.allowed)
        yield OpenedFeed(file, answer.url, answer.url, first.allowed)


@dataclass(slots=True)
class LinkedFiles:
    """Fetches linked files within limits, and gives up on servers that don't answer."""

    allowed: frozenset[str]
    failures: Counter[str] = field(default_factory=Counter)

    def fetch(self, url: str) -> bytes:
        """The file. Raises ValueError or OSError with the reason."""
        host = urlsplit(url).netloc
        if self.failures[host] >= MOST_FAILURES:
            raise OSError("its server failed several times and gets no more requests")
        try:
            body = get(url, LINKED, self.allowed).body
        except FetchError:
            self.failures[host] += 1
            raise
        self.failures[host] = 0
        return body


def best_transcript(files: tuple[LinkedFile, ...]) -> tuple[LinkedFile, str] | None:
    """The file in the best format, and its ending; None if no format can be read."""
    for type_, ending in TRANSCRIPTS.items():
        for linked in files:
            if linked.type.partition(";")[0].strip() == type_:
                return linked, ending
    return None
