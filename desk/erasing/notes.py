"""A guest's titles and roles in show notes, present and past, once the name is replaced there."""

from dataclasses import replace

from episodes.models import Appearance, Episode
from notes.grammar.draft import GuestDraft
from notes.grammar.head import read_guests
from notes.grammar.headings import field_in
from notes.models import Revision
from notes.parse import parse
from notes.render import guest_line


def erase_titles(episodes: set[int], name: str) -> None:
    """Leave out what draft texts and revisions of these episodes say about this guest's work."""
    for episode in Episode.with_deleted.filter(pk__in=episodes, draft_text__contains=name):
        text = without_title(episode.draft_text, name)
        Episode.with_deleted.filter(pk=episode.pk).update(draft_text=text)
    for revision in Revision.objects.filter(episode__in=episodes, notes__contains=name):
        _erase_role(revision, name)
        revision.notes = without_title(revision.notes, name)
        revision.save(update_fields=["notes", "beside"])


def without_title(notes: str, name: str) -> str:
    """The notes with this guest's title left out of the lines that name guests."""
    lines: list[str] = []
    for line in notes.split("\n"):
        guests = _guests_in(line)
        if any(guest.title for guest in guests if guest.name == name):
            untitled = (replace(g, title="") if g.name == name else g for g in guests)
            lines += map(guest_line, untitled)
        else:
            lines.append(line)
    return "\n".join(lines)


def _guests_in(line: str) -> list[GuestDraft]:
    field, value = field_in(line) or ("", "")
    return read_guests(value, several=field == "guests") if field in ("guest", "guests") else []


def _erase_role(revision: Revision, name: str) -> None:
    """Roles are stored in the order of the notes' guests."""
    roles = revision.beside.get("roles", [])
    guests = parse(revision.notes).draft.guests
    for place, (guest, _) in enumerate(zip(guests, roles, strict=False)):
        if guest.name == name:
            roles[place] = Appearance._meta.get_field("role").get_default()
