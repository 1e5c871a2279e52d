"""The log as a stream that goes on where it was left, also after it was rotated.

A file is known by its first line, wherever it lies by now: it says when, on which machine and by
what number something was asked, and no other does so. A rotated one, compressed or not, lies beside
the log and is called like it with something behind.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from os import SEEK_END
from pathlib import Path
from typing import IO, cast

BATCH = 5000  # lines


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file of a log; `first` is what it is known by."""

    path: Path
    first: str

    @property
    def written(self) -> float:
        """When it last was, in seconds."""
        return self.path.stat().st_mtime

    def is_read(self, offset: int) -> bool:
        """Whether there is nothing behind this offset, without unpacking a compressed one."""
        if self.path.suffix != ".gz":
            return self.path.stat().st_size == offset
        with self.path.open("rb") as file:
            file.seek(-4, SEEK_END)
            return int.from_bytes(file.read(4), "little") == offset % 2**32  # RFC 1952, ISIZE


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines, and how far the file has been read, in bytes uncompressed, with them."""

    lines: list[bytes]
    after: int


def first_line(path: Path) -> str:
    """What the file is known by; empty while it has no whole line."""
    with opened(path) as file:
        try:
            return digest(file.readline())
        except EOFError:  # it is being compressed
            return ""


def digest(line: bytes) -> str:
    return blake2b(line, digest_size=16).hexdigest() if line.endswith(b"\n") else ""


def opened(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast(IO[bytes], gzip.open(path))
    return path.open("rb")


def files_of(path: Path) -> list[LogFile]:
    """The log's files, oldest first, each once. Raises OSError.

    The log itself may be missing for the moment between being moved away and begun anew.
    """
    beside = [file for file in path.parent.glob(f"{path.name}?*") if file.is_file()]
    paths = [*beside, path] if path.exists() or not beside else beside
    found: dict[str, LogFile] = {}
    for each in sorted(paths, key=lambda each: each.suffix == ".gz"):
        first = first_line(each)
        if first and first not in found:  # else it is a file's copy that is being compressed
            found[first] = LogFile(each, first)
    return sorted(found.values(), key=lambda file: (file.path == path, file.written))


def unread(file: LogFile, offset: int) -> Iterator[Batch]:
    """What the file holds behind the offset, in batches. Raises OSError."""
    with opened(file.path) as stream:
        if digest(stream.readline()) != file.first:
            raise FileNotFoundError(f"{file.path} is another file by now; the next run finds both.")
        stream.seek(offset)
        while lines := whole_lines(stream):
            offset += sum(map(len, lines))
            yield Batch(lines, offset)


def whole_lines(stream: IO[bytes]) -> list[bytes]:
    """The next ones; one that is still being written is left for later."""
    lines = []
    for line in stream:
        if not line.endswith(b"\n"):
            break
        lines.append(line)
        if len(lines) == BATCH:
            break
    return lines
