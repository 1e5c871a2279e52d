"""Reads the files of nginx's log across rotations. No Django: podcast/tick.py does it, too.

A file is identified by its first line, wherever it is by now: no two requests have the same time,
machine and request ID. Rotated files, compressed or not, are beside the log, with a suffix.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice, takewhile
from os import SEEK_END
from pathlib import Path
from typing import IO, cast

BATCH = 5000  # lines


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
