"""A Jekyll file: YAML between two `---` lines, then the text."""

import re
import reprlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from notes.grammar.lines import clean, one_line
from text.problems import Problem, error

FENCE = re.compile(r"---[ \t]*")
MAX_BYTES = 5 * 1024 * 1024
# The longest of the old site has 3 KB; reading YAML takes a second per 100 KB.
MAX_YAML = 100 * 1024


class UnreadableFile(ValueError):
    """A file that can't be read as front matter and text; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class JekyllFile:
    """Front matter as texts, lists and mappings of texts: `58:05` must not become a number."""

    path: Path
    name: str  # as messages show it: the path inside the checkout
    values: dict[str, Any]
    source: str  # the whole file
    body: str
    body_line: int  # where the body begins, 1-based

    def text(self, key: str) -> str:
        """A value as one line of text; empty when it isn't stated or no text."""
        value = self.values.get(key)
        return one_line(value) if isinstance(value, str) else ""

    def texts(self, key: str) -> list[str]:
        """A list's texts; a single text is a list of one."""
        value = self.values.get(key)
        items = value if isinstance(value, list) else [value] if isinstance(value, str) else []
        return [one_line(item) for item in items if isinstance(item, str) and item.strip()]

    def line_of(self, needle: str) -> int | None:
        """The first line of the file that holds this text."""
        at = self.source.find(needle)
        return self.source.count("\n", 0, at) + 1 if at >= 0 else None


def read_file(path: Path, name: str) -> JekyllFile:
    """Read and split one file. Raises UnreadableFile."""
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableFile(error(f"Larger than {MAX_BYTES // 1024**2} MB.", file=name))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as failure:
        line = path.read_bytes()[: failure.start].count(b"\n") + 1
        raise UnreadableFile(error("Not UTF-8.", line, file=name)) from failure
    text = clean(text)
    lines = text.split("\n")
    fences = [n for n, line in enumerate(lines) if FENCE.fullmatch(line)][:2]
    if len(fences) < 2 or fences[0] != 0:
        raise UnreadableFile(error("No front matter between two --- lines.", 1, file=name))
    values = read_yaml("\n".join(lines[1 : fences[1]]), name, first_line=2)
    body_line = fences[1] + 2
    return JekyllFile(path, name, values, text, "\n".join(lines[fences[1] + 1 :]), body_line)


class TextLoader(yaml.BaseLoader):
    """Makes texts, lists and mappings only: nothing is executed or guessed."""

    def construct_scalar(self, node: yaml.ScalarNode) -> str:
        return clean(super().construct_scalar(node))


def read_yaml(text: str, name: str, first_line: int = 1) -> dict[str, Any]:
    """A YAML mapping with every scalar as text. Raises UnreadableFile naming the line."""
    if len(text) > MAX_YAML:
        message = f"YAML of more than {MAX_YAML // 1024} KB."
        raise UnreadableFile(error(message, first_line, file=name))
    try:
        values = yaml.load(text, Loader=TextLoader)  # noqa: S506
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        line = mark.line + first_line if mark else first_line
        reason = getattr(failure, "problem", None) or "not readable"
        raise UnreadableFile(error(f"YAML: {reason}.", line, file=name)) from failure
    except RecursionError as failure:
        raise UnreadableFile(error("YAML nested too deeply.", first_line, file=name)) from failure
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise UnreadableFile(error("The YAML is no list of “key: value”.", first_line, file=name))
    return {key: value for key, value in values.items() if isinstance(key, str)}


def shown(value: Any) -> str:
    """A value for a message. Aliases may make a structure larger than any memory."""
    return value if isinstance(value, str) else reprlib.repr(value)
