"""A Jekyll file: YAML between two `---` lines, then the text."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from notes.grammar.lines import clean, one_line
from text.problems import Problem, warning
from transfer.importers.checkout import as_mapping, load_yaml, read_text
from transfer.importers.report import InvalidInput
from transfer.importers.yaml_slips import IN_QUOTES

FENCE = re.compile(r"---[ \t]*")
TEXTS = ("title", "description", "summary", "subtitle", "excerpt")  # never mappings
MOST_MEGABYTES = 5
# The old site's longest front matter has 3 KB; reading YAML takes a second per 100 KB.
MOST_YAML = 100 * 1024


@dataclass(frozen=True, slots=True)
class JekyllFile:
    """Front matter as texts, lists and mappings of texts: `58:05` must not become a number."""

    path: Path
    name: str  # as messages show it: the path inside the checkout
    values: dict[str, Any]
    source: str  # the file's text
    body: str
    body_line: int  # where the body begins, 1-based

    def text(self, key: str) -> str:
        """A value as one line of text; empty if it isn't stated or no text."""
        value = self.values.get(key)
        return one_line(value) if isinstance(value, str) else ""

    def texts(self, key: str) -> list[str]:
        """A list's texts; a single text is a list of one."""
        value = self.values.get(key)
        items = value if isinstance(value, list) else [value]
        return [one_line(item) for item in items if isinstance(item, str) and item.strip()]

    def line_of(self, needle: str) -> int | None:
        """The first line of the file that holds this text."""
        at = self.source.find(needle)
        return self.source.count("\n", 0, at) + 1 if at >= 0 else None

    def warning(
        self, message: str, field: str, value: str = "", repair: str | None = None
    ) -> Problem:
        """A warning at the first line that holds the value, else the key."""
        line = (self.line_of(value) if value else None) or self.line_of(f"{field}:")
        return warning(message, line, field=field, value=value, repair=repair)


def read_file(path: Path, name: str) -> JekyllFile:
    """Read and split one file. Raises InvalidInput, and OSError."""
    text = clean(read_text(path, name, MOST_MEGABYTES, "utf-8-sig"))
    end = end_of_front_matter(text)
    if end is None:
        raise InvalidInput("No front matter between two --- lines.", 1, file=name)
    return split_file(text, end, path, name)


def end_of_front_matter(text: str) -> int | None:
    """The index of the line that closes the front matter; None: there is none."""
    fences = [n for n, line in enumerate(text.split("\n")) if FENCE.fullmatch(line)][:2]
    return fences[1] if len(fences) == 2 and fences[0] == 0 else None


class TextLoader(yaml.BaseLoader):
    """Makes texts, lists and mappings only: nothing is executed or guessed."""

    def construct_scalar(self, node: yaml.ScalarNode) -> str:
        return clean(super().construct_scalar(node))


def split_file(
    text: str, end: int, path: Path, name: str, loader: type[TextLoader] = TextLoader
) -> JekyllFile:
    """The cleaned text, whose front matter ends in the line at this index. Raises InvalidInput."""
    lines = text.split("\n")
    values = read_yaml("\n".join(lines[1:end]), name, 2, loader)
    for key in TEXTS:
        if isinstance(values.get(key), dict):  # else an import would take it for an empty text
            at = next((n for n, line in enumerate(lines) if line.startswith(f"{key}:")), 0)
            line = at + 1 if lines[at].removeprefix(f"{key}:").strip() else at + 2
            raise InvalidInput(IN_QUOTES, line, file=name, field=key)
    return JekyllFile(path, name, values, text, "\n".join(lines[end + 1 :]), end + 2)


def read_yaml(
    text: str, name: str, first_line: int = 1, loader: type[TextLoader] = TextLoader
) -> dict[str, Any]:
    """A YAML mapping with every scalar as text. Raises InvalidInput."""
    values = read_yaml_value(text, name, first_line, loader)
    return {} if values is None else as_mapping(values, name, first_line)


def read_yaml_value(
    text: str, name: str, first_line: int = 1, loader: type[TextLoader] = TextLoader
) -> Any:
    """Any YAML, with every scalar as text. Raises InvalidInput."""
    if len(text) > MOST_YAML:
        message = f"YAML of more than {MOST_YAML // 1024} KB."
        raise InvalidInput(message, first_line, file=name)
    return load_yaml(text, name, loader, first_line)
