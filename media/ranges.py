"""Parts of files by HTTP ranges (RFC 9110, section 14), so that players can seek."""

import re
import threading
from collections.abc import Iterator
from typing import BinaryIO

BLOCK = 64 * 1024
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


class Unsatisfiable(ValueError):
    """The file has no byte in the range asked for."""


def requested_range(header: str, size: int) -> range | None:
    """The positions a Range header asks for; None: the whole file. Raises Unsatisfiable."""
    match = RANGE.fullmatch(header.strip(" \t,"))
    if match is None:
        return None
    first, last = (int(digits) if digits else None for digits in match.groups())
    if first is None:  # `bytes=-500` asks for the last 500
        if last == 0:
            raise Unsatisfiable
        return range(max(0, size - last), size) if last and size else None
    if last is not None and last < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return range(first, size if last is None else min(last + 1, size))


class Blocks:
    """Blocks of a file's bytes. Closing frees `slot`, even unread; a generator would not."""

    def __init__(
        self, file: BinaryIO, positions: range, slot: threading.Semaphore | None = None
    ) -> None:
        self.file = file
        self.left = len(positions)
        self.slot = slot
        file.seek(positions.start)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        block = self.file.read(min(BLOCK, self.left))
        if not block:
            raise StopIteration
        self.left -= len(block)
        return block

    def close(self) -> None:
        self.file.close()
        if self.slot:
            self.slot.release()
            self.slot = None
