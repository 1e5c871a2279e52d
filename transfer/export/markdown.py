"""Markdown with front matter, written so that Jekyll shows it and the importer reads it exactly."""

import re

from transfer.export.front_matter import Value, dump

TEXT = "text"  # the front matter's key for a body that can't stand as one
LIQUID = re.compile(r"\{[{%]")
RAW, ENDRAW = "{% raw %}\n", "\n{% endraw %}"


def markdown_file(values: dict[str, Value], body: str) -> str:
    """The file's text. What Liquid would read in the body is marked as raw."""
    if body and not _can_stand(body):
        values, body = {**values, TEXT: body}, ""
    if LIQUID.search(body):
        body = f"{RAW}{body}{ENDRAW}"
    front = f"---\n{dump(values)}---\n"
    return f"{front}\n{body}\n" if body else front


def _can_stand(body: str) -> bool:
    return body == body.strip() and "\r" not in body and "endraw" not in body


def without_raw(body: str) -> str:
    """The body that `markdown_file` was given."""
    if body.startswith(RAW) and body.endswith(ENDRAW):
        return body[len(RAW) : -len(ENDRAW)]
    return body
