"""YAML and Markdown files of the export: the same lines for the same values, read back exactly.

Texts are double-quoted, or literal blocks where they have several lines; `true`, `false` and
whole numbers are unquoted, because Jekyll itself reads some of them.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

Value = str | bool | int | Sequence["Value"] | Mapping[str, "Value"]

# Characters that YAML forbids, or that some readers take for a line's end.
UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
BLANK_LINE = re.compile(r"^[ \t]+$", re.MULTILINE)
TEXT = "text"  # the key for a body that Jekyll and the importer wouldn't read back exactly
LIQUID = re.compile(r"\{[{%]")
RAW, ENDRAW = "{% raw %}\n", "\n{% endraw %}"


def markdown_file(values: Mapping[str, Value], body: str) -> str:
    """Front matter and body. A body with Liquid in it is marked as raw."""
    if body and (body != body.strip() or "\r" in body or "endraw" in body):
        values, body = {**values, TEXT: body}, ""
    if LIQUID.search(body):
        body = f"{RAW}{body}{ENDRAW}"
    front = f"---\n{dump(values)}---\n"
    return f"{front}\n{body}\n" if body else front


def without_raw(body: str) -> str:
    """The body as it was before it was marked as raw."""
    if body.startswith(RAW) and body.endswith(ENDRAW):
        return body[len(RAW) : -len(ENDRAW)]
    return body


def dump(values: Mapping[str, Value]) -> str:
    """The mapping as YAML, ending in a line's end; empty for an empty one. Keys are plain words."""
    return "".join(f"{line}\n" for line in _mapping(values))


def dump_list(records: Sequence[Mapping[str, Value]]) -> str:
    """Several mappings as one YAML list."""
    return "".join(f"{line}\n" for line in _items(records)) or "[]\n"


def _mapping(values: Mapping[str, Value]) -> Iterator[str]:
    for key, value in values.items():
        first, *more = _value(value)
        yield f"{key}:{first}"
        yield from more


def _value(value: Value) -> Iterator[str]:
    """What follows the key on its line, then the lines below it."""
    if isinstance(value, bool | int):
        yield f" {str(value).lower()}"
    elif isinstance(value, str):
        yield from _literal(value) if _is_block(value) else (f" {quoted(value)}",)
    elif not value:
        yield " {}" if isinstance(value, Mapping) else " []"
    else:
        yield ""
        lines = _mapping(value) if isinstance(value, Mapping) else _items(value)
        yield from (f"  {line}" if line else "" for line in lines)


def _items(values: Sequence[Value]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping) and value:
            lines = list(_mapping(value))
            yield f"- {lines[0]}"
            yield from (f"  {line}" if line else "" for line in lines[1:])
        else:
            first, *more = _value(value)
            yield f"-{first}"
            yield from more


def _is_block(text: str) -> bool:
    """Whether a literal block would read back as this text."""
    return (
        "\n" in text
        and text[0] not in " \t\n"
        and not text.endswith("\n\n")
        and not UNPRINTABLE.search(text)
        and not BLANK_LINE.search(text)
    )


def _literal(text: str) -> Iterator[str]:
    yield " |" if text.endswith("\n") else " |-"
    yield from (f"  {line}" if line else "" for line in text.removesuffix("\n").split("\n"))


def quoted(text: str) -> str:
    """A YAML double-quoted scalar on one line."""
    return UNPRINTABLE.sub(
        lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False)
    )
