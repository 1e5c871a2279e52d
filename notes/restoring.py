"""Restores a revision of an episode, as far as that is still possible."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from episodes.models import Appearance, Enclosure, Episode, Sponsor
from guests.models import Guest
from notes.apply import apply_draft, finish_edit
from notes.grammar.draft import EPISODE_FACTS
from notes.history import EpisodeSnapshot, current_snapshot, snapshot_of
from notes.models import Revision
from notes.read_rows import audio_columns
from topics.models import Transcript
from topics.versions import restore_version

DATES = ("published_at", "updated_on")
STATE = ("status", "published_at")  # and whether it is in the bin


@transaction.atomic
def restore(revision: Revision, user: User | None, *, with_state: bool = False) -> list[str]:
    """Make the episode what this revision says, as a new one; sentences on what stays as it is.

    Only `with_state` brings back status, date, and the bin: what visitors see stays otherwise.
    Raises ValidationError if another episode took a value of it, and OSError: nothing changes.
    """
    locked = Episode.with_deleted.select_for_update(of=("self",))
    episode = locked.get(pk=revision.episode_id)
    saved = snapshot_of(revision)
    if not with_state:
        saved = with_state_of(saved, current_snapshot(episode))
    lost = lost_by_restoring(episode, saved)
    _write_facts(episode, saved)
    episode.clean()
    episode.validate_constraints()
    episode.save()
    _write_sponsor(episode, saved)
    _write_audio(episode, saved)
    apply_draft(episode, saved.draft)
    _write_roles(episode, saved)
    if revision.transcript:
        restore_version(episode, revision.transcript)
    finish_edit(Episode.with_deleted.get(pk=episode.pk), user, f"restore of {revision.number}")
    return lost


@transaction.atomic
def restore_state(episode: Episode, revision: Revision | None, user: User | None) -> None:
    """Bring back only status and date of this revision; without one, make the episode a draft.

    Raises ValidationError if a published episode lacks a date or number, and OSError.
    """
    locked = Episode.with_deleted.select_for_update(of=("self",)).get(pk=episode.pk)
    draft: dict[str, Any] = {"status": Episode.Status.DRAFT, "published_at": None}
    facts = revision.facts if revision else draft
    locked.status, date = facts["status"], facts["published_at"]
    locked.published_at = datetime.fromisoformat(date) if date else None
    locked.clean()
    locked.save()
    finish_edit(locked, user, f"restore of {revision.number}" if revision else "desk")


@transaction.atomic
def restore_transcript(revision: Revision, user: User | None) -> None:
    """Make only the transcript what it was in this revision, which must have one."""
    locked = Episode.with_deleted.select_for_update(of=("self",))
    episode = locked.get(pk=revision.episode_id)
    if revision.transcript is None:
        raise ValueError("this revision has no transcript")
    restore_version(episode, revision.transcript)
    finish_edit(episode, user, f"restore of {revision.number}")


def with_state_of(saved: EpisodeSnapshot, today: EpisodeSnapshot) -> EpisodeSnapshot:
    """This snapshot with the status, the date and the bin of today's."""
    now, beside = today.facts or {}, today.beside or {}
    facts = (saved.facts or {}) | {name: now[name] for name in STATE}
    if facts["status"] != Episode.Status.DRAFT and facts.get("number") is None:
        facts["number"] = now["number"]  # what is public needs one
    in_bin = saved.beside and saved.beside | {"deleted": beside["deleted"]}
    return replace(saved, facts=facts, beside=in_bin)


def as_restored(
    episode: Episode, saved: EpisodeSnapshot, today: EpisodeSnapshot
) -> EpisodeSnapshot:
    """The snapshot as restoring it makes the episode: what `lost_by_restoring` names is today's."""
    facts, beside = dict(saved.facts or {}), dict(saved.beside or {})
    now, beside_now = today.facts or {}, today.beside or {}
    if episode.first_published_at:
        facts["guid"] = now["guid"]
    if not beside:
        return replace(saved, facts=facts | {"enclosure": now["enclosure"]})
    if beside.get("image") and not default_storage.exists(beside["image"]):
        beside["image"] = beside_now["image"]
    file = (beside.get("audio") or {}).get("file", "")
    if not facts.get("enclosure") or (file and not default_storage.exists(file)):
        facts["enclosure"], beside["audio"] = now["enclosure"], beside_now["audio"]
    return replace(saved, facts=facts, beside=beside)


