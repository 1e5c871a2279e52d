"""The output folder of an export or a frozen copy: it is replaced completely, or not at all.

`SHA256SUMS` names each file with its checksum; `sha256sum -c SHA256SUMS` proves the copy. Files
that it doesn't name, such as `.git`, belong to the host and stay.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.storage import default_storage
from django.core.management.base import CommandError

MANIFEST = "SHA256SUMS"
# Names the new files while an earlier export is being replaced.
REPLACING = "SHA256SUMS.new"
# Begins the names of the folder in which new files wait.
NEW = ".podcast-new-"
LINE = re.compile(r"([0-9a-f]{64})  (.+)")
MEDIA = "media"
BLOCK = 1024 * 1024


class FolderRefused(CommandError):
    """A folder that an export must not touch; the message says why."""


def read_manifest(path: Path) -> dict[str, str]:
    """Checksums by path within the folder. Empty where there is no such file."""
    try:
        text = path.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    found = (LINE.fullmatch(line) for line in text.split("\n"))
    return {match[2]: match[1] for match in found if match}


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_folder(folder: Path, marker: str) -> None:
    """Raises FolderRefused unless the folder is new, empty, or an earlier copy that nobody edited.

    Every copy of this kind has a file named `marker`.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if marker in read_manifest(folder / REPLACING):  # a replacement was interrupted here
        return
    sums = read_manifest(folder / MANIFEST)
    if marker not in sums:
        raise FolderRefused(f"{folder} is not empty and no earlier copy; name a new folder.")
    for name, expected in sums.items():
        path = folder / name
        if not name.startswith(f"{MEDIA}/") and path.is_file() and checksum(path) != expected:
            raise FolderRefused(
                f"{path} was edited since. To keep the edit, import the export or copy the file; "
                "then delete the file. Or name a new folder."
            )


@contextmanager
def replaced_folder(folder: Path, marker: str) -> Iterator["Writer"]:
    """A writer of a temporary folder, which replaces this one at the end or is deleted.

    It is within a folder that is there, whose parent may be another user's or on another disk.
    """
    for left in folder.glob(f"{NEW}*"):  # by a killed command, with all that it had written
        shutil.rmtree(left)
    check_folder(folder, marker)
    folder.parent.mkdir(parents=True, exist_ok=True)
    place = folder if folder.exists() else folder.parent
    new = Path(tempfile.mkdtemp(prefix=NEW, dir=place))
    try:
        writer = Writer(new, folder)
        yield writer
        lines = [f"{writer.sums[name]}  {name}\n" for name in sorted(writer.sums)]
        (new / MANIFEST).write_text("".join(lines), encoding="utf-8", newline="\n")
        _replace(folder, new, writer.sums)
    finally:
        shutil.rmtree(new, ignore_errors=True)


class Writer:
    """Writes files and records their checksums."""

    def __init__(self, root: Path, earlier: Path) -> None:
        self.root, self.earlier = root, earlier
        self.sums: dict[str, str] = {}
        self.earlier_sums = read_manifest(earlier / MANIFEST)

    def text(self, name: str, text: str) -> None:
        self.blocks(name, [text.encode()])

    def blocks(self, name: str, blocks: Iterable[bytes]) -> Path:
        """Write a file of any size block by block; its path."""
        path, digest = self._make_path(name), hashlib.sha256()
        with path.open("wb") as file:
            for block in blocks:
                digest.update(block)
                file.write(block)
        self.sums[name] = digest.hexdigest()
        return path

    def stored(self, name: str, stored_name: str) -> None:
        """Copy a file of the storage, or link the earlier export's, if it has the same size.

        Raises FileNotFoundError, and SuspiciousFileOperation.
        """
        if self._reuse(name, default_storage.size(stored_name)):
            return
        with default_storage.open(stored_name) as source:
            self.blocks(name, source.chunks(BLOCK))

    def again(self, name: str, written: str) -> None:
        """Write a written file under a second name, too; it takes no further room on most disks."""
        path, target = self.root / written, self._make_path(name)
        try:
            os.link(path, target)
        except OSError:  # a disk without hard links
            shutil.copyfile(path, target)
        self.sums[name] = self.sums[written]

    def _reuse(self, name: str, size: int) -> bool:
        path = self.earlier / name
        if name not in self.earlier_sums or not path.is_file() or path.stat().st_size != size:
            return False
        try:
            os.link(path, self._make_path(name))
        except OSError:  # a disk without hard links
            return False
        self.sums[name] = self.earlier_sums[name]
        return True

    def _make_path(self, name: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def free_name(stem: str, ending: str, used: set[str]) -> str:
    """The name, with a number where another differs from it only in case.

    `used` are the names so far, case-folded; the name is added to them.
    """
    name, number = f"{stem}{ending}", 1
    while name.casefold() in used:
        number += 1
        name = f"{stem}--{number}{ending}"
    used.add(name.casefold())
    return name


def _replace(folder: Path, new: Path, names: dict[str, str]) -> None:
    """Move the new files into the folder and delete what only the earlier copy had."""
    if new.parent != folder:
        new.chmod(0o755)
        os.replace(new, folder)
        return
    old = read_manifest(folder / MANIFEST)
    os.replace(new / MANIFEST, folder / REPLACING)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(new / name, folder / name)
    for name in old.keys() - names.keys():
        _remove(folder, name)
    os.replace(folder / REPLACING, folder / MANIFEST)


def _remove(folder: Path, name: str) -> None:
    """Delete a file of the earlier copy, and the folders that are empty without it."""
    path = folder / name
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == folder or any(parent.iterdir()):
            return
        parent.rmdir()
