"""Storages: static files hashed and compressed, audio under unguessable keys."""

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol
from urllib.parse import unquote

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# We never store other bytes under the same name.
IMMUTABLE = "public, max-age=31536000, immutable"
# Static files of our own: others' comments may be their licences.
OWN_HASHED = re.compile(r"(?:css|js)/[^/]+\.[0-9a-f]{12}\.(?:css|js)")
COMMENT = re.compile(rb"^[ \t]*/\*.*?\*/[ \t]*\n?", re.DOTALL | re.MULTILINE)
# At a line's end; what a quote follows may be within a text.
LINE_COMMENT = re.compile(rb"[ \t]+//[ \t][^\n\"`]*$", re.MULTILINE)
# The folder for images that the Jekyll import stored; texts name them, no column does.
PICTURES = "pictures/"
# A file's name begins so while it is being written; the second is a former release's.
UNFINISHED = (".unfinished-", ".putting-back-")


class Writes(Protocol):
    """A file, or another object that takes bytes."""

    def write(self, block: bytes, /) -> int: ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file; `modified` differs when other bytes were stored under its name."""

    name: str
    size: int  # bytes
    modified: str


class AtomicWrites(FileSystemStorage):
    """Stores a file under its name once it is complete; a failed write leaves nothing."""

    def _save(self, name: str, content: File) -> str:
        draft = str(PurePosixPath(name).with_name(UNFINISHED[0] + secrets.token_hex(8)))
        path = Path(self.path(draft))
        try:
            super()._save(draft, content)  # type: ignore[misc]
            name = self._reserve(name)
            path.replace(self.path(name))
        finally:
            path.unlink(missing_ok=True)
        return name

    def _reserve(self, name: str) -> str:
        """Take the name, or one like it that is free, for this file alone."""
        while True:
            try:
                Path(self.path(name)).touch(exist_ok=False)
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name


class HashedStaticFiles(AtomicWrites, CompressedManifestStaticFilesStorage):
    # Our ES modules import each other by relative path; hash those paths too.
    support_js_module_import_aggregation = True
    # A pass may renew only one module of a chain of imports; most files need few.
    max_post_process_passes = 50

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: dict[str, str] = {}

    def compress_files(self, paths: Collection[str]) -> Iterator[tuple[str, str]]:
        """Also without our comments, in hashed files only: hashes are of the sources."""
        for name in paths:
            if OWN_HASHED.fullmatch(name):
                content = ContentFile(without_comments(Path(self.path(name)).read_bytes()))
                self.delete(name)
                self._save(name, content)
        return super().compress_files(paths)

    def url(self, name: str | None, force: bool = False) -> str:
        """A file's address, cached for the process. Raises ValueError for what wasn't collected."""
        name = name or ""
        if force or name not in self.known:
            self.known[name] = super().url(name, force)  # type: ignore[call-arg]
        return self.known[name]


def without_comments(source: bytes) -> bytes:
    """Our CSS or JavaScript without the comments that begin or end a line: a sixth of the bytes."""
    return LINE_COMMENT.sub(b"", COMMENT.sub(b"", source))


def copy_within(name: str, to: str) -> str:
    """Store a stored file under another name too; that name. Raises FileNotFoundError, OSError."""
    copy = getattr(default_storage, "copy", None)  # buckets need not send us the bytes
    if copy:
        return copy(name, to)
    with default_storage.open(name) as content:
        return default_storage.save(to, content)


def copy_out(name: str, file: Writes) -> None:
    """Write a stored file into another, block by block; follows no link.

    Raises FileNotFoundError, OSError.
    """
    fetch = getattr(default_storage, "fetch", None)  # a bucket's own files would come into memory
    if fetch:
        fetch(name, file)
        return
    with _opened(name) as content:
        shutil.copyfileobj(content, file)


def _opened(name: str) -> BinaryIO:
    """A stored file. The folder belongs to the site, and backups are made with more rights: a link
    could lead to what the site can't read, and a pipe would never end.
    """
    root = Path(default_storage.path(""))
    opened = os.open(root, os.O_RDONLY)
    try:
        for part in Path(default_storage.path(name)).relative_to(root).parts:
            inner = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=opened)
            os.close(opened)
            opened = inner
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise FileNotFoundError(errno.ENOENT, "No ordinary file", name)
    except OSError as error:
        os.close(opened)
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise FileNotFoundError(errno.ENOENT, "Leads out of the storage", name) from error
        raise
    return os.fdopen(opened, "rb")


def listing(below: str = "") -> Iterator[StoredFile]:
    """Every stored file, or those in a folder such as `audio/`; no links. Raises OSError."""
    of_bucket = getattr(default_storage, "listing", None)  # would ask once for each file
    if of_bucket:
        return of_bucket(below)
    return (file for file in _walk(below) if not _is_unfinished(file))


def unfinished() -> Iterator[StoredFile]:
    """What killed writes have left, or others are writing now. Raises OSError."""
    if hasattr(default_storage, "listing"):  # a bucket's object is whole or not there
        return iter(())
    return filter(_is_unfinished, _walk(""))


def _is_unfinished(file: StoredFile) -> bool:
    return file.name.rpartition("/")[2].startswith(UNFINISHED)


def _walk(below: str) -> Iterator[StoredFile]:
    root = Path(default_storage.path(""))
    for folder, _, names in os.walk(root / below):
        for path in (Path(folder, name) for name in names):
            try:
                found = path.lstat()
            except FileNotFoundError:  # removed meanwhile
                continue
            if not stat.S_ISREG(found.st_mode):
                continue
            name = path.relative_to(root).as_posix()
            yield StoredFile(name, found.st_size, str(found.st_mtime_ns))


def restore_file(name: str, source: Path) -> None:
    """Store a file under exactly this name. Raises FileExistsError and OSError."""
    if default_storage.exists(name):
        raise FileExistsError(f"There is a stored file “{name}”.")
    save_file(source, name)


def save_file(source: Path, name: str) -> str:
    """The name it was stored under. Raises OSError."""
    with source.open("rb") as content:
        return default_storage.save(name, File(content))


def stored_picture(address: str) -> str:
    """The name of a picture that a text shows by this address; empty for any other address."""
    base = default_storage.url("x").removesuffix("x")
    name = unquote(address.removeprefix(base)) if address.startswith(base) else ""
    return name if name.startswith(PICTURES) and ".." not in name else ""


def audio_key(enclosure: Any, filename: str) -> str:
    """Where audio is stored: nobody finds a draft's, and caches never hold what was replaced."""
    return f"audio/{secrets.token_hex(16)}/{enclosure.name or filename}"


def guest_photo_key(guest: Any, filename: str) -> str:
    """Where a guest's photo is stored: nobody finds that of a draft's guest."""
    return f"guests/{secrets.token_hex(16)}/{filename}"


def episode_image_key(episode: Any, filename: str) -> str:
    """Where an episode's image is stored: nobody finds a draft's."""
    return f"episodes/{secrets.token_hex(16)}/{filename}"
