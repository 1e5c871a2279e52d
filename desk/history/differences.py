"""What one save of an episode changed in its notes, facts and files. Runs no query."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from desk.writing.diff import Difference, DiffSpan, diff_drafts, diff_words
from notes.history import EpisodeSnapshot
from text.timecode import format_timecode

PARTS = {"url": "address", "bytes": "size in bytes", "type": "kind of file", "seconds": "length"}
DATE = "j M Y, H:i"
DATES = ("published_at", "updated_on")
LABELS = {
    "guid": "GUID",
    "image_url": "Image’s address",
    "published_at": "Published",
    "updated_on": "Updated",
    "enclosure": "Audio",
}


def differences(old: EpisodeSnapshot, new: EpisodeSnapshot) -> list[Difference]:
    """Every difference between two states of an episode, notes first."""
    return [*diff_drafts(old.draft, new.draft), *_facts(old, new), *_files_and_roles(old, new)]


def replaced(what: str, old: Any, new: Any) -> Iterator[Difference]:
    """The change of a short value, which is shown in full."""
    if old == new:
        return
    gone, come = DiffSpan("deleted", _shown(old)), DiffSpan("inserted", _shown(new))
    if gone.text and come.text:
        yield Difference(what, "changed", (gone, DiffSpan("same", " → "), come))
        return
    yield Difference(what, "added" if new else "removed", (come if come.text else gone,))


def _facts(old: EpisodeSnapshot, new: EpisodeSnapshot) -> Iterator[Difference]:
    before, after = old.facts or {}, new.facts or {}
    for name in after:
        label = LABELS.get(name, name.capitalize())
        one, other = before.get(name), after[name]
        if name in DATES:
            one, other = _date(one), _date(other)
        if isinstance(one or other, dict):
            yield from _nested(label, one or {}, other or {})
        elif name == "notice" and one and other and one != other:
            yield Difference(label, "reworded", diff_words(one, other))
        else:
            yield from replaced(label, one, other)


def _nested(label: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    """The facts of the recording or the sponsor."""
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name), after.get(name)
        if name == "seconds":
            one, other = (value and format_timecode(value) for value in (one, other))
        yield from replaced(f"{label}: {PARTS.get(name, name)}", one, other)


def _files_and_roles(old: EpisodeSnapshot, new: EpisodeSnapshot) -> Iterator[Difference]:
    """Changes of files, roles, and of being in the bin. The oldest revisions have none of these."""
    if not old.beside or not new.beside:
        return
    before, after = old.beside, new.beside
    yield from replaced("Image", before["image"], after["image"])
    if before["deleted"] != after["deleted"]:
        yield Difference(
            "Episode", "moved to the bin" if after["deleted"] else "put back from the bin"
        )
    for name, role in new.roles.items():
        yield from replaced(f"Role of {name}", old.roles.get(name, role), role)
    yield from replaced("Recording", _file(before["audio"]), _file(after["audio"]))


def _file(audio: dict[str, Any] | None) -> str:
    """The file name, and the end of its key, which tells files of one name apart."""
    folder, _, name = (audio or {}).get("file", "").rpartition("/")
    return f"{name} [{folder[-6:]}]" if name else ""


def _date(value: str | None) -> str:
    return date_format(localtime(datetime.fromisoformat(value)), DATE) if value else ""


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
