"""The folder of an export or a frozen copy: complete or not there, and never anyone else's files.

`SHA256SUMS` names each file with its checksum; `sha256sum -c SHA256SUMS` proves the copy. What it
doesn't name, such as `.git`, is the host's own and stays.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transfer.export.media import checksum
from transfer.export.tables import MEDIA

MANIFEST = "SHA256SUMS"
# While an earlier export is being replaced: it names the new files.
REPLACING = "SHA256SUMS.new"
LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class NotOurFolder(ValueError):
    """A folder that an export must not touch; the message says why."""


def read_manifest(path: Path) -> dict[str, str]:
    """Checksums by path within the folder. Empty where there is no such file."""
    try:
        text = path.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    found = (LINE.fullmatch(line) for line in text.split("\n"))
    return {match[2]: match[1] for match in found if match}


def check_folder(folder: Path, mark: str) -> None:
    """Raises NotOurFolder unless the folder is new, empty, or an earlier one that nobody edited.

    `mark` is the file by which one of this kind is known.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    known = read_manifest(folder / MANIFEST)
    if mark not in known:
        raise NotOurFolder(f"{folder} is not empty and no earlier copy; name a new folder.")
    if (folder / REPLACING).exists():  # a replacement was interrupted here
        return
    for name, expected in known.items():
        path = folder / name
        if not name.startswith(f"{MEDIA}/") and path.is_file() and checksum(path) != expected:
            raise NotOurFolder(
                f"{path} was edited since. Keep the edit, by importing an export or by a copy of "
                "the file, and delete the file; or name a new folder."
            )


@contextmanager
def replaced_folder(folder: Path, mark: str) -> Iterator["Writer"]:
    """A writer of a new folder beside this one, which takes its place at the end, or vanishes."""
    check_folder(folder, mark)
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        writer = Writer(new, folder)
        yield writer
        writer.write_manifest()
        _put(new, folder, writer.sums)
    finally:
        shutil.rmtree(new, ignore_errors=True)


class Writer:
    """Writes files and remembers their checksums."""

    def __init__(self, root: Path, earlier: Path) -> None:
        self.root, self.earlier = root, earlier
        self.sums: dict[str, str] = {}
        self.known = read_manifest(earlier / MANIFEST)

    def text(self, name: str, text: str) -> None:
        path = self.place(name)
        path.write_text(text, encoding="utf-8", newline="\n")
        self.sums[name] = checksum(path)

    def reuse(self, name: str, size: int) -> bool:
        """Take a large file over from the earlier export, if it has one of this name and size."""
        path = self.earlier / name
        if name not in self.known or not path.is_file() or path.stat().st_size != size:
            return False
        try:
            os.link(path, self.place(name))
        except OSError:  # a disk without hard links
            return False
        self.sums[name] = self.known[name]
        return True

    def place(self, name: str) -> Path:
        """Where the file goes; its folder is made."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write_manifest(self) -> None:
        lines = [f"{self.sums[name]}  {name}\n" for name in sorted(self.sums)]
        (self.root / MANIFEST).write_text("".join(lines), encoding="utf-8", newline="\n")


def _put(new: Path, folder: Path, names: dict[str, str]) -> None:
    """Let the new folder take the old one's place; what isn't ours there stays."""
    if not folder.exists() or not any(folder.iterdir()):
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
    """Remove a file of the earlier export, and the folders it leaves empty."""
    path = folder / name
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == folder or any(parent.iterdir()):
            return
        parent.rmdir()
