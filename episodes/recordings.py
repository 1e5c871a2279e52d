"""Where recordings lie: under a key that ends when listeners shall not have them any more."""

import logging

from django.core.files.storage import default_storage
from django.db import transaction

from episodes.models import DiscardedFile, Enclosure, Episode
from media.storages import audio_key, copy_within

logger = logging.getLogger(__name__)


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
        rows = list(DiscardedFile.objects.select_for_update(skip_locked=True))
        for row in rows:
            if not Enclosure.objects.filter(file=row.name).exists():
                default_storage.delete(row.name)
            row.delete()
    return f"Removed {len(rows)} recordings and cards that nothing has any more." if rows else ""
