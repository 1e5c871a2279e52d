"""A disk that is soon full, and other ways in which a write fails."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

MEGABYTE = 1024**2


@contextmanager
def small_disk(folder: Path, size: int = MEGABYTE) -> Iterator[Path]:
    """A file system of this many bytes; skips the test where nobody may mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


class EndlessFile(ContentFile):
    """Content during which the disk gets full."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield bytes(MEGABYTE)
        raise OSError(errno.ENOSPC, "No space left on device")


def free(disk: Path) -> int:
    """Bytes."""
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize


def files_of(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in paths)
