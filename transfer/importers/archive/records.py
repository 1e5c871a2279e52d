"""Files of an export, read exactly: neither cleaned nor guessed at."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from text.problems import error
from transfer.export.front_matter import TEXT, without_raw
from transfer.importers.checkout import as_mapping, load_yaml, read_text
from transfer.importers.report import InvalidInput, Report

MOST_MEGABYTES = 50
FENCE = "---\n"


class ExactLoader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Makes texts, lists and mappings, unchanged."""


@dataclass(frozen=True, slots=True)
class Record:
    """The values of a file, or of one entry of its list; `source` is the file's text."""

    file: str
    values: dict[str, Any]
    source: str
    body: str = ""

    def refuse(self, reason: Exception, report: Report) -> None:
        """Report why this record isn't written, with the first line that holds the value."""
        if isinstance(reason, InvalidInput):
            problem = reason.problem
        else:
            first = next((str(value) for value in self.values.values()), "")
            problem = error(str(reason).replace("\n", " ").strip(), field="row", value=first)
        if not problem.file:
            at = self.source.find(problem.value) if problem.value else -1
            line = self.source.count("\n", 0, at) + 1 if at >= 0 else None
            problem = replace(problem, line=line, file=self.file)
        report.refuse(self.file, problem)


def read_exactly(path: Path, name: str) -> str:
    """The file's text. Raises InvalidInput, and OSError."""
    return read_text(path, name, MOST_MEGABYTES)


def read_mapping(path: Path, name: str) -> Record:
    text = read_exactly(path, name)
    return Record(name, as_mapping(load_yaml(text, name, ExactLoader), name), text)


def read_list(path: Path, name: str) -> Iterator[Record]:
    """Each entry of a list of mappings."""
    text = read_exactly(path, name)
    entries = load_yaml(text, name, ExactLoader) or []
    if not isinstance(entries, list):
        raise InvalidInput("Expected a list of entries.", 1, file=name)
    for entry in entries:
        yield Record(name, as_mapping(entry, name), text)


def read_markdown(path: Path, name: str) -> Record:
    """Front matter and body of one file."""
    text = read_exactly(path, name)
    end = text.find("\n" + FENCE, len(FENCE) - 1)
    if not text.startswith(FENCE) or end < 0:
        raise InvalidInput("No front matter between two --- lines.", 1, file=name)
    front = text[len(FENCE) : end + 1]
    values = as_mapping(load_yaml(front, name, ExactLoader, first_line=2), name)
    body = text[end + 1 + len(FENCE) :].removeprefix("\n").removesuffix("\n")
    stated = values.pop(TEXT, None)
    return Record(name, values, text, stated if isinstance(stated, str) else without_raw(body))
