"""Applies drafts and facts to rows, and finishes every write to an episode.

Importers and the desk call these inside one transaction:

    apply_facts(episode, facts)      what the notes can't say
    apply_draft(episode, draft, …)   what they say
    finish_edit(episode, user, …)    whatever derives from the rows
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.roles import edits_drafts_only
from episodes.audio_files import remove_discarded, rotate_audio_key
from episodes.models import Episode
from episodes.rights import is_draft
from episodes.social_cards import draw_after_commit
from notes import write_rows
from notes.grammar.draft import EPISODE_FACTS, Draft, Facts, LinkDraft
from notes.history import last_revision, record_revision, was_draft, was_public
from notes.id3_chapters import tag_recording
from notes.known import Known, known_in
from notes.mentions import update_mentions
from notes.models import Revision
from notes.read_rows import PARTS, Rows, draft_of, fetched_rows, stored_facts, stored_rows
from notes.rendering import render_episode
from notes.validity import normalise
from search.index import refresh
from show.models import Redirect
from text.names import normalise_name
from text.urls import url_key
from topics.versions import keep_version

TEXTS = ("title", "summary", "introduction")
# What writes each part of a draft, and the relation that has its rows.
WRITERS: dict[str, tuple[str, Callable[[Episode, Any, list[Any], Known], None]]] = {
    "topics": ("topics", write_rows.write_topics),
    "guests": ("appearances", write_rows.write_guests),
    "technologies": ("uses", write_rows.write_technologies),
    "libraries": ("library_uses", write_rows.write_libraries),
    "references": ("references", write_rows.write_references),
}


def apply_draft(episode: Episode, draft: Draft, rows: Rows | None = None) -> bool:
    """Make the rows say what the draft says, adding new names. True when anything changed.

    `rows` are the stored ones, where the caller has just read them.
    """
    rows = stored_rows(episode) if rows is None else rows
    stored = draft_of(episode, rows)
    said = normalise(draft)
    known = known_in(said)
    wanted = by_catalogue_names(said, known)
    if wanted == stored:
        return False
    changed = [name for name in TEXTS if getattr(wanted, name) != getattr(stored, name)]
    for name in changed:
        setattr(episode, name, getattr(wanted, name))
    episode.save(update_fields=changed)
    for name, (relation, write) in WRITERS.items():
        if getattr(wanted, name) != getattr(stored, name):
            write(episode, getattr(wanted, name), rows[relation], known)
    return True


def apply_facts(episode: Episode, facts: Facts) -> bool:
    """Store the facts that are stated. True when anything changed."""
    stored = stored_facts(episode)
    stated = {name: getattr(facts, name) for name in EPISODE_FACTS}
    changed = {
        name: value for name, value in stated.items() if value not in (None, getattr(stored, name))
    }
    for name, value in changed.items():
        setattr(episode, name, value)
    if changed:
        episode.save(update_fields=list(changed))
    if facts.enclosure:
        write_rows.write_enclosure(episode, facts.enclosure)
    if facts.sponsor:
        write_rows.write_sponsor(episode, facts.sponsor)
    return stored_facts(episode) != stored


def finish_edit(episode: Episode, user: User | None, source: str) -> None:
    """Finish a write to an episode, in the same transaction. Raises OSError, and PermissionDenied
    if the user may change drafts only, and this was or is more than one.

    Audio that is no longer public gets another key; an uploaded MP3 gets its chapters when the
    episode is first published or scheduled. Triggers raise the content version.
    """
    last = last_revision(episode)
    if user and edits_drafts_only(user) and not (is_draft(episode) and was_draft(last)):
        raise PermissionDenied
    rows = _tidied(episode)
    rendered = render_episode(episode, rows["topics"])
    update_mentions(episode, draft_of(episode, rows))
    _redirect_old_address(episode, last)
    if was_public(last) and not Episode.objects.published().filter(pk=episode.pk).exists():
        rotate_audio_key(episode)
    if _is_first_publication(episode):
        episode.first_published_at = episode.published_at
    if episode.status == Episode.Status.PUBLISHED:
        tag_recording(episode)
    episode.edit_number += 1
    episode.save(update_fields=[*rendered, "first_published_at", "edit_number"])
    refresh([episode.pk])
    version = keep_version(episode, last.transcript if last else None)
    record_revision(episode, rows, last, user, source, version.pk if version else None)
    transaction.on_commit(remove_discarded, robust=True)
    if user:  # an import would wait for hundreds, few of which are shared
        draw_after_commit(episode)


def finish_renames(keys: Iterable[int], user: User | None, source: str) -> None:
    """Like `finish_edit`, for many episodes in which only a name changed."""
    # Locked in the order of their keys, as search does.
    chosen = Episode.with_deleted.filter(pk__in=list(keys)).order_by("pk")
    locked = [episode.pk for episode in chosen.select_for_update(of=("self",))]
    chosen.order_by().update(edit_number=F("edit_number") + 1)
    refresh(locked)
    renamed = chosen.select_related("enclosure", "sponsor").prefetch_related(*PARTS)
    for episode in renamed:
        last = last_revision(episode)
        version = last.transcript_id if last else None
        record_revision(episode, fetched_rows(episode), last, user, source, version)


def _tidied(episode: Episode) -> Rows:
    """The stored rows, normalised: forms let invisible characters and line breaks pass."""
    rows = stored_rows(episode)
    draft = draft_of(episode, rows)
    if normalise(draft) == draft:
        return rows
    apply_draft(episode, draft, rows)
    episode.refresh_from_db()
    return stored_rows(episode)


def _redirect_old_address(episode: Episode, last: Revision | None) -> None:
    """Redirect a published path after its slug changed."""
    first = episode.first_published_at
    if last is None or first is None or first > timezone.now():
        return
    old = Episode(kind=episode.kind, slug=last.facts["slug"]).get_absolute_url()
    if old != episode.get_absolute_url():
        Redirect.objects.move(old, episode.get_absolute_url())


def _is_first_publication(episode: Episode) -> bool:
    """Whether this save sets the date of first publication, which may change until it is past."""
    first = episode.first_published_at
    is_open = first is None or first > timezone.now()
    return is_open and episode.status == Episode.Status.PUBLISHED


def by_catalogue_names(draft: Draft, known: Known | None = None) -> Draft:
    """The draft with guests and technologies under the catalogue's names, and no library twice.

    `known` is what the catalogue knows of it, where the caller has just asked.
    """
    known = known or known_in(draft)
    people = known.guests
    guests = [replace(each, name=str(people.get(each.name, each.name))) for each in draft.guests]
    technologies = [str(known.technologies.get(name, name)) for name in draft.technologies]
    first_of: dict[object, LinkDraft] = {}
    for link in draft.libraries:
        key = url_key(link.url)
        first_of.setdefault(known.libraries.get(key, key), link)
    return replace(
        draft,
        guests=tuple({normalise_name(guest.name): guest for guest in guests}.values()),
        technologies=tuple({normalise_name(name): name for name in technologies}.values()),
        libraries=tuple(first_of.values()),
    )
