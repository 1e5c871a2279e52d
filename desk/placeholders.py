"""Placeholders such as {title} in the host's texts. Only these names are replaced."""

import difflib
import re
from collections.abc import Mapping

# Names and what replaces them.
PLACEHOLDERS = {
    "title": "the episode’s title",
    "number": "its number",
    "summary": "its summary, or the beginning of its introduction",
    "url": "the address of its page",
    "date": "its date of publication: June 29, 2020",
    "length": "its length: 46 min",
    "guest": "the guests’ names",
    "first_name": "the guests’ first names",
    "handle": "the guests’ handles with @, or names where there is none",
    "technologies": "its technologies, the main one first",
    "main": "the main technology",
    "chapters": "a line with time and text for each topic, starting at 00:00",
    "show": "the show’s title",
    "host": "the host’s name",
    "home": "the site’s address",
}
PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


def unknown_placeholders(text: str) -> list[str]:
    """A message for each name in braces that isn't a placeholder."""
    found = dict.fromkeys(PLACEHOLDER.findall(text))
    return [_message(name) for name in found if name not in PLACEHOLDERS]


def _message(name: str) -> str:
    matches = difflib.get_close_matches(name.strip().casefold(), PLACEHOLDERS, n=1)
    if matches:
        hint = f"Did you mean {{{matches[0]}}}?"
    else:
        hint = f"Available: {', '.join(f'{{{each}}}' for each in PLACEHOLDERS)}."
    return f"There is no placeholder {{{name[:40]}}}. {hint}"


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace placeholders once; braces within a value stay as they are.

    Lines whose placeholders are all empty are left out, and repeated blank lines are merged.
    """
    lines = [_fill_line(line, values) for line in text.splitlines()]
    filled = "\n".join(line for line in lines if line is not None)
    return re.sub(r"\n{3,}", "\n\n", filled).strip()


def _fill_line(line: str, values: Mapping[str, str]) -> str | None:
    names = [name for name in PLACEHOLDER.findall(line) if name in values]
    if names and not any(values[name] for name in names):
        return None
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), line).rstrip()
