"""The pages that nginx keeps, read from the files of its cache."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path

# A cache file begins with numbers of nginx's own, then the key on a line, then the answer's head.
HEAD_BYTES = 4096
KEY = re.compile(rb"\nKEY: ([^\n]*)\n")
ETAG = re.compile(rb'\r\nETag: W/"([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]+)-([^"]*)"', re.IGNORECASE)
NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class State:
    """The content a page was made from, as its ETag says (episodes.freshness)."""

    version: int
    changed_at: int  # Unix time in milliseconds
    newest_due: int  # Unix time in seconds
    release: str


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page in nginx's cache. `path` is its address here, with the parameters it is kept under."""

    file: Path
    path: str
    state: State | None

    @property
    def is_moment(self) -> bool:
        """Whether it is one of the thousands of seconds at which an episode can be asked for."""
        return "?t=" in self.path


class Cache:
    """nginx's cache folder. Remembers what it has read: files are replaced, never changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, tuple[tuple[int, int], KeptPage]] = {}

    def page(self, path: str) -> KeptPage | None:
        """The one of this address, if it is kept."""
        name = md5(path.encode(), usedforsecurity=False).hexdigest()
        try:
            return read_page(self.folder / name[-2:] / name)  # levels=2 of proxy_cache_path
        except FileNotFoundError:
            return None

    def pages(self) -> list[KeptPage]:
        """Every page that is kept at this moment."""
        found = {}
        for file in self._files():
            try:
                status = file.stat()
                stamp = (status.st_ino, status.st_mtime_ns)
                known = self._read.get(file.path)
                page = known[1] if known and known[0] == stamp else read_page(Path(file.path))
            except FileNotFoundError:
                continue  # nginx, or a purge of ours, was quicker
            if page:
                found[file.path] = (stamp, page)
        self._read = found
        return [page for _, page in found.values()]

    def _files(self) -> Iterator[os.DirEntry[str]]:
        with os.scandir(self.folder) as folders:
            for folder in folders:
                if not folder.is_dir():
                    continue
                with os.scandir(folder) as files:
                    yield from (file for file in files if NAME.fullmatch(file.name))


def read_page(file: Path) -> KeptPage | None:
    """What is kept in this file; None if nginx hasn't kept a page there."""
    with file.open("rb") as content:
        head = content.read(HEAD_BYTES)
    key = KEY.search(head)
    if not key:
        return None
    etag = ETAG.search(head, key.end())
    return KeptPage(file, key[1].decode(), read_state(etag) if etag else None)


def read_state(etag: re.Match[bytes]) -> State:
    version, changed, newest = (int(part, 16) for part in etag.groups()[:3])
    return State(version, changed, newest, etag[4].decode())
