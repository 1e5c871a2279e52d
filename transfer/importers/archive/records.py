"""The export's files, read to the letter: neither cleaned nor guessed at."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from text.problems import Problem, error
from transfer.export.markdown import TEXT, without_raw
from transfer.importers.jekyll.front_matter import UnreadableFile

MAX_BYTES = 50 * 1024 * 1024
FENCE = "---\n"


class ExactLoader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Texts, lists and mappings as they stand."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a file, or one entry of a list in it, says; `source` is the whole file."""

    file: str
    values: dict[str, Any]
    source: str
    body: str = ""

    def error(self, message: str, field: str, value: str) -> Problem:
        """An error at the first line that holds the value."""
        at = self.source.find(value) if value else -1
        line = self.source.count("\n", 0, at) + 1 if at >= 0 else None
        return error(message, line, field=field, value=value, file=self.file)


def read_text(path: Path, name: str) -> str:
    """The file's text. Raises UnreadableFile, and OSError."""
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableFile(error(f"Larger than {MAX_BYTES // 1024**2} MB.", file=name))
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as failure:
        line = data.count(b"\n", 0, failure.start) + 1
        raise UnreadableFile(error("Not UTF-8.", line, file=name)) from failure


def read_mapping(path: Path, name: str) -> Record:
    text = read_text(path, name)
    return Record(name, _mapping(_load(text, name), name), text)


def read_records(path: Path, name: str) -> Iterator[Record]:
    """Each entry of a list of mappings."""
    text = read_text(path, name)
    entries = _load(text, name) or []
    if not isinstance(entries, list):
        raise UnreadableFile(error("Expected a list of entries.", 1, file=name))
    for entry in entries:
        yield Record(name, _mapping(entry, name), text)


def read_markdown(path: Path, name: str) -> Record:
    """Front matter and body of one file."""
    text = read_text(path, name)
    end = text.find("\n" + FENCE, len(FENCE) - 1)
    if not text.startswith(FENCE) or end < 0:
        raise UnreadableFile(error("No front matter between two --- lines.", 1, file=name))
    values = _mapping(_load(text[len(FENCE) : end + 1], name, 2), name)
    body = text[end + 1 + len(FENCE) :].removeprefix("\n").removesuffix("\n")
    stated = values.pop(TEXT, None)
    return Record(name, values, text, stated if isinstance(stated, str) else without_raw(body))


def _load(text: str, name: str, first_line: int = 1) -> Any:
    try:
        return yaml.load(text, Loader=ExactLoader)  # noqa: S506
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        line = mark.line + first_line if mark else first_line
        reason = getattr(failure, "problem", None) or "not readable"
        raise UnreadableFile(error(f"YAML: {reason}.", line, file=name)) from failure
    except RecursionError as failure:
        raise UnreadableFile(error("YAML nested too deeply.", first_line, file=name)) from failure


def _mapping(values: Any, name: str) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise UnreadableFile(error("The YAML is no list of “key: value”.", file=name))
    return {key: value for key, value in values.items() if isinstance(key, str)}
