"""Where recordings lie: under a key that ends when listeners shall not have them any more."""

import logging
from datetime import timedelta

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from episodes.models import DiscardedFile, Enclosure, Episode
from media.storages import audio_key, copy_within

logger = logging.getLogger(__name__)

# How long a recording lies in the storage that was handed in, but not yet made an episode's.
HELD = timedelta(days=1)


def hold_recording(content: File, name: str) -> str:
    """Store a recording before it is any episode's; the name it lies under.

    It goes by itself, a while after HELD, unless an enclosure names it then. Outside of any
    transaction, so that an upload that fails half-way leaves nothing behind. Raises OSError.
    """
    key = audio_key(Enclosure(name=name), name)
    DiscardedFile.objects.create(name=key, keep_until=timezone.now() + HELD + timedelta(hours=1))
    return default_storage.save(key, content)


def move_recording(episode: Episode) -> None:
    """Store the episode's recording under another key: who knows the old one has it no more.

    In the episode's transaction; the old file goes after it. Raises OSError.
    """
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
    """Remove stored recordings and cards that no row names any more; says how many.

    Raises OSError when the storage doesn't; whoever comes next tries again.
    """
    with transaction.atomic():
        due = Q(keep_until=None) | Q(keep_until__lte=timezone.now())
        rows = list(DiscardedFile.objects.filter(due).select_for_update(skip_locked=True))
        for row in rows:
            if not _is_named(row.name):
                default_storage.delete(row.name)
            row.delete()
    return f"Removed {len(rows)} recordings and cards that nothing has any more." if rows else ""


def _is_named(name: str) -> bool:
    recording = Enclosure.objects.filter(file=name)
    return recording.exists() or Episode.with_deleted.filter(image=name).exists()
