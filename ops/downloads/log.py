"""The log as a stream that goes on where it was left, also after it was rotated.

A file is known by its first line, which nginx gives a random number. A rotated one, compressed or
not, lies beside the log and is called like it with something behind.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, cast

BATCH = 5000  # lines


@dataclass(frozen=True, slots=True)
class Place:
    """How far a log was read: bytes, uncompressed, of the file that begins with this line."""

    first: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines, and how far the log has been read when they are dealt with."""

    lines: list[bytes]
    after: Place


class LostLog(Exception):
    """The file that was being read is gone, and with it what it held further down."""


def first_line(path: Path) -> str:
    """What the file is known by; empty while it has no whole line."""
    with opened(path) as file:
        line = file.readline()
    return blake2b(line, digest_size=16).hexdigest() if line.endswith(b"\n") else ""


def opened(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast(IO[bytes], gzip.open(path))
    return path.open("rb")


def files_since(path: Path, place: Place) -> list[Path]:
    """The files to read, oldest first. Raises LostLog, OSError.

    The log itself may be missing for the moment between being moved away and begun anew.
    """
    if not place.first or (path.exists() and first_line(path) == place.first):
        return [path]
    rotated = sorted(
        (file for file in path.parent.glob(f"{path.name}?*") if file.is_file()),
        key=lambda file: file.stat().st_mtime,
    )
    for number, file in enumerate(rotated):
        if first_line(file) == place.first:
            return [*rotated[number:], *([path] if path.exists() else [])]
    raise LostLog(f"None of {path}* is the file that was read up to byte {place.offset}.")


def unread(path: Path, place: Place) -> Iterator[Batch]:
    """What was written since, in batches. Raises LostLog, OSError."""
    for file in files_since(path, place):
        first = first_line(file)
        if not first:
            continue
        offset = place.offset if first == place.first else 0
        with opened(file) as stream:
            stream.seek(offset)
            while lines := whole_lines(stream):
                offset += sum(map(len, lines))
                yield Batch(lines, Place(first, offset))


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
