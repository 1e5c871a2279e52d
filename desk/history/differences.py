"""What one save of an episode changed: of its notes, its facts, its files. Asks no database."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from desk.writing.diff import Difference, Span, diff_drafts, diff_words
from notes.history import Saved
from text.timecode import format_timecode

DATE = "j M Y, H:i"
DATES = ("published_at", "updated_on")
LABELS = {
    "guid": "GUID",
    "image_url": "Image’s address",
    "published_at": "Published",
    "updated_on": "Updated",
    "enclosure": "Audio",
}


def differences(old: Saved, new: Saved) -> list[Difference]:
    """What `new` says otherwise than `old`, notes first; empty if nothing."""
    return [*diff_drafts(old.draft, new.draft), *_facts(old, new), *_beside(old, new)]


def replaced(what: str, old: Any, new: Any) -> Iterator[Difference]:
    """A short value that differs, shown whole."""
    if old == new:
        return
    gone, come = Span("deleted", _shown(old)), Span("inserted", _shown(new))
    if gone.text and come.text:
        yield Difference(what, "changed", (gone, Span("same", " → "), come))
        return
    yield Difference(what, "added" if new else "removed", (come if come.text else gone,))


def _facts(old: Saved, new: Saved) -> Iterator[Difference]:
    before, after = old.facts or {}, new.facts or {}
    for name in after:
        label = LABELS.get(name, name.capitalize())
        one, other = before.get(name), after[name]
        if name in DATES:
            one, other = _moment(one), _moment(other)
        if isinstance(one or other, dict):
            yield from _parts(label, one or {}, other or {})
        elif name == "notice" and one and other and one != other:
            yield Difference(label, "reworded", diff_words(one, other))
        else:
            yield from replaced(label, one, other)


def _parts(label: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    """Of the recording, or of the sponsor."""
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name), after.get(name)
        if name == "seconds":
            name = "length"
            one, other = (value and format_timecode(value) for value in (one, other))
        yield from replaced(f"{label}: {name}", one, other)


def _beside(old: Saved, new: Saved) -> Iterator[Difference]:
    """Files, roles and the bin; revisions made before these were kept say nothing of them."""
    if not old.beside or not new.beside:
        return
    before, after = old.beside, new.beside
    yield from replaced("Picture", before["image"], after["image"])
    if before["deleted"] != after["deleted"]:
        yield Difference(
            "Episode", "moved to the bin" if after["deleted"] else "put back from the bin"
        )
    for name, role in new.roles.items():
        yield from replaced(f"Role of {name}", old.roles.get(name, role), role)
    yield from replaced("Recording", _file(before["audio"]), _file(after["audio"]))


def _file(audio: dict[str, Any] | None) -> str:
    """Files of the same name differ by their key, of which the end tells enough."""
    folder, _, name = (audio or {}).get("file", "").rpartition("/")
    return f"{name} [{folder[-6:]}]" if name else ""


def _moment(value: str | None) -> str:
    return date_format(localtime(datetime.fromisoformat(value)), DATE) if value else ""


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
