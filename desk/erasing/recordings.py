"""The name in stored files: in their own names, and among the words inside recordings."""

import logging
from collections.abc import Collection
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage

from desk.erasing.spellings import Replacement, Spellings
from episodes.models import DiscardedFile, Enclosure
from media.metadata_redaction import count_matches, metadata_ranges, redact
from media.storages import audio_key, copy_out, copy_within

logger = logging.getLogger(__name__)


def in_recordings(episodes: Collection[int], spellings: Spellings) -> list[int]:
    """How often the name stands inside each recording of these episodes that holds it."""
    found = []
    for audio in _stored(episodes):
        with TemporaryFile() as file:
            if _copied(audio, file):
                words = (_read(file, part) for part in _parts(file, audio))
                found.append(sum(count_matches(data, spellings.spans) for data in words))
    return [times for times in found if times]


def erase_in_recordings(episodes: Collection[int], spellings: Spellings, by: Replacement) -> None:
    """Overwrite the name inside recordings of these episodes; their sound stays as it is.

    One that held it gets another key. Raises OSError when it can't be stored.
    """
    for audio in _stored(episodes):
        with TemporaryFile() as file:
            if _copied(audio, file) and _overwrite(file, audio, spellings, by.name):
                file.seek(0)
                audio.file = default_storage.save(audio_key(audio, ""), File(file))
                audio.save(update_fields=["file"])


def renamed(stored: str, spellings: Spellings, by: Replacement) -> str:
    """Another name for a stored file; the old one is removed after the transaction."""
    path = PurePosixPath(spellings.replaced(stored, Replacement(by.slug, by.slug)))
    wanted = default_storage.get_available_name(str(path))
    if default_storage.exists(stored):
        wanted = copy_within(stored, wanted)
    DiscardedFile.objects.create(name=stored)
    return wanted


def _stored(episodes: Collection[int]) -> list[Enclosure]:
    rows = Enclosure.objects.filter(episode__in=episodes).exclude(file="")
    return list(rows.order_by("pk"))


def _copied(audio: Enclosure, file: BinaryIO) -> bool:
    try:
        copy_out(str(audio.file), file)
    except FileNotFoundError:
        logger.warning("The recording %s is missing", audio.file)
        return False
    return True


def _parts(file: BinaryIO, audio: Enclosure) -> list[tuple[int, int]]:
    return metadata_ranges(file, file.seek(0, 2), audio.type)


def _read(file: BinaryIO, part: tuple[int, int]) -> bytes:
    begin, end = part
    file.seek(begin)
    return file.read(end - begin)


def _overwrite(file: BinaryIO, audio: Enclosure, spellings: Spellings, by: str) -> bool:
    """Whether anything was there to overwrite."""
    is_changed = False
    for part in _parts(file, audio):
        data = _read(file, part)
        new = redact(data, spellings.spans, by)
        if new != data:
            file.seek(part[0])
            file.write(new)
            is_changed = True
    return is_changed
