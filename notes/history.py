"""Revisions: who saved an episode when, from where, and all it said."""

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
from notes.read_rows import (
    Rows,
    draft_of,
    facts_as_json,
    stored_beside,
    stored_facts,
    stored_rows,
)
from notes.render import render


@dataclass(frozen=True, slots=True)
class EpisodeSnapshot:
    """Everything an episode says: as a revision stores it, or as its rows are now."""

    draft: Draft = Draft()
    facts: dict[str, Any] | None = None  # as read_rows.facts_as_json; None before the first save
    beside: dict[str, Any] | None = None  # as read_rows.stored_beside; empty in old revisions
    has_transcript: bool = False  # of revisions only

    @property
    def roles(self) -> dict[str, str]:
        """Each guest's role; empty where the revision is too old to say."""
        roles = (self.beside or {}).get("roles", ())
        return dict(zip((guest.name for guest in self.draft.guests), roles, strict=False))


EMPTY_SNAPSHOT = EpisodeSnapshot()


def current_snapshot(episode: Episode) -> EpisodeSnapshot:
    """A snapshot of the rows."""
    return snapshot_of_rows(episode, stored_rows(episode))


def snapshot_of_rows(episode: Episode, rows: Rows) -> EpisodeSnapshot:
    """A snapshot of rows read before."""
    facts = facts_as_json(stored_facts(episode))
    return EpisodeSnapshot(draft_of(episode, rows), facts, stored_beside(episode, rows))


def snapshot_of(revision: Revision | None) -> EpisodeSnapshot:
    """A revision's snapshot; EMPTY_SNAPSHOT for None."""
    if revision is None:
        return EMPTY_SNAPSHOT
    has_transcript = revision.transcript_id is not None
    draft = parse(revision.notes).draft
    return EpisodeSnapshot(draft, revision.facts, revision.beside, has_transcript)


def record_revision(
    episode: Episode,
    rows: Rows,
    last: Revision | None,
    user: User | None,
    source: str,
    transcript_id: int | None,
) -> Revision | None:
    """Store a revision of the rows, unless the last one says the same; then None."""
    snapshot = snapshot_of_rows(episode, rows)
    said: dict[str, Any] = {
        "notes": render(snapshot.draft), "facts": snapshot.facts, "beside": snapshot.beside,
        "transcript_id": transcript_id,
    }  # fmt: skip
    if last and all(getattr(last, name) == value for name, value in said.items()):
        return None
    said |= {"number": last.number + 1 if last else 1, "edit_number": episode.edit_number}
    return Revision.objects.create(episode=episode, user=user, source=source, **said)


def last_revision(episode: Episode) -> Revision | None:
    return Revision.objects.filter(episode=episode).first()


def previous_revision(episode: Episode) -> Revision | None:
    """The one before the last."""
    return Revision.objects.filter(episode=episode)[1:2].first()


def revision_at(episode: Episode, edit_number: int) -> Revision | None:
    """The revision shown to someone who opened the episode at this edit, if there was one."""
    by_then = Q(edit_number=None) | Q(edit_number__lte=edit_number)
    return Revision.objects.filter(by_then, episode=episode).first()


def was_draft(revision: Revision | None) -> bool:
    """Whether it was neither published nor in the bin; so is an episode before its first save."""
    if revision is None:
        return True
    is_binned = revision.beside.get("deleted")
    return revision.facts.get("status") == Episode.Status.DRAFT and not is_binned


def was_public(revision: Revision | None) -> bool:
    """Whether this revision was published and due."""
    if revision is None or revision.facts.get("status") != Episode.Status.PUBLISHED:
        return False
    return datetime.fromisoformat(revision.facts["published_at"]) <= timezone.now()


def state_since(episode: Episode) -> Revision | None:
    """The save that brought the episode its present status, or into the bin or out of it."""
    rows = episode.revisions.order_by("-number")
    found = None
    for number, *state in rows.values_list("number", "facts__status", "beside__deleted"):
        if (state[0], bool(state[1])) != (episode.status, episode.deleted_at is not None):
            break
        found = number
    return rows.select_related("user").filter(number=found).first() if found else None
