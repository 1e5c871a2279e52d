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
    "short_url": "the same, shorter, if it has a number",
    "date": "its date of publication: June 29, 2020",
    "length": "its length: 46 min",
    "guest": "the guests’ names",
    "first_name": "the guests’ first names",
    "handle": "the guests’ handles where the text is sent to, or names where there is none",
    "technologies": "its technologies, the main one first",
    "main": "the main technology",
    "hashtags": "a # and the name of its first technologies",
    "quote": "the words of the moment that you choose",
    "quote_by": "who says them",
    "quote_time": "when: 25:26",
    "quote_url": "the address of the moment, which plays from there",
    "quote_short_url": "the same, shorter, if the episode has a number",
    "clip_url": "the address of the moment that also ends there",
    "topics": "a line with time and text for each topic; in a newsletter, a link to each",
    "chapters": "the same for video sites: it starts at 00:00",
    "picture": "the episode’s picture in a newsletter, its address elsewhere",
    "show": "the show’s title",
    "host": "the host’s name",
    "home": "the site’s address",
}
# What somebody may type instead.
SYNONYMS = {
    "stack": "technologies", "tags": "hashtags", "link": "url", "moment": "quote", "tip": "quote",
    "name": "guest", "people": "guest", "image": "picture", "card": "picture", "clip": "clip_url",
    "duration": "length", "description": "summary", "timestamps": "chapters", "site": "home",
    "podcast": "show", "episode": "number", "time": "quote_time",
}  # fmt: skip
PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


def unknown_placeholders(text: str) -> list[str]:
    """A message for each name in braces that isn't a placeholder."""
    found = dict.fromkeys(PLACEHOLDER.findall(text))
    return [_message(name) for name in found if name not in PLACEHOLDERS]


def _message(name: str) -> str:
    known = [*PLACEHOLDERS, *SYNONYMS]
    matches = difflib.get_close_matches(name.strip().casefold().replace(" ", "_"), known, n=1)
    if matches:
        hint = f"Did you mean {{{SYNONYMS.get(matches[0], matches[0])}}}?"
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
