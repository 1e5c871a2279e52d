"""Files of a Jekyll checkout or an export. Links that lead out of it aren't followed."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import yaml

from text.problems import error
from transfer.importers.report import InvalidInput, Report
from transfer.importers.yaml_slips import find_slip

ENDINGS = (".md", ".markdown")
Read = TypeVar("Read")


def is_file(path: Path, root: Path) -> bool:
    """Whether this is a file within the checkout, also behind a symbolic link."""
    try:
        return path.resolve().is_relative_to(root.resolve()) and path.is_file()
    except (OSError, RuntimeError):  # a name too long for the disk, a link to itself
        return False


def markdown_files(root: Path, folder: str, report: Report) -> Iterator[tuple[Path, str]]:
    """Markdown files in the folder and below, with their paths within the checkout."""
    for path in _walk(root, root / folder, report):
        name = path.relative_to(root).as_posix()
        if not is_file(path, root):
            report.within(name).warn("No file of this checkout; left out.")
        elif path.suffix not in ENDINGS:
            report.within(name).warn("Not a Markdown file; left out.")
        else:
            yield path, name


def _walk(root: Path, top: Path, report: Report) -> list[Path]:
    def refuse(failure: OSError) -> None:
        folder = Path(failure.filename)
        if folder != top or top.exists():
            with reporting_unreadable(folder.relative_to(root).as_posix(), report):
                raise failure

    found = []
    for folder, folders, names in os.walk(top, onerror=refuse):
        found += [Path(folder, name) for name in names]
        found += [path for name in folders if (path := Path(folder, name)).is_symlink()]
    return sorted(found)


@contextmanager
def reporting_unreadable(name: str, report: Report) -> Iterator[None]:
    """Report a file that can't be read, instead of stopping the import."""
    try:
        yield
    except InvalidInput as invalid:
        report.within(name).refuse(name, invalid.problem)
    except OSError as failure:
        report.refuse(name, error(f"Can't be read: {failure.strerror}.", file=name))


def read_each(
    files: Iterable[tuple[Path, str]], read: Callable[[Path, str], Read], report: Report
) -> Iterator[Read]:
    """Read the files one by one; those that can't be read are reported."""
    for path, name in files:
        with reporting_unreadable(name, report):
            yield read(path, name)


def read_text(path: Path, name: str, most_megabytes: int, encoding: str = "utf-8") -> str:
    """The file's text, line ends as they are. Raises InvalidInput, and OSError."""
    if path.stat().st_size > most_megabytes * 1024**2:
        raise InvalidInput(f"Larger than {most_megabytes} MB.", file=name)
    data = path.read_bytes()
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as failure:
        line = data.count(b"\n", 0, failure.start) + 1
        raise InvalidInput("Not UTF-8.", line, file=name) from failure


def load_yaml(text: str, name: str, loader: Any, first_line: int = 1) -> Any:
    """The YAML's value. Raises InvalidInput with the line; the text begins at `first_line`."""
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506
    except yaml.YAMLError as failure:
        line, message = find_slip(failure, text)
        raise InvalidInput(message, line + first_line, file=name) from failure
    except RecursionError as failure:
        raise InvalidInput("YAML nested too deeply.", first_line, file=name) from failure


def as_mapping(value: Any, name: str, line: int | None = None) -> dict[str, Any]:
    """The value, which must be a mapping; keys other than texts are left out."""
    if not isinstance(value, dict):
        raise InvalidInput("The YAML isn't a list of “key: value”.", line, file=name)
    return {key: item for key, item in value.items() if isinstance(key, str)}
