"""Every save of an episode, whole: who, when, from where, and what it said then."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from episodes.models import Episode
from notes.drafts import Draft
from notes.models import Revision
from notes.parse import parse
from notes.read_rows import facts_as_json, stored_facts
from notes.render import render


def record_revision(
    episode: Episode, draft: Draft, user: User | None, source: str
) -> Revision | None:
    """Store what the episode says now; None when that is what the last revision says."""
    notes = render(draft)
    facts = facts_as_json(stored_facts(episode))
    last = last_revision(episode)
    if last and last.notes == notes and last.facts == facts:
        return None
    return Revision.objects.create(
        episode=episode,
        number=last.number + 1 if last else 1,
        user=user,
        source=source,
        notes=notes,
        facts=facts,
    )


def last_revision(episode: Episode) -> Revision | None:
    return Revision.objects.filter(episode=episode).first()


def was_public(revision: Revision | None) -> bool:
    """Whether visitors could see what this revision says, by now at the latest."""
    if revision is None or revision.facts.get("status") != Episode.Status.PUBLISHED:
        return False
    return datetime.fromisoformat(revision.facts["published_at"]) <= timezone.now()


def last_imported(episode: Episode) -> tuple[Draft, dict[str, Any]] | None:
    """Notes and facts as the newest import left them; None for what was made at the desk."""
    revision = Revision.objects.filter(episode=episode, source__startswith="import_").first()
    return (parse(revision.notes).draft, revision.facts) if revision else None