def lost_by_restoring(episode: Episode, saved: EpisodeSnapshot) -> list[str]:
    """Sentences about what stays as it is today, because the former value is gone."""
    beside, facts = saved.beside or {}, saved.facts or {}
    lost = []
    if not beside:
        lost.append("Roles, image and recording stay: this revision is too old to know them.")
    if beside.get("image") and not default_storage.exists(beside["image"]):
        lost.append("The former image has been removed; today’s stays.")
    audio, today = beside.get("audio"), _audio(episode)
    if (
        audio
        and audio["file"]
        and not default_storage.exists(audio["file"])
        and not _is_same(audio, today)
    ):
        lost.append("The former recording has been removed; today’s stays.")
    if not facts.get("enclosure") and today:
        lost.append(
            "There was no recording then; today’s stays, since a removed one can’t come back."
        )
    if not saved.has_transcript and Transcript.objects.filter(episode=episode).exists():
        lost.append("The transcript stays: this revision has none.")
    if episode.first_published_at and facts.get("guid") != episode.guid:
        lost.append("The GUID stays: podcast apps know the episode by it.")
    return lost


def _write_facts(episode: Episode, saved: EpisodeSnapshot) -> None:
    facts, beside = saved.facts or {}, saved.beside or {}
    for name in EPISODE_FACTS:
        if name not in facts or (name == "guid" and episode.first_published_at):
            continue
        value = facts[name]
        setattr(episode, name, datetime.fromisoformat(value) if name in DATES and value else value)
    _write_bin(episode, beside)
    image = beside.get("image")
    if image is not None and (not image or default_storage.exists(image)):
        episode.image = image


def _write_bin(episode: Episode, beside: dict[str, Any]) -> None:
    if "deleted" in beside:
        episode.deleted_at = (episode.deleted_at or timezone.now()) if beside["deleted"] else None


def _write_sponsor(episode: Episode, saved: EpisodeSnapshot) -> None:
    values = (saved.facts or {}).get("sponsor")
    if values:
        Sponsor.objects.update_or_create(episode=episode, defaults=values)
    else:
        Sponsor.objects.filter(episode=episode).delete()


def _write_audio(episode: Episode, saved: EpisodeSnapshot) -> None:
    """The former recording, or where its file is gone, today's file with the former values."""
    stated = (saved.beside or {}).get("audio")
    if not stated:
        return
    today = _audio(episode)
    audio = today or Enclosure(episode=episode)
    columns = [field for field in audio_columns() if field.name in stated]
    values = {field.name: field.to_python(stated[field.name]) for field in columns}
    if values["file"] and not default_storage.exists(values["file"]):
        if not _is_same(stated, today):
            return
        del values["file"]  # the same bytes under another key
    for name, value in values.items():
        setattr(audio, name, value)
    audio.full_clean()
    audio.save()


def _write_roles(episode: Episode, saved: EpisodeSnapshot) -> None:
    known = Guest.objects.by_name(saved.roles)
    for name, role in saved.roles.items():
        rows = Appearance.objects.filter(episode=episode, guest=known.get(name))
        rows.exclude(role=role).update(role=role)


def _audio(episode: Episode) -> Enclosure | None:
    return Enclosure.objects.filter(episode=episode).first()


def _is_same(stated: dict[str, Any], today: Enclosure | None) -> bool:
    """Whether today's file is that recording under a rotated key."""
    was = (stated["bytes"], stated["seconds"])
    return today is not None and bool(today.file) and was == (today.bytes, today.seconds)
