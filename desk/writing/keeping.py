"""The text of an episode's notes: kept as it is typed, applied when it has no errors.

A draft that no edit was finished on yet is no more than its text: it got a row only so that the
text is kept, and its address and number follow when the text is applied for the first time.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from desk.publishing.proposals import next_number
from desk.writing.answers import store_names
from desk.writing.changes import Change, changes
from desk.writing.understanding import Understood
from episodes.models import Episode
from notes.history import last_revision, revision_at
from notes.merge import DESK
from notes.models import Revision
from notes.parse import parse
from notes.publish import apply_draft, finish_edit
from notes.read_rows import stored_draft
from notes.render import render
from notes.write_rows import free_episode_slug

UNTITLED = "Untitled draft"
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page was made from. Another's save since then is a conflict."""

    edit: int = 0
    revision: int = 0
    kept: str = ""  # the digest of the text not applied

    @classmethod
    def read(cls, value: str) -> "Seen":
        """As `str` wrote it; of anything else, what nobody has seen."""
        parts = value.split(".")
        if len(parts) != 3 or not all(part.isdecimal() and len(part) < 10 for part in parts[:2]):
            return cls()
        return cls(int(parts[0]), int(parts[1]), parts[2])

    def __str__(self) -> str:
        return f"{self.edit}.{self.revision}.{self.kept}"


@dataclass(frozen=True, slots=True)
class Saved:
    """One save by someone else: who, when, and what it changed in the notes."""

    who: str
    when: datetime
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What happened to the episode since a page, or a text that was kept, was made from it."""

    saves: list[Saved]
    text: str  # what is kept or stored now
    is_of_kept: bool = False  # the text was kept before, and is taken up again


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_only_text(episode: Episode) -> bool:
    return episode.status == Episode.Status.DRAFT and episode.edit_number == 0


def text_of(episode: Episode) -> str:
    """The text as it was left, or the notes as their rows say them."""
    return episode.draft_text or render(stored_draft(episode))


def seen_of(episode: Episode) -> Seen:
    last = last_revision(episode)
    return Seen(episode.edit_number, last.number if last else 0, digest(episode.draft_text))


def conflict_of(episode: Episode, seen: Seen, text: str) -> Conflict | None:
    """What others saved since, which this text would undo; None when nothing of the notes is.

    A recording handed in meanwhile, or a date changed, is no conflict of texts. Nor is the same
    text sent again, because the answer to the first time was lost; but the rows may have changed
    since it was kept.
    """
    if not episode.draft_text and text == text_of(episode):
        return None
    kept = conflict_of_kept(episode, seen, text)
    if kept:
        return kept
    if seen.edit == episode.edit_number:
        return None
    before = Revision.objects.filter(episode=episode, number=seen.revision).first()
    if before and parse(before.notes).draft == stored_draft(episode):
        return None
    return Conflict(_saves_since(episode, seen), render(stored_draft(episode)))


def conflict_of_taking_up(episode: Episode) -> Conflict | None:
    """What was saved since the text was kept, which applying it would undo; None: nothing was."""
    if not episode.draft_text or episode.draft_edit is None:
        return None
    made_from = revision_at(episode, episode.draft_edit)
    seen = Seen(
        episode.draft_edit, made_from.number if made_from else 0, digest(episode.draft_text)
    )
    conflict = conflict_of(episode, seen, episode.draft_text)
    return replace(conflict, is_of_kept=True) if conflict else None


def conflict_of_kept(episode: Episode, seen: Seen, text: str) -> Conflict | None:
    """Another text that was kept, or applied, since a page was made; None when there is none."""
    if text == episode.draft_text or seen.kept == digest(episode.draft_text):
        return None
    return Conflict(_saves_since(episode, seen), text_of(episode))


def _saves_since(episode: Episode, seen: Seen) -> list[Saved]:
    revisions = Revision.objects.filter(episode=episode, number__gte=seen.revision)
    drafts = [
        (revision, parse(revision.notes).draft)
        for revision in revisions.select_related("user").order_by("number")
    ]
    return [
        Saved(str(revision.user or "An import"), revision.created_at, changes(before, after))
        for (_, before), (revision, after) in zip(drafts, drafts[1:], strict=False)
    ]


def new_episode(text: str) -> Episode:
    """An episode that is no more than its text. The same text sent again finds the same draft."""
    drafts = Episode.objects.filter(status=Episode.Status.DRAFT, edit_number=0)
    sent_before = drafts.filter(draft_text=text).first()
    if sent_before:
        return sent_before
    title = _title_in(text)
    slug = free_episode_slug(Episode.Kind.PODCAST, None, title)
    return Episode.objects.create(title=title, slug=slug, draft_text=text, draft_edit=0)


def namesake(episode: Episode | None, title: str) -> Episode | None:
    """Another episode of this title, whose notes were perhaps pasted as a new one's."""
    if not title:
        return None
    others = Episode.objects.filter(title__iexact=title)
    return others.exclude(pk=episode.pk if episode else None).order_by("pk").first()


def keep(episode: Episode, text: str) -> None:
    """Keep the text beside what is applied; nothing that visitors see changes."""
    if is_only_text(episode):
        episode.title, episode.draft_text = _title_in(text), text
    else:
        episode.draft_text = "" if text == render(stored_draft(episode)) else text
    episode.draft_edit = episode.edit_number if episode.draft_text else None
    episode.save(update_fields=["draft_text", "draft_edit", "title"])


def discard(episode: Episode) -> None:
    """Leave the text that is kept for what is applied."""
    episode.draft_text, episode.draft_edit = "", None
    episode.save(update_fields=["draft_text", "draft_edit"])


def _title_in(text: str) -> str:
    return parse(text).draft.title[:LONGEST_TITLE] or UNTITLED


@transaction.atomic
def apply_text(episode: Episode, understood: Understood, user: User | None) -> None:
    """Make the rows say what the text says. The episode is locked, the text without errors.

    Raises IntegrityError when another save took a name in the same moment.
    """
    if is_only_text(episode):
        episode.number = next_number(episode.kind)
        episode.slug = free_episode_slug(episode.kind, episode.number, understood.draft.title)
    episode.draft_text, episode.draft_edit = "", None
    episode.save(update_fields=["draft_text", "draft_edit", "number", "slug"])
    store_names(understood.answers, understood.draft.technologies)
    apply_draft(episode, understood.draft, DESK)
    finish_edit(episode, user, DESK.name)
