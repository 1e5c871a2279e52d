"""A file on the web, read in parts by range requests (RFC 9110, section 14)."""

import io
import re
import time

from net.client import Failed, part

BLOCK = 64 * 1024
# Reading goes to a few places. Give up on servers that send too slowly.
MOST_REQUESTS = 24
MOST_SECONDS = 15.0
TOTAL = re.compile(r"bytes \d+-\d+/(\d{1,15})", re.ASCII)
PARTIAL = 206


class RemoteFile(io.RawIOBase):
    """Read and seek; `size` is the file's in bytes. Raises the errors of `net.client.get`."""

    def __init__(self, url: str, allowed: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.url, self.allowed = url, allowed
        self.position = 0
        self.requests = 0
        self.deadline = time.monotonic() + MOST_SECONDS
        self.block_start, self.block, self.size = 0, b"", BLOCK
        self.size = self._fetch(0)

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        self.position = max(0, base + offset)
        return self.position

    def read(self, size: int = -1) -> bytes:
        end = self.size if size < 0 else min(self.size, self.position + size)
        found = b""
        while self.position < end:
            inside = self.position - self.block_start
            if not 0 <= inside < len(self.block):
                self._fetch(self.position)
                continue
            piece = self.block[inside : inside + end - self.position]
            found += piece
            self.position += len(piece)
        return found

    def _fetch(self, start: int) -> int:
        """Read the block that begins there; the file's size."""
        self.requests += 1
        left = self.deadline - time.monotonic()
        if self.requests > MOST_REQUESTS or left <= 0:
            raise Failed("Reading this file takes too long.")
        stop = min(start + BLOCK, self.size)
        answer = part(self.url, range(start, stop), left, self.allowed)
        total = TOTAL.fullmatch(answer.headers.get("content-range", ""))
        if answer.status != PARTIAL or total is None or not answer.body:
            raise Failed("The server does not send parts of files, so this one can’t be read.")
        self.block_start, self.block = start, answer.body
        return int(total[1])
