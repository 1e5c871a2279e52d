"""Where backups are stored: a folder, such as another machine's disk, or a bucket."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.files import File
from django.utils.module_loading import import_string

from ops.backups.errors import BackupError

BLOCK = 1024 * 1024
UNFINISHED = ".unfinished-"
PRIVATE = 0o600  # a backup holds drafts, accounts and sessions
EXAMPLES = "file:///srv/backups for a folder, s3://bucket/prefix for a bucket"


class HashingWriter:
    """Counts and hashes what is written, and passes it on to `target`."""

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


class FolderDestination:
    """An existing folder. It isn't made: its disk may not be mounted just now.

    Destinations store files by name. All methods raise OSError, `read` FileNotFoundError, too.
    """

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise BackupError(
                f"The folder {root} of BACKUP_URL doesn't exist. Mount its disk, or make it: "
                f"mkdir -p -m 700 {root}"
            )
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def sizes(self, prefix: str) -> dict[str, int]:
        """The size in bytes of each file whose name begins with the prefix."""
        paths = (path for path in (self.root / prefix).rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.stat().st_size for path in paths}

    def read(self, name: str, into: HashingWriter) -> None:
        with (self.root / name).open("rb") as file:
            shutil.copyfileobj(file, into, BLOCK)

    def put(self, path: Path, name: str) -> None:
        """Move a file out of the workspace; it replaces one of the same name atomically."""
        target = self.root / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(PRIVATE)
        _sync(path)
        path.replace(target)
        _sync(target.parent)

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            path = self.root / name
            path.unlink(missing_ok=True)
            if not any(path.parent.iterdir()):
                path.parent.rmdir()

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """A folder for unfinished files, which is removed with them."""
        # Left by killed runs: only one runs at a time (ops.backups.postgres.exclusive).
        for left in self.root.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(
            prefix=UNFINISHED, dir=self.root, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)


class S3Destination:
    """The objects of a bucket below a prefix; S3 writes them atomically."""

    def __init__(self, bucket: str, prefix: str) -> None:
        options = {name: value for name, value in settings.BACKUP_S3.items() if value}
        bucket_class = import_string("media.bucket.Bucket")  # S3's client costs 9 MB of memory
        self.bucket = bucket_class(
            bucket_name=bucket, location=prefix, file_overwrite=True, object_parameters={},
            **options,
        )  # fmt: skip
        self.name = f"s3://{bucket}/{prefix}"

    def __str__(self) -> str:
        return self.name

    def sizes(self, prefix: str) -> dict[str, int]:
        return {file.name: file.size for file in self.bucket.listing(prefix)}

    def read(self, name: str, into: HashingWriter) -> None:
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


Destination = FolderDestination | S3Destination


def destination() -> Destination:
    """The destination of BACKUP_URL. Raises BackupError if there is none."""
    url = settings.BACKUP_URL
    if not url:
        raise BackupError(f"BACKUP_URL is not set. It says where backups go: {EXAMPLES}.")
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.scheme == "file" and not parts.netloc and path.strip("/"):
        return FolderDestination(Path(path))
    if parts.scheme == "s3" and parts.netloc:
        return S3Destination(parts.netloc, path.strip("/"))
    raise BackupError(f"BACKUP_URL is “{url}”, which isn't a destination: {EXAMPLES}.")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
