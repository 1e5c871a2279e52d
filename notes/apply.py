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
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from episodes.audio_files import remove_discarded, rotate_audio_key
from episodes.models import Episode
from episodes.social_cards import draw_after_commit
from guests.models import Guest
from notes import write_rows
from notes.grammar.draft import EPISODE_FACTS, Draft, Facts, LinkDraft
from notes.history import last_revision, record_revision, was_public
from notes.id3_chapters import tag_recording
from notes.mentions import update_mentions
from notes.models import Revision
from notes.read_rows import PARTS, fetched_draft, stored_draft, stored_facts
from notes.rendering import render_episode
from notes.validity import normalise
from search.index import refresh
from show.models import Redirect
from stack.models import LibraryAddress, Technology
from text.names import normalise_name
from text.urls import url_key

WRITERS: dict[str, Callable[[Episode, Any], None]] = {
    "topics": write_rows.write_topics,
    "guests": write_rows.write_guests,
    "technologies": write_rows.write_technologies,
    "libraries": write_rows.write_libraries,
    "references": write_rows.write_references,
}


def apply_draft(episode: Episode, draft: Draft) -> bool:
    """Make the rows say what the draft says, adding new names. True when anything changed."""
    stored = stored_draft(episode)
    wanted = by_catalogue_names(normalise(draft))
    if wanted == stored:
        return False
    episode.title, episode.summary = wanted.title, wanted.summary
    episode.introduction = wanted.introduction
    episode.save(update_fields=["title", "summary", "introduction"])
    for name, write in WRITERS.items():
        if getattr(wanted, name) != getattr(stored, name):
            write(episode, getattr(wanted, name))
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
    """Finish a write to an episode, in the same transaction. Raises OSError.

    Audio that is no longer public gets another key; an uploaded MP3 gets its chapters when the
    episode is first published or scheduled. Triggers raise the content version.
    """
    draft = _tidied(episode)
    render_episode(episode)
    update_mentions(episode, draft)
    last = last_revision(episode)
    _redirect_old_address(episode, last)
    if was_public(last) and not Episode.objects.published().filter(pk=episode.pk).exists():
        rotate_audio_key(episode)
    if _is_first_publication(episode):
        episode.first_published_at = episode.published_at
    if episode.status == Episode.Status.PUBLISHED:
        tag_recording(episode)
    episode.edit_number += 1
    episode.save(update_fields=["first_published_at", "edit_number"])
    refresh([episode.pk])
    record_revision(episode, draft, user, source)
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
    rows = chosen.select_related("enclosure", "sponsor").prefetch_related(*PARTS)
    for episode in rows:
        record_revision(episode, fetched_draft(episode), user, source)


def _tidied(episode: Episode) -> Draft:
    """The stored draft, normalised: forms let invisible characters and line breaks pass."""
    draft = stored_draft(episode)
    if normalise(draft) == draft:
        return draft
    apply_draft(episode, draft)
    episode.refresh_from_db()
    return stored_draft(episode)


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


def by_catalogue_names(draft: Draft) -> Draft:
    """The draft with guests and technologies under the catalogue's names, and no library twice."""
    people = Guest.objects.by_name(guest.name for guest in draft.guests)
    known = Technology.objects.by_name(draft.technologies)
    guests = [replace(each, name=str(people.get(each.name, each.name))) for each in draft.guests]
    technologies = [str(known.get(name, name)) for name in draft.technologies]
    keys = [url_key(link.url) for link in draft.libraries]
    addresses = LibraryAddress.objects.filter(key__in=keys)
    libraries = dict(addresses.values_list("key", "library"))
    first_of: dict[object, LinkDraft] = {}
    for link, key in zip(draft.libraries, keys, strict=True):
        first_of.setdefault(libraries.get(key, key), link)
    return replace(
        draft,
        guests=tuple({normalise_name(guest.name): guest for guest in guests}.values()),
        technologies=tuple({normalise_name(name): name for name in technologies}.values()),
        libraries=tuple(first_of.values()),
    )
