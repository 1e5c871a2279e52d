"""What a feed leads to: the feed itself, and the chapters and transcripts its items link."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from net.addresses import is_public, origin
from net.client import FetchError, Limits, get, save
from notes.grammar.draft import TopicDraft
from notes.grammar.lines import one_line
from transfer.importers.feed.html_to_markdown import escaped
from transfer.importers.feed.items import Linked
from transfer.importers.feed.values import read_start

FEED = Limits(bytes=100 * 1024 * 1024, seconds=300)
LINKED = Limits(bytes=5 * 1024 * 1024, seconds=20)
# A server that failed so often in a row is asked no more: thousands of items may name it.
PATIENCE = 3
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
class Opened:
    """A feed to read: from where, for messages, its address, and what may be asked for its sake."""

    file: BinaryIO
    name: str
    address: str = ""
    allowed: frozenset[str] = frozenset()


@contextmanager
def opened(source: str) -> Iterator[Opened]:
    """The feed of a path or web address. Raises OSError, and what `net.client.get` raises.

    The address is asked whatever network it is in: the one who runs this named it. Only if it is
    in a private one may its own origin be asked for linked files, too.
    """
    if not source.startswith(("http://", "https://")):
        with Path(source).open("rb") as file:
            yield Opened(file, source)
        return
    with TemporaryFile() as file:
        answer = save(source, file, FEED, frozenset([origin(source)]))
        private = frozenset() if is_public(answer.peer) else frozenset([origin(answer.url)])
        yield Opened(file, source, answer.url, private)


@dataclass(slots=True)
class Linker:
    """Fetches what items link, within limits, and gives up on servers that don't answer."""

    allowed: frozenset[str]
    failures: Counter[str] = field(default_factory=Counter)

    def fetch(self, url: str) -> bytes:
        """The file. Raises ValueError or OSError with the reason."""
        place = urlsplit(url).netloc
        if self.failures[place] >= PATIENCE:
            raise OSError("its server failed several times and is asked no more")
        try:
            body = get(url, LINKED, self.allowed).body
        except FetchError:
            self.failures[place] += 1
            raise
        self.failures[place] = 0
        return body

    def chapters(self, linked: Linked) -> tuple[TopicDraft, ...]:
        """The chapters of a Podcasting 2.0 file (chapters/jsonChapters.md). Raises as `fetch`."""
        return read_chapters(self.fetch(linked.url))


def read_chapters(data: bytes) -> tuple[TopicDraft, ...]:
    """Chapters with a title, by their start; those hidden from the table of contents aren't.

    Raises ValueError for what is no such file.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        raise ValueError("it is not JSON") from wrong
    listed = document.get("chapters") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_CHAPTERS:
        raise ValueError(f"it has no list of up to {MOST_CHAPTERS:,} chapters")
    found = [_chapter(chapter) for chapter in listed if isinstance(chapter, dict)]
    return tuple(sorted(filter(None, found), key=lambda topic: topic.seconds))


def _chapter(chapter: dict[str, Any]) -> TopicDraft | None:
    title = chapter.get("title")
    if not isinstance(title, str) or not title.strip() or chapter.get("toc") is False:
        return None
    return TopicDraft(read_start(chapter.get("startTime")), escaped(one_line(title)))


def best_transcript(files: tuple[Linked, ...]) -> tuple[Linked, str] | None:
    """The file to take, with the ending of its format; None where no format is known."""
    for kind, ending in TRANSCRIPTS.items():
        for linked in files:
            if linked.type.partition(";")[0].strip() == kind:
                return linked, ending
    return None
