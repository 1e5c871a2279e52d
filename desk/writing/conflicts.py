"""Edit conflicts: what others saved since a page, or an autosaved text, was made."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from desk.writing.diff import Difference, diff_drafts
from desk.writing.drafts import current_text
from episodes.models import Episode
from notes.history import last_revision, revision_at
from notes.models import Revision
from notes.parse import parse
from notes.read_rows import stored_draft
from notes.render import render


@dataclass(frozen=True, slots=True)
class BaseVersion:
    """The version a page was made from; a later save by someone else is a conflict."""

    edit: int = 0
    revision: int = 0
    digest: str = ""  # of the autosaved text

    @classmethod
    def of(cls, episode: Episode) -> "BaseVersion":
        last = last_revision(episode)
        return cls(episode.edit_number, last.number if last else 0, digest(episode.draft_text))

    @classmethod
    def read(cls, value: str) -> "BaseVersion":
        """The inverse of `str`; anything else gives a version that matches none."""
        parts = value.split(".")
        if len(parts) != 3 or not all(part.isdecimal() and len(part) < 10 for part in parts[:2]):
            return cls()
        return cls(int(parts[0]), int(parts[1]), parts[2])

    def __str__(self) -> str:
        return f"{self.edit}.{self.revision}.{self.digest}"


@dataclass(frozen=True, slots=True)
class OtherSave:
    """A save by someone else: who, when, and what it changed in the notes."""

    who: str
    when: datetime
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What others saved since the base version."""

    saves: list[OtherSave]
    text: str  # as it is now
    episode: Episode
    base: BaseVersion
    differences: tuple[Difference, ...] = ()  # of the text that waits, from this one
    is_on_resume: bool = False  # an autosaved text is opened again after someone else's edit


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def find_conflict(episode: Episode, base: BaseVersion, text: str) -> Conflict | None:
    """What others saved since `base` and this text would undo; None if nothing in the notes.

    A new recording or another date doesn't conflict with a text. Nor does the same text sent
    twice because the first answer got lost, unless the rows changed since it was autosaved.
    """
    if not episode.draft_text and text == current_text(episode):
        return None
    conflict = find_text_conflict(episode, base, text)
    if conflict:
        return conflict
    if base.edit == episode.edit_number:
        return None
    before = Revision.objects.filter(episode=episode, number=base.revision).first()
    if before and parse(before.notes).draft == stored_draft(episode):
        return None
    return Conflict(_saves_since(episode, base), render(stored_draft(episode)), episode, base)


def find_conflict_on_resume(episode: Episode) -> Conflict | None:
    """What others saved since the autosaved text was made and applying it would undo."""
    if not episode.draft_text or episode.draft_edit is None:
        return None
    revision = revision_at(episode, episode.draft_edit)
    base = BaseVersion(
        episode.draft_edit, revision.number if revision else 0, digest(episode.draft_text)
    )
    conflict = find_conflict(episode, base, episode.draft_text)
    return replace(conflict, is_on_resume=True) if conflict else None


def find_text_conflict(episode: Episode, base: BaseVersion, text: str) -> Conflict | None:
    """Another text that was autosaved or applied since `base`."""
    if text == episode.draft_text or base.digest == digest(episode.draft_text):
        return None
    waits = parse(episode.draft_text).draft if episode.draft_text else None
    differences = diff_drafts(parse(text).draft, waits) if waits else []
    saves, now = _saves_since(episode, base), current_text(episode)
    return Conflict(saves, now, episode, base, tuple(differences))


def _saves_since(episode: Episode, base: BaseVersion) -> list[OtherSave]:
    revisions = Revision.objects.filter(episode=episode, number__gte=base.revision)
    drafts = [
        (revision, parse(revision.notes).draft)
        for revision in revisions.select_related("user").order_by("number")
    ]
    return [
        OtherSave(
            str(revision.user or "An import"), revision.created_at, diff_drafts(before, after)
        )
        for (_, before), (revision, after) in zip(drafts, drafts[1:], strict=False)
    ]
