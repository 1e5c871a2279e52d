"""The checkout's files. Links that lead out of it aren't followed: it may be anyone's."""

import os
from collections.abc import Iterator
from pathlib import Path

from text.problems import error, warning
from transfer.importers.report import Report

ENDINGS = (".md", ".markdown")


def is_file(path: Path, root: Path) -> bool:
    """Whether there is a file within the checkout, wherever a symbolic link to it stands."""
    try:
        return path.resolve().is_relative_to(root.resolve()) and path.is_file()
    except (OSError, RuntimeError):  # a name too long for the disk, a link to itself
        return False


def markdown_files(root: Path, folder: str, report: Report) -> Iterator[Path]:
    """The folder's Markdown files, those of its folders too; what is left out is reported."""
    for path in _walk(root, root / folder, report):
        name = path.relative_to(root).as_posix()
        if not is_file(path, root):
            report.problem(warning("No file of this checkout; left out.", file=name))
        elif path.suffix not in ENDINGS:
            report.problem(warning("Not a Markdown file; left out.", file=name))
        else:
            yield path


def _walk(root: Path, top: Path, report: Report) -> list[Path]:
    def refused(failure: OSError) -> None:
        place = Path(failure.filename)
        if place == top and not top.exists():
            return
        name = place.relative_to(root).as_posix()
        report.problem(error(f"Can't be read: {failure.strerror}.", file=name))
        report.outcome(name, "failed")

    found = []
    for folder, folders, names in os.walk(top, onerror=refused):
        found += [Path(folder, name) for name in names]
        found += [path for name in folders if (path := Path(folder, name)).is_symlink()]
    return sorted(found)
