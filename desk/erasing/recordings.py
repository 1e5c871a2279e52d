"""The name in stored files: in their file names, and in the tags inside recordings."""

import logging
from collections.abc import Collection
from tempfile import TemporaryFile
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage

from desk.erasing.spellings import Replacement, Spellings
from episodes.models import DiscardedFile, Enclosure
from media.metadata_redaction import count_matches, metadata_ranges, redact
from media.storages import audio_key, copy_out, copy_within

logger = logging.getLogger(__name__)


def count_in_recordings(episodes: Collection[int], spellings: Spellings) -> list[int]:
    """How often the name occurs inside each recording of these episodes that holds it."""
    counts = []
    for audio in _stored(episodes):
        with TemporaryFile() as file:
            if _copy(audio, file):
                tags = (_read(file, part) for part in _tags(file, audio))
                counts.append(sum(count_matches(data, spellings.spans) for data in tags))
    return [times for times in counts if times]


def erase_in_recordings(episodes: Collection[int], spellings: Spellings, by: Replacement) -> None:
    """Overwrite the name in the tags of these episodes' recordings; the audio stays as it is.

    A changed recording gets a new storage key. Raises OSError when it can't be stored.
    """
    for audio in _stored(episodes):
        with TemporaryFile() as file:
            if _copy(audio, file) and _overwrite(file, audio, spellings, by.name):
                file.seek(0)
                audio.file = default_storage.save(audio_key(audio, ""), File(file))
                audio.save(update_fields=["file"])


def rename_file(stored: str, spellings: Spellings, by: Replacement) -> str:
    """Copy a stored file to a name without the old name in it, and return that.

    The file under the old name is removed after the transaction.
    """
    path = spellings.replaced(stored, Replacement(by.slug, by.slug))
    new = default_storage.get_available_name(path)
    if default_storage.exists(stored):
        new = copy_within(stored, new)
    DiscardedFile.objects.create(name=stored)
    return new


def _stored(episodes: Collection[int]) -> list[Enclosure]:
    rows = Enclosure.objects.filter(episode__in=episodes).exclude(file="")
    return list(rows.order_by("pk"))


def _copy(audio: Enclosure, file: BinaryIO) -> bool:
    try:
        copy_out(str(audio.file), file)
    except FileNotFoundError:
        logger.warning("The recording %s is missing", audio.file)
        return False
    return True


def _tags(file: BinaryIO, audio: Enclosure) -> list[tuple[int, int]]:
    return metadata_ranges(file, file.seek(0, 2), audio.type)


def _read(file: BinaryIO, part: tuple[int, int]) -> bytes:
    begin, end = part
    file.seek(begin)
    return file.read(end - begin)


def _overwrite(file: BinaryIO, audio: Enclosure, spellings: Spellings, by: str) -> bool:
    """Whether anything was there to overwrite."""
    is_changed = False
    for part in _tags(file, audio):
        data = _read(file, part)
        new = redact(data, spellings.spans, by)
        if new != data:
            file.seek(part[0])
            file.write(new)
            is_changed = True
    return is_changed
