"""Opens a feed, and fetches the chapters and transcripts that its items link."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from django.core.management.base import CommandError

from net.addresses import is_public, origin
from net.client import FetchError, Limits, get, save
from notes.grammar.draft import TopicDraft
from notes.grammar.lines import one_line
from transfer.importers.feed.items import LinkedFile
from transfer.importers.feed.values import read_start
from transfer.importers.html_to_markdown import escaped

FEED = Limits(bytes=100 * 1024 * 1024, seconds=300)
LINKED = Limits(bytes=5 * 1024 * 1024, seconds=20)
# After so many failures in a row a server isn't asked again: thousands of items may link to it.
MOST_FAILURES = 3
MOST_CHAPTERS = 2000
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
    """A feed to read, and its name for messages."""

    file: BinaryIO
    name: str
    address: str = ""
    allowed: frozenset[str] = frozenset()  # origins in a private network that may be asked


@contextmanager
def opened(source: str) -> Iterator[OpenedFeed]:
    """The feed of a path or web address. Raises OSError, and CommandError if no server sends it.

    The address may be in a private network, because the person who runs this named it. Only then
    may linked files come from a private network, and only from the same origin.
    """
    if not source.startswith(("http://", "https://")):
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


def read_chapters(data: bytes) -> tuple[TopicDraft, ...]:
    """The chapters of a Podcasting 2.0 file (chapters/jsonChapters.md), by their start.

    Those without a title or hidden (`toc`) are left out. Raises ValueError if it is no such file.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        raise ValueError("it is not JSON") from wrong
    chapters = document.get("chapters") if isinstance(document, dict) else None
    if not isinstance(chapters, list) or len(chapters) > MOST_CHAPTERS:
        raise ValueError(f"it has no list of up to {MOST_CHAPTERS:,} chapters")
    topics = [_topic(chapter) for chapter in chapters if isinstance(chapter, dict)]
    return tuple(sorted(filter(None, topics), key=lambda topic: topic.seconds))


def _topic(chapter: dict[str, Any]) -> TopicDraft | None:
    title = chapter.get("title")
    if not isinstance(title, str) or not title.strip() or chapter.get("toc") is False:
        return None
    return TopicDraft(read_start(chapter.get("startTime")), escaped(one_line(title)))


def best_transcript(files: tuple[LinkedFile, ...]) -> tuple[LinkedFile, str] | None:
    """The file in the best format, and its ending; None if no format can be read."""
    for type_, ending in TRANSCRIPTS.items():
        for linked in files:
            if linked.type.partition(";")[0].strip() == type_:
                return linked, ending
    return None
