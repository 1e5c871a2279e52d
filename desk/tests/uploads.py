"""Uploading recordings, and reading the desk's answers."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.tests.forms import FormReader
from episodes.models import Episode
from episodes.tests import factories
from media.tests.recordings import mp3
from notes.apply import finish_edit
from topics.models import Cue, Transcript

TOPICS = [(0, "Hello"), (60, "Django"), (90, "Redis"), (95, "Docker")]


@pytest.fixture
def draft(db) -> Episode:
    """With notes, without audio."""
    factories.show()
    row = factories.episode(number=7, seconds=None, topics=TOPICS, status="draft")
    finish_edit(row, None, "desk")
    return row


@pytest.fixture
def episode(db) -> Episode:
    """Published, with a recording of two minutes that was imported."""
    factories.show()
    row = factories.episode(number=7, topics=TOPICS, seconds=120)
    row.enclosure.url = ""
    row.enclosure.imported_url = "http://127.0.0.1:8000/assets/podcast/podcast-7.mp3"
    row.enclosure.file.save("a.mp3", ContentFile(mp3(120)))
    transcript = Transcript.objects.create(episode=row)
    for position, start in enumerate((0, 59_500, 60_000, 97_200)):
        Cue.objects.create(
            transcript=transcript, position=position, start=start, end=start + 900, text="Words"
        )
    finish_edit(row, None, "desk")
    return row


def page(episode: Episode, name: str = "desk_audio") -> str:
    return reverse(name, args=[episode.pk])


def sound(content: bytes, name: str = "take-1.mp3") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "audio/mpeg")


def upload(client: Client, episode: Episode, content: bytes, name: str = "take-1.mp3", **more: Any):
    return client.post(page(episode), {"file": sound(content, name), **more}, follow=True)


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def feed_of(client: Client) -> str:
    return b"".join(client.get("/podcast/feed.xml")).decode()


def stored() -> list[str]:
    root = Path(default_storage.path(""))
    return sorted(str(file.relative_to(root)) for file in root.rglob("*.mp3"))


def confirm(client: Client, shown: Any, **answers: str) -> Any:
    """Submit the last form of the page, with answers."""
    reader = FormReader()
    reader.feed(shown.content.decode().rpartition('<form method="post"')[2])
    return client.post(shown.request["PATH_INFO"], reader.values | answers, follow=True)
