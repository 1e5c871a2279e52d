"""Reads nginx's log (log_format in deploy/nginx) across rotations, as far as downloads need it.

A file is identified by its first line, wherever it is by now: no two requests have the same time,
machine and request ID. Rotated files, compressed or not, are beside the log, with a suffix.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import islice, takewhile
from os import SEEK_END
from pathlib import Path
from typing import IO, cast
from urllib.parse import unquote

from crawleruseragents import is_crawler  # type: ignore[import-untyped]

BATCH = 5000  # lines
MAX_AGENT = 300  # characters, as in nginx's configuration: matching takes longer with each
# Podcast apps that crawler-user-agents lists because they also fetch feeds.
PODCAST_APPS = re.compile(
    r"Overcast/[\d.]+ \(\+http://overcast\.fm/; [^)]*podcast app\)"
    r"|PocketCasts/(?!.*Feed Parser)"
    r"|Podimo"
)
# Apple Watch fetches what its iPhone has fetched already (the guidelines' section on watchOS).
WATCH = re.compile(r"watchOS|Apple ?Watch", re.IGNORECASE)
# Players test for range support with this before they request audio.
PROBE = re.compile(r"bytes=0-[01]")
# Audio, a part of it, a redirect to it; and what a browser or app has already.
AUDIO = (200, 206, 302)
ANSWERED = (*AUDIO, 304)


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file of a log; `first` is the digest of its first line."""

    path: Path
    first: str

    def is_read(self, offset: int) -> bool:
        """Whether it ends at this offset, without decompressing it."""
        if self.path.suffix != ".gz":
            return self.path.stat().st_size == offset
        with self.path.open("rb") as file:
            file.seek(-4, SEEK_END)
            return int.from_bytes(file.read(4), "little") == offset % 2**32  # RFC 1952, ISIZE


def first_line(path: Path) -> str:
    """The digest of the file's first line; empty while it has none."""
    with opened(path) as file:
        try:
            return digest(file.readline())
        except EOFError:  # it is being compressed
            return ""


def digest(line: bytes) -> str:
    return blake2b(line, digest_size=16).hexdigest() if line.endswith(b"\n") else ""


def opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def files_of(path: Path) -> list[LogFile]:
    """The log's files, oldest first, each once. Raises OSError.

    The log itself may be missing for the moment between being moved away and reopened.
    """
    rotated = [file for file in path.parent.glob(f"{path.name}?*") if file.is_file()]
    paths = [*rotated, path] if path.exists() or not rotated else rotated
    found: dict[str, LogFile] = {}
    for each in sorted(paths, key=lambda each: each.suffix == ".gz"):
        first = first_line(each)
        if first and first not in found:  # else it is being compressed beside the original
            found[first] = LogFile(each, first)
    return sorted(found.values(), key=lambda file: (file.path == path, file.path.stat().st_mtime))


def unread(file: LogFile, offset: int) -> Iterator[tuple[list[bytes], int]]:
    """Batches of the lines after the uncompressed offset, with the next one. Raises OSError."""
    with opened(file.path) as stream:
        if digest(stream.readline()) != file.first:
            raise FileNotFoundError(f"{file.path} is another file now; the next run finds both.")
        stream.seek(offset)
        while lines := complete_lines(stream):
            offset += sum(map(len, lines))
            yield lines, offset


def complete_lines(stream: IO[bytes]) -> list[bytes]:
    """The next lines; one that is still being written is left for later."""
    lines = islice(stream, BATCH)
    return list(takewhile(lambda line: line.endswith(b"\n"), lines))


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A GET that was answered. `sent` is in bytes; `referrer` is a host, or empty."""

    at: datetime
    address: str
    agent: str
    path: str
    query: str
    status: int
    sent: int
    range: str
    referrer: str

    @property
    def may_be_audio(self) -> bool:
        """Whether it may be a listener's by all but its path and user agent."""
        return self.status in AUDIO and bool(self.address) and not PROBE.fullmatch(self.range)


class UnreadableLine(ValueError):
    """Why a line isn't in our format."""


def parse_line(line: bytes) -> LoggedRequest | None:
    """The request, if it is a GET that was answered, but no prefetch. Raises UnreadableLine."""
    try:
        values = json.loads(line.decode("utf-8", "replace"))
        path, _, query = values["uri"].partition("?")
        request = LoggedRequest(
            at=datetime.fromisoformat(values["at"]),
            address=values["address"],
            agent=values["agent"][:MAX_AGENT],
            path=unquote(path),
            query=query,
            status=int(values["status"]),
            sent=int(values["bytes"]),
            range=values["range"],
            referrer=values.get("referrer", "").lower(),
        )
        is_prefetch = "prefetch" in values.get("purpose", "")
        is_get = values["method"] == "GET"
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableLine(f"{type(error).__name__}: {error}") from error
    if not is_get or is_prefetch or request.status not in ANSWERED:
        return None
    return request


@lru_cache(maxsize=1024)
def is_listener(agent: str) -> bool:
    """Whether a program with this user agent plays audio to a person."""
    if not agent or WATCH.search(agent):
        return False
    return bool(PODCAST_APPS.search(agent)) or not is_crawler(agent)
