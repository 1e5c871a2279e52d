"""Making an episode again what one of its revisions says, as far as that is still possible."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from episodes.models import Appearance, Enclosure, Episode, Sponsor
from guests.models import Guest
from notes.history import Saved, saved_then
from notes.merge import DESK
from notes.models import Revision
from notes.publish import EPISODE_FACTS, apply_draft, finish_edit
from notes.read_rows import audio_columns

DATES = ("published_at", "updated_on")


@transaction.atomic
def restore(revision: Revision, user: User | None) -> list[str]:
    """Write the whole that this revision says, and keep that as a new revision.

    Returns what can't come back, in sentences. Raises ValidationError when something of it, such
    as its number, belongs to another episode by now, and OSError as `finish_edit` does; nothing
    is changed then. Transcripts are no part of revisions and stay.
    """
    locked = Episode.with_deleted.select_for_update(of=("self",))
    episode = locked.get(pk=revision.episode_id)
    saved = saved_then(revision)
    lost = lost_by_restoring(episode, saved)
    _write_facts(episode, saved)
    episode.clean()
    episode.validate_constraints()
    episode.save()
    _write_sponsor(episode, saved)
    _write_audio(episode, saved)
    apply_draft(episode, saved.draft, DESK)
    _write_roles(episode, saved)
    finish_edit(Episode.with_deleted.get(pk=episode.pk), user, f"restore of {revision.number}")
    return lost


def lost_by_restoring(episode: Episode, saved: Saved) -> list[str]:
    """What stays as it is today because what was then isn't there any more."""
    beside, facts = saved.beside or {}, saved.facts or {}
    lost = []
    if not beside:
        lost.append("Roles, picture and recording stay: so old a revision doesn’t know them.")
    if beside.get("image") and not _is_stored(beside["image"]):
        lost.append("The picture of then has been removed; today’s stays.")
    audio, today = beside.get("audio"), _audio(episode)
    if audio and audio["file"] and not _is_stored(audio["file"]) and not _is_same(audio, today):
        lost.append("The recording of then has been removed; today’s stays.")
    if not facts.get("enclosure") and today:
        lost.append("There was no recording then; today’s stays, for none comes back once removed.")
    if episode.first_published_at and facts.get("guid") != episode.guid:
        lost.append("The GUID stays: podcast apps know the episode by it.")
    return lost


def _write_facts(episode: Episode, saved: Saved) -> None:
    facts, beside = saved.facts or {}, saved.beside or {}
    for name in EPISODE_FACTS:
        if name not in facts or (name == "guid" and episode.first_published_at):
            continue
        value = facts[name]
        setattr(episode, name, datetime.fromisoformat(value) if name in DATES and value else value)
    if "deleted" in beside:
        episode.deleted_at = (episode.deleted_at or timezone.now()) if beside["deleted"] else None
    image = beside.get("image")
    if image is not None and (not image or _is_stored(image)):
        episode.image = image


def _write_sponsor(episode: Episode, saved: Saved) -> None:
    values = (saved.facts or {}).get("sponsor")
    if values:
        Sponsor.objects.update_or_create(episode=episode, defaults=values)
    else:
        Sponsor.objects.filter(episode=episode).delete()


def _write_audio(episode: Episode, saved: Saved) -> None:
    """The recording of then, or today's with the words of then where the file is gone."""
    stated = (saved.beside or {}).get("audio")
    if not stated:
        return
    today = _audio(episode)
    audio = today or Enclosure(episode=episode)
    columns = [field for field in audio_columns() if field.name in stated]
    values = {field.name: field.to_python(stated[field.name]) for field in columns}
    if values["file"] and not _is_stored(values["file"]):
        if not _is_same(stated, today):
            return
        del values["file"]  # the same bytes, under another key since
    for name, value in values.items():
        setattr(audio, name, value)
    audio.full_clean()
    audio.save()


def _write_roles(episode: Episode, saved: Saved) -> None:
    known = Guest.objects.by_name(saved.roles)
    for name, role in saved.roles.items():
        rows = Appearance.objects.filter(episode=episode, guest=known.get(name))
        rows.exclude(role=role).update(role=role)


def _audio(episode: Episode) -> Enclosure | None:
    return Enclosure.objects.filter(episode=episode).first()


def _is_same(stated: dict[str, Any], today: Enclosure | None) -> bool:
    """Whether today's file is that recording, by another key since it was hidden for a time."""
    if today is None or not today.file:
        return False
    return (stated["bytes"], stated["seconds"]) == (today.bytes, today.seconds)


def _is_stored(name: str) -> bool:
    return default_storage.exists(name)
