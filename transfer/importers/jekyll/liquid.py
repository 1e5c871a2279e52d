"""Expands the Liquid that posts use: variables, images and one include."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from notes.grammar.lines import one_line
from text.problems import Problem, warning

# The bounds limit what a stray `{{` costs.
MARKUP = re.compile(r"\{\{(?P<variable>[^{}]{0,500})\}\}|\{%(?P<tag>[^%]{0,500})%\}")
PATH = re.compile(r"[\w.-]+")
QUOTED = re.compile(r"""^["']|["']$""")


@dataclass(slots=True)
class Liquid:
    """Expands one file's text with its front matter and the site's configuration.

    `image` turns a path within the site's assets into Markdown, `asset` into an address.
    """

    page: dict[str, Any]
    site: dict[str, Any]
    image: Callable[[str, int], str]
    asset: Callable[[str, int], str]
    problems: list[Problem] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # of the file, for each line expanded to

    def expand(self, text: str, first_line: int = 1) -> str:
        """The text with its Liquid replaced, each time by one line; the rest is reported."""
        self.lines = [first_line]
        line, done, parts = first_line, 0, []
        for match in MARKUP.finditer(text):
            before = text[done : match.start()]
            line = self._count_lines(before, line)
            parts += [before, self._replacement(match, line)]
            line += match[0].count("\n")
            done = match.end()
        self._count_lines(text[done:], line)
        return "".join([*parts, text[done:]])

    def _count_lines(self, text: str, line: int) -> int:
        """Record the lines of an unchanged text; the line on which it ends."""
        last = line + text.count("\n")
        self.lines += range(line + 1, last + 1)
        return last

    def _replacement(self, match: re.Match[str], line: int) -> str:
        if match["variable"] is not None:
            return self._variable(match["variable"].strip(), line)
        return self._tag(" ".join(match["tag"].strip("- \n").split()), line)

    def _variable(self, expression: str, line: int) -> str:
        if not PATH.fullmatch(expression):
            self._warn("An expression that isn't expanded; left as it is.", line, expression)
            return "{{ " + expression + " }}"
        value = self._look_up(expression)
        return self._repaired(expression, line) if value is None else value

    def _look_up(self, path: str) -> str | None:
        root, *steps = path.split(".")
        value: Any = {"page": self.page, "site": self.site}.get(root)
        for step in steps:
            value = value.get(step) if isinstance(value, dict) else None
        return one_line(value) if isinstance(value, str) else None

    def _repaired(self, path: str, line: int) -> str:
        """The page's key that a misspelt path means; on the old site the link was empty."""
        words = {word for word in re.split(r"[._]", path) if word not in ("page", "site")}
        for key, value in self.page.items():
            if isinstance(value, str) and set(key.split("_")) == words:
                value = one_line(value)
                message = f"Undefined; read as page.{key}: “{value}”."
                self._warn(message, line, path, f"{{{{ page.{key} }}}}")
                return value
        self._warn("Undefined; left empty.", line, path)
        return ""

    def _tag(self, tag: str, line: int) -> str:
        name, _, argument = tag.partition(" ")
        argument = QUOTED.sub("", argument.split(" ")[0])
        if name == "include" and argument == "services-used.html":
            return ""  # it lists the front matter's tags
        if name in ("image", "asset") and argument:
            return self.image(argument, line)
        if name == "asset_path" and argument:
            return self.asset(argument, line)
        self._warn("A Liquid tag that isn't known; left out.", line, tag)
        return ""

    def _warn(self, message: str, line: int, value: str, repair: str | None = None) -> None:
        self.problems.append(warning(message, line, field="liquid", value=value, repair=repair))
