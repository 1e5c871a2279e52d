"""Every save of an episode, whole: who, when, from where, and what it said then."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from episodes.models import Episode
from notes.grammar.draft import Draft
from notes.models import Revision
from notes.parse import parse
from notes.read_rows import facts_as_json, stored_beside, stored_draft, stored_facts
from notes.render import render


@dataclass(frozen=True, slots=True)
class Saved:
    """The whole of an episode: as a revision keeps it, or as its rows are now."""

    draft: Draft = Draft()
    facts: dict[str, Any] | None = None  # as read_rows.facts_as_json; None before the first save
    beside: dict[str, Any] | None = None  # as read_rows.stored_beside; empty in old revisions

    @property
    def roles(self) -> dict[str, str]:
        """Each guest's role; empty where the revision is too old to say."""
        roles = (self.beside or {}).get("roles", ())
        return dict(zip((guest.name for guest in self.draft.guests), roles, strict=False))


NOTHING = Saved()


def saved_now(episode: Episode) -> Saved:
    """What the rows say."""
    facts = facts_as_json(stored_facts(episode))
    return Saved(stored_draft(episode), facts, stored_beside(episode))


def saved_then(revision: Revision | None) -> Saved:
    """What a revision says; nothing for none."""
    if revision is None:
        return NOTHING
    return Saved(parse(revision.notes).draft, revision.facts, revision.beside)


def record_revision(
    episode: Episode, draft: Draft, user: User | None, source: str
) -> Revision | None:
    """Store what the episode says now; None when that is what the last revision says."""
    said = {
        "notes": render(draft),
        "facts": facts_as_json(stored_facts(episode)),
        "beside": stored_beside(episode),
    }
    last = last_revision(episode)
    if last and all(getattr(last, name) == value for name, value in said.items()):
        return None
    return Revision.objects.create(
        episode=episode,
        number=last.number + 1 if last else 1,
        user=user,
        source=source,
        edit_number=episode.edit_number,
        **said,
    )


def last_revision(episode: Episode) -> Revision | None:
    return Revision.objects.filter(episode=episode).first()


def revision_at(episode: Episode, edit_number: int) -> Revision | None:
    """What someone saw who opened the episode at this edit; None before the first revision."""
    by_then = Q(edit_number=None) | Q(edit_number__lte=edit_number)
    return Revision.objects.filter(by_then, episode=episode).first()


def was_public(revision: Revision | None) -> bool:
    """Whether visitors could see what this revision says, by now at the latest."""
    if revision is None or revision.facts.get("status") != Episode.Status.PUBLISHED:
        return False
    return datetime.fromisoformat(revision.facts["published_at"]) <= timezone.now()


def last_imported(episode: Episode) -> tuple[Draft, dict[str, Any]] | None:
    """Notes and facts as the newest import left them; None for what was made at the desk."""
    revision = Revision.objects.filter(episode=episode, source__startswith="import_").first()
    return (parse(revision.notes).draft, revision.facts) if revision else None
