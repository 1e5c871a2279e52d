"""What one save of an episode changed in its notes, facts and files. Runs no query."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.timezone import localtime

from desk.writing.diff import Difference, DiffSpan, diff_drafts, diff_words
from media.audio import AUDIO_ENDINGS
from notes.history import EpisodeSnapshot
from text.timecode import format_timecode

PARTS = {"url": "address", "bytes": "size", "type": "format", "seconds": "length"}
DATE = "j M Y, H:i"
DATES = ("published_at", "updated_on")
LABELS = {
    "slug": "Address",
    "guid": "Identifier for podcast apps",
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
        one, other = (_plain(name, values.get(name)) for values in (before, after))
        yield from replaced(f"{label}: {PARTS.get(name, name)}", one, other)


def _plain(name: str, value: Any) -> Any:
    """The value as hosts know it. The place of a stored file isn't: “Recording” tells of it."""
    match name, value:
        case "url", str() if "://" not in value:
            return ""
        case "seconds", int():
            return format_timecode(value)
        case "bytes", int():
            return filesizeformat(value)
        case "type", str():
            return AUDIO_ENDINGS.get(value, value).removeprefix(".").upper()
    return value


def _files_and_roles(old: EpisodeSnapshot, new: EpisodeSnapshot) -> Iterator[Difference]:
    """Changes of files, roles, and of being in the bin. The oldest revisions have none of these."""
    if not old.beside or not new.beside:
        return
    before, after = old.beside, new.beside
    yield from _file("Image", before["image"], after["image"])
    if before["deleted"] != after["deleted"]:
        yield Difference(
            "Episode", "moved to the bin" if after["deleted"] else "put back from the bin"
        )
    for name, role in new.roles.items():
        yield from replaced(f"Role of {name}", old.roles.get(name, role), role)
    yield from _recording(before["audio"] or {}, after["audio"] or {})


def _recording(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    """Another file; or what the site itself wrote into it, or did to hide it for a time."""
    old, new = before.get("file", ""), after.get("file", "")
    chapters = after.get("chapters_written")
    if old and new and before.get("seconds") == after.get("seconds"):
        if chapters and chapters != before.get("chapters_written"):
            yield Difference("Recording", "got the topics as its chapters")
            return
        if before.get("bytes") == after.get("bytes"):
            return
    yield from _file("Recording", old, new)


def _file(what: str, old: str, new: str) -> Iterator[Difference]:
    """Another stored file, by the names without their folders."""
    names = [path.rpartition("/")[2] for path in (old, new)]
    if old and new and old != new and names[0] == names[1]:
        yield Difference(what, "replaced by another file", (DiffSpan("inserted", names[1]),))
        return
    yield from replaced(what, *names)


def _date(value: str | None) -> str:
    return date_format(localtime(datetime.fromisoformat(value)), DATE) if value else ""


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
