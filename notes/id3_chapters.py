"""Writes chapters, title, show and cover into an uploaded MP3 when it is first published."""

import hashlib
import io
import logging
import shutil
from tempfile import TemporaryFile
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage
from PIL import Image

from episodes.models import Enclosure, Episode
from media.audio import MP3
from media.id3 import ID3Chapter, Tag, read_tags, tag_bytes, with_chapters
from media.images import embedded_cover
from media.storages import audio_key, copy_out
from show.models import Show
from topics.chapters import chapters, with_introduction
from topics.models import Topic

logger = logging.getLogger(__name__)


def tag_recording(episode: Episode) -> None:
    """Write the episode's chapters into its uploaded file, once, under a new key. Raises OSError.

    M4A files stay as they are: apps read those chapters from the feed.
    """
    audio = Enclosure.objects.filter(episode=episode, chapters_due=True).exclude(file="").first()
    if audio is None:
        return
    audio.chapters_due = False
    if audio.type == MP3:
        topics = list(Topic.objects.filter(episode=episode))
        _write(episode, audio, timed_chapters(topics, audio.seconds))
        audio.chapters_written = _digest(episode, topics, audio)
    audio.save(update_fields=["file", "bytes", "chapters_due", "chapters_written"])
    episode.enclosure = audio


def are_chapters_stale(episode: Episode, topics: list[Topic], audio: Enclosure) -> bool:
    """Whether title or topics have changed since this site wrote them into the file."""
    return bool(audio.chapters_written) and audio.chapters_written != _digest(
        episode, topics, audio
    )


def _digest(episode: Episode, topics: list[Topic], audio: Enclosure) -> str:
    written = repr((episode.title, timed_chapters(topics, audio.seconds)))
    return hashlib.sha256(written.encode()).hexdigest()


def timed_chapters(topics: list[Topic], seconds: int | None) -> list[ID3Chapter]:
    """The topics as chapters, each up to the next, within a recording of `seconds`."""
    found = chapters(topics)
    listed = with_introduction([each for each in found if seconds is None or each.start < seconds])
    starts = [each.start for each in listed]
    ends = [*starts[1:], seconds or max(starts, default=0)]
    return [
        ID3Chapter(each.start * 1000, end * 1000, each.title)
        for each, end in zip(listed, ends, strict=False)
    ]


def _write(episode: Episode, audio: Enclosure, listed: list[ID3Chapter]) -> None:
    with TemporaryFile() as stored, TemporaryFile() as copy:
        copy_out(str(audio.file), stored)
        old, begin = read_tags(stored)
        copy.write(tag_bytes(_tag(old, episode, listed)))
        stored.seek(begin)
        shutil.copyfileobj(stored, copy)
        audio.bytes = copy.tell()
        audio.file = default_storage.save(audio_key(audio, ""), File(copy))


def _tag(old: Tag, episode: Episode, listed: list[ID3Chapter]) -> Tag:
    show = Show.objects.current()
    picture = _picture(str(episode.image or show.artwork))
    return with_chapters(old, episode.title, show.title, listed, picture)


def _picture(name: str) -> bytes:
    """The cover, small; empty where it can't be read, which must not stop a publication."""
    if not name:
        return b""
    file: BinaryIO = io.BytesIO()
    try:
        copy_out(name, file)
        return embedded_cover(file)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        logger.warning("Couldn't embed the image %s in the recording: %s", name, error)
        return b""
