"""The pages in nginx's cache, read from the files of proxy_cache."""

import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from typing import IO

from caching.version import PageVersion
from episodes.rules.paths import SUFFIXES

# A cache file begins with nginx's own numbers, then the key on a line, then the response's head.
HEAD_BYTES = 4096
KEY = re.compile(rb"\nKEY: ([^\n]*)\n")
# Its fourth part, the settings, doesn't matter here: they change while the invalidator is away.
ETAG = re.compile(
    rb'\r\nETag: W/"([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]+)-[0-9a-f]*-([^"]*)"', re.IGNORECASE
)
NAME = re.compile(r"[0-9a-f]{32}")
# The endings of an episode's own pages. Any other address may show any episode.
ENDINGS = ("", *SUFFIXES)
OWN_PAGE = re.compile(
    rf"/((?:podcast|interviews)/[^/.?]+)(?:{'|'.join(map(re.escape, ENDINGS))})(?:\?.*)?"
)
MTIME_GRANULARITY = 2_000_000_000  # nanoseconds: some file systems count in whole seconds


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A page in nginx's cache. `path` is its cache key: its address with the parameters that count.

    `episode`: whose own page it is, such as `podcast/37-a-real-estate-system`.
    """

    file: Path
    path: str
    version: PageVersion | None
    episode: str | None = None

    @property
    def is_moment(self) -> bool:
        """Whether this page shows one of an episode's thousands of moments."""
        return "?t=" in self.path


class NginxCache:
    """nginx's cache folder. Rereads only the subfolders whose files have changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._scanned: dict[str, ScannedFolder] = {}

    def page(self, path: str) -> CachedPage | None:
        """The page of this address, if it is cached."""
        name = md5(path.encode(), usedforsecurity=False).hexdigest()
        try:
            return read_page(self.folder / name[-2:] / name)  # levels=2 of proxy_cache_path
        except FileNotFoundError:
            return None

    def pages(self) -> list[CachedPage]:
        with os.scandir(self.folder) as folders:
            paths = [folder.path for folder in folders if folder.is_dir()]
        self._scanned = {path: scan(path, self._scanned.get(path)) for path in paths}
        scanned = self._scanned.values()
        return [page for folder in scanned for _, page in folder.files.values() if page]


@dataclass(frozen=True, slots=True)
class ScannedFolder:
    """A subfolder of the cache: each file's inode and time, and its page.

    `changed`: the folder's time of modification in nanoseconds. None while it is so recent that
    another file may still be written at what the file system's clock calls the same time.
    """

    changed: int | None
    files: dict[str, tuple[tuple[int, int], CachedPage | None]]


def scan(path: str, before: ScannedFolder | None) -> ScannedFolder:
    """Read the files that are new; nginx replaces files and never changes them."""
    changed = os.stat(path).st_mtime_ns
    if before and before.changed == changed:
        return before
    is_settled = time.time_ns() - changed > MTIME_GRANULARITY
    scanned = ScannedFolder(changed if is_settled else None, {})
    share_folder(Path(path))
    with os.scandir(path) as files:
        for file in files:
            if not NAME.fullmatch(file.name):
                continue
            with suppress(FileNotFoundError):  # removed by nginx, or by a purge
                status = file.stat()
                stamp = (status.st_ino, status.st_mtime_ns)
                entry = before.files.get(file.name) if before else None
                if not entry or entry[0] != stamp:
                    entry = (stamp, read_page(Path(file.path)))
                scanned.files[file.name] = entry
    return scanned


def share_folder(folder: Path) -> None:
    """nginx creates folders with mode 700. An invalidator of another user lets its group in."""
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        folder.chmod(0o770)


def open_file(file: Path) -> IO[bytes]:
    """nginx creates files with mode 600. Nobody else gets into the cache folder."""
    try:
        return file.open("rb")
    except PermissionError:
        share_folder(file.parent)
        file.chmod(0o644)
        return file.open("rb")


def read_page(file: Path) -> CachedPage | None:
    """The page in this file; None if nginx has written no page there."""
    with open_file(file) as content:
        head = content.read(HEAD_BYTES)
    key = KEY.search(head)
    if not key:
        return None
    path = key[1].decode()
    etag = ETAG.search(head, key.end())
    return CachedPage(file, path, version_of(etag) if etag else None, episode_of(path))


def episode_of(path: str) -> str | None:
    own = OWN_PAGE.fullmatch(path)
    return own[1] if own else None


def version_of(etag: re.Match[bytes]) -> PageVersion:
    number, changed, newest = (int(part, 16) for part in etag.groups()[:3])
    return PageVersion(number, changed, newest, etag[4].decode())
