"""Values of notes and facts as messages show them. Pure."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from notes.grammar.draft import GuestDraft, LinkDraft, TopicDraft
from text.timecode import format_timecode


def in_words(value: Any) -> str:
    """A value as a message shows it to the host."""
    match value:
        case None:
            return ""
        case TopicDraft():
            return f"{format_timecode(value.seconds)} – {value.text}"
        case LinkDraft():
            return f"{value.label} {value.url} {value.note and f'({value.note})'}".strip()
        case GuestDraft():
            return f"{value.name}, {value.title}" if value.title else value.name
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return in_words([each for each in value.values() if each])
        case list():
            return ", ".join(map(in_words, value))
    if is_dataclass(value):
        cells = (getattr(value, each.name) for each in fields(value))
        return ", ".join(str(cell) for cell in cells if cell not in (None, ""))
    return str(value)
