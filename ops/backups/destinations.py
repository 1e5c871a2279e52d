"""Where backups lie: a folder, such as another machine's disk, or a bucket."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.files import File

from media.bucket import Bucket
from ops.backups.errors import BackupError

BLOCK = 1024 * 1024
UNFINISHED = ".unfinished-"
PRIVATE = 0o600  # a backup holds everything: drafts, accounts, sessions
HOW_TO_NAME = "file:///srv/backups for a folder, s3://bucket/prefix for a bucket"


class Sum:
    """Takes bytes, passes them on, and knows their SHA-256 and how many they were."""

    def __init__(self, target: IO[bytes] | None = None) -> None:
        self.target, self.size = target, 0
        self._digest = hashlib.sha256()

    def write(self, block: bytes) -> int:
        self._digest.update(block)
        self.size += len(block)
        if self.target:
            self.target.write(block)
        return len(block)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Place(Protocol):
    """Holds files by name. All methods raise OSError."""

    def sizes(self, below: str) -> dict[str, int]:
        """The bytes of each file whose name begins so."""

    def read(self, name: str, into: Sum) -> None:
        """Raises FileNotFoundError, too."""

    def put(self, path: Path, name: str) -> None:
        """Take a file of the workspace, whole or not at all, instead of what had its name."""

    def delete(self, names: Iterable[str]) -> None: ...

    def workspace(self) -> AbstractContextManager[Path]:
        """A folder for what isn't finished; it goes with what is left in it."""


class Folder:
    """A folder that is there already: made now, it could be below a disk that isn't mounted."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise BackupError(
                f"The folder {root} of BACKUP_URL isn't there. Mount its disk, or make it: "
                f"mkdir -p -m 700 {root}"
            )
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def sizes(self, below: str) -> dict[str, int]:
        paths = (path for path in (self.root / below).rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.stat().st_size for path in paths}

    def read(self, name: str, into: Sum) -> None:
        with (self.root / name).open("rb") as file:
            shutil.copyfileobj(file, into, BLOCK)

    def put(self, path: Path, name: str) -> None:
        target = self.root / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(PRIVATE)
        _to_disk(path)
        path.replace(target)
        _to_disk(target.parent)

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            path = self.root / name
            path.unlink(missing_ok=True)
            if not any(path.parent.iterdir()):
                path.parent.rmdir()

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        # Only one works here at a time (ops.backups.postgres.alone): the others were killed.
        for left in self.root.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
        folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=self.root))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class S3:
    """A bucket's objects below a prefix. An object is there whole or not at all."""

    def __init__(self, bucket: str, prefix: str) -> None:
        given = {name: value for name, value in settings.BACKUP_S3.items() if value}
        self.bucket = Bucket(
            bucket_name=bucket, location=prefix, file_overwrite=True, object_parameters={}, **given
        )
        self.name = f"s3://{bucket}/{prefix}"

    def __str__(self) -> str:
        return self.name

    def sizes(self, below: str) -> dict[str, int]:
        return {file.name: file.size for file in self.bucket.listing(below)}

    def read(self, name: str, into: Sum) -> None:
        self.bucket.fetch(name, into)

    def put(self, path: Path, name: str) -> None:
        with path.open("rb") as file:
            self.bucket.save(name, File(file, name=name))
        path.unlink()

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            self.bucket.delete(name)

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="backup-") as folder:
            yield Path(folder)


def place() -> Place:
    """The one of BACKUP_URL. Raises BackupError where it names none that is there."""
    url = settings.BACKUP_URL
    if not url:
        raise BackupError(f"BACKUP_URL is not set. It says where backups go: {HOW_TO_NAME}.")
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.scheme == "file" and not parts.netloc and path.strip("/"):
        return Folder(Path(path))
    if parts.scheme == "s3" and parts.netloc:
        return S3(parts.netloc, path.strip("/"))
    raise BackupError(f"BACKUP_URL is “{url}”, which names no place: {HOW_TO_NAME}.")


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
