"""The pages that nginx keeps, read from the files of its cache."""

import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path

# A cache file begins with numbers of nginx's own, then the key on a line, then the answer's head.
HEAD_BYTES = 4096
KEY = re.compile(rb"\nKEY: ([^\n]*)\n")
ETAG = re.compile(rb'\r\nETag: W/"([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]+)-([^"]*)"', re.IGNORECASE)
NAME = re.compile(r"[0-9a-f]{32}")
# How addresses of an episode's own pages end. Whatever else the site has may show any episode.
ENDS = (
    "", ".md", "/chapters.json", "/embed", "/transcript", "/transcript.json", "/transcript.vtt"
)  # fmt: skip
OWN_PAGE = re.compile(
    rf"/((?:podcast|interviews)/[^/.?]+)(?:{'|'.join(map(re.escape, ENDS))})(?:\?.*)?"
)
# Nanoseconds after which a file system's clock has moved: some count in whole seconds.
TICK = 2_000_000_000


@dataclass(frozen=True, slots=True)
class State:
    """The content a page was made from, as its ETag says (caching.http)."""

    version: int
    changed_at: int  # Unix time in milliseconds
    newest_due: int  # Unix time in seconds
    release: str


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A page in nginx's cache. `path` is its address here, with the parameters it is kept under.

    `episode`: whose own page it is, such as `podcast/37-a-real-estate-system`.
    """

    file: Path
    path: str
    state: State | None
    episode: str | None = None

    @property
    def is_moment(self) -> bool:
        """Whether it is one of the thousands of seconds at which an episode can be asked for."""
        return "?t=" in self.path


class Cache:
    """nginx's cache folder. Remembers what it has read, and reads where files came or went."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, Folder] = {}

    def page(self, path: str) -> CachedPage | None:
        """The one of this address, if it is kept."""
        name = md5(path.encode(), usedforsecurity=False).hexdigest()
        try:
            return read_page(self.folder / name[-2:] / name)  # levels=2 of proxy_cache_path
        except FileNotFoundError:
            return None

    def pages(self) -> list[CachedPage]:
        """Every page that is kept at this moment."""
        with os.scandir(self.folder) as folders:
            paths = [folder.path for folder in folders if folder.is_dir()]
        self._read = {path: read_folder(path, self._read.get(path)) for path in paths}
        return [page for folder in self._read.values() for _, page in folder.files.values() if page]


@dataclass(frozen=True, slots=True)
class Folder:
    """One of the cache's folders as it was read, and each file with what tells it from another.

    `changed`: when a file last came or went, in nanoseconds of Unix time; None: just now, so that
    another may still come at what the file system's clock calls the same moment.
    """

    changed: int | None
    files: dict[str, tuple[tuple[int, int], CachedPage | None]]


def read_folder(path: str, before: Folder | None) -> Folder:
    """What is in it now. Files are replaced, never changed: only new ones are read."""
    changed = os.stat(path).st_mtime_ns
    if before and before.changed == changed:
        return before
    is_settled = time.time_ns() - changed > TICK
    read = Folder(changed if is_settled else None, {})
    with os.scandir(path) as files:
        for file in files:
            if not NAME.fullmatch(file.name):
                continue
            with suppress(FileNotFoundError):  # nginx, or a purge of ours, was quicker
                status = file.stat()
                stamp = (status.st_ino, status.st_mtime_ns)
                known = before.files.get(file.name) if before else None
                if not known or known[0] != stamp:
                    known = (stamp, read_page(Path(file.path)))
                read.files[file.name] = known
    return read


def read_page(file: Path) -> CachedPage | None:
    """What is kept in this file; None if nginx hasn't kept a page there."""
    with file.open("rb") as content:
        head = content.read(HEAD_BYTES)
    key = KEY.search(head)
    if not key:
        return None
    path = key[1].decode()
    etag = ETAG.search(head, key.end())
    return CachedPage(file, path, read_state(etag) if etag else None, episode_of(path))


def episode_of(path: str) -> str | None:
    own = OWN_PAGE.fullmatch(path)
    return own[1] if own else None


def read_state(etag: re.Match[bytes]) -> State:
    version, changed, newest = (int(part, 16) for part in etag.groups()[:3])
    return State(version, changed, newest, etag[4].decode())
