"""Audio files in the storage: pending uploads, rotated keys, removal of discarded files."""

import logging
from datetime import timedelta
from pathlib import PurePosixPath

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from episodes.models import DiscardedFile, Enclosure, Episode, SocialCard
from guests.models import Guest
from media.images import IMAGE_ENDINGS
from media.renditions import remove_renditions
from media.storages import audio_key, copy_within
from show.clock.reading import removable_before
from show.models import Show

logger = logging.getLogger(__name__)

# How long an uploaded recording waits to be assigned to an episode.
UPLOAD_LIFETIME = timedelta(days=1)


def store_pending_upload(content: File, name: str) -> str:
    """Store a recording, which an episode must take within UPLOAD_LIFETIME; its name.

    Call it outside of any transaction: the row that removes it must survive a failing upload.
    Raises OSError.
    """
    key = audio_key(Enclosure(name=name), name)
    DiscardedFile.objects.create(
        name=key, keep_until=timezone.now() + UPLOAD_LIFETIME + timedelta(hours=1)
    )
    return default_storage.save(key, content)


def rotate_audio_key(episode: Episode) -> None:
    """Copy the recording to a new key, in the episode's transaction. Raises OSError."""
    audio = Enclosure.objects.filter(episode=episode).exclude(file="").first()
    if audio is None:
        return
    try:
        audio.file = copy_within(str(audio.file), audio_key(audio, ""))
    except FileNotFoundError:
        logger.warning("The recording of “%s” is missing: %s", episode, audio.file)
        return
    audio.save(update_fields=["file"])
    episode.enclosure = audio


def remove_discarded() -> str:
    """Remove stored files that no row names; says how many. Raises OSError; run it again."""
    if not DiscardedFile.objects.exists():
        return ""
    with transaction.atomic():
        # However the clock jumps, an upload waits for a day.
        over = removable_before(UPLOAD_LIFETIME) + UPLOAD_LIFETIME
        due = Q(keep_until=None) | Q(keep_until__lte=over)
        rows = list(DiscardedFile.objects.filter(due).select_for_update(skip_locked=True))
        unused = [row.name for row in rows if not _is_referenced(row.name)]
        for name in unused:
            default_storage.delete(name)
            if PurePosixPath(name).suffix.lower() in IMAGE_ENDINGS:
                remove_renditions(name)
        for row in rows:
            row.delete()
    files = "file" if len(unused) == 1 else "files"
    return f"Deleted {len(unused)} unused {files}." if unused else ""


def _is_referenced(name: str) -> bool:
    rows = (
        Enclosure.objects.filter(file=name),
        Episode.with_deleted.filter(image=name),
        SocialCard.objects.filter(file=name),
        Guest.objects.filter(avatar=name),
        Show.objects.filter(artwork=name),
    )
    return any(found.exists() for found in rows)
