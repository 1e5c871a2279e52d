"""Texts with named placeholders such as {title}. They are names and nothing else is obeyed."""

import difflib
import re
from collections.abc import Mapping

# What a host may name, and what it becomes.
PLACEHOLDERS = {
    "title": "the episode’s title",
    "number": "its number",
    "summary": "its summary, else how its introduction begins",
    "url": "its page’s address",
    "date": "when it was published, as June 29, 2020",
    "length": "how long it is, as 46 min",
    "guest": "the guests’ names",
    "first_name": "the guests’ first names",
    "handle": "the guests’ handles with @; their names where there is none",
    "technologies": "the stack, the main technology first",
    "main": "the main technology",
    "chapters": "a line for each topic behind its time, from 00:00 on",
    "show": "the show’s title",
    "host": "the host’s name",
    "home": "the site’s address",
}
PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


def mistakes(text: str) -> list[str]:
    """What is in braces and no placeholder, each in words that help to mend it."""
    found = dict.fromkeys(PLACEHOLDER.findall(text))
    return [_mistake(name) for name in found if name not in PLACEHOLDERS]


def _mistake(name: str) -> str:
    folded = name.strip().casefold()
    near = difflib.get_close_matches(folded, PLACEHOLDERS, n=1)
    hint = f"Did you mean {{{near[0]}}}?" if near else f"There are {_listed()}."
    return f"{{{name[:40]}}} is no placeholder. {hint}"


def _listed() -> str:
    return ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in, once: braces within a value stay as they are.

    A line whose placeholders are all empty is left out, and blank lines are never two.
    """
    lines = [_filled(line, values) for line in text.splitlines()]
    kept = "\n".join(line for line in lines if line is not None)
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def _filled(line: str, values: Mapping[str, str]) -> str | None:
    names = [name for name in PLACEHOLDER.findall(line) if name in values]
    if names and not any(values[name] for name in names):
        return None
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), line).rstrip()
