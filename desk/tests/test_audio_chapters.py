"""Chapters in recordings that are first published here."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from desk.tests.forms import form_data
from desk.tests.uploads import TOPICS, confirm, draft, episode, page, text_of, upload
from episodes.models import Enclosure, Episode
from media.id3 import read_tags
from media.tests.recordings import mp3
from notes.models import Revision
from topics.models import Topic

__all__ = ["draft", "episode"]  # fixtures


def publish(host: Client, episode: Episode, **changes: str):
    url = reverse("admin:episodes_episode_change", args=[episode.pk])
    now = {"status": "published", "published_at_0": "2024-05-01", "published_at_1": "10:00"}
    response = host.post(url, form_data(host.get(url)) | now | changes)
    assert response.status_code == 302


def frames_of(audio: Enclosure) -> dict[bytes, list[bytes]]:
    with default_storage.open(str(audio.file)) as file:
        tag, _ = read_tags(file)
    found: dict[bytes, list[bytes]] = {}
    for frame in tag.frames:
        found.setdefault(frame.id, []).append(frame.data)
    return found


@pytest.mark.parametrize("day", ["2024-05-01", f"{timezone.now().year + 1}-01-01"])
def test_chapters_are_written_once_when_it_is_published_or_scheduled(
    host: Client, draft: Episode, day: str
):
    Topic.objects.filter(episode=draft, seconds=0).delete()
    content = mp3(93)
    upload(host, draft, content)
    assert Enclosure.objects.get().file.read() == content
    publish(host, draft, published_at_0=day)
    audio = Enclosure.objects.get()
    assert audio.file.read().endswith(content)
    assert audio.bytes == audio.file.size > len(content)
    frames = frames_of(audio)
    assert frames[b"TIT2"] == [b"\0" + draft.title.encode()]
    assert frames[b"TALB"] == [b"\0Running in Production"]
    titles = [data.split(b"TIT2")[1][7:] for data in frames[b"CHAP"]]
    assert titles == [b"Introduction", b"Django", b"Redis"]  # one topic is past the end
    times = [int.from_bytes(data[5:9], "big") for data in frames[b"CHAP"]]
    assert times == [0, 60_000, 90_000]
    assert Revision.objects.first().facts["enclosure"]["bytes"] == audio.bytes

    publish(host, draft, published_at_0=day, title="Another title")
    assert Enclosure.objects.get().file == audio.file


def test_imported_audio_is_not_changed(host: Client, episode: Episode):
    publish(host, episode, status="draft")
    publish(host, episode)
    assert Enclosure.objects.get().file.read() == mp3(120)


def test_a_replacement_of_a_published_recording_gets_chapters_too(host: Client, episode: Episode):
    confirm(host, upload(host, episode, mp3(120)), where="nothing")
    assert len(frames_of(Enclosure.objects.get())[b"CHAP"]) == len(TOPICS)


def test_an_episode_with_a_lost_recording_is_not_published(host: Client, draft: Episode):
    upload(host, draft, mp3(100))
    default_storage.delete(str(Enclosure.objects.get().file))
    url = reverse("admin:episodes_episode_change", args=[draft.pk])
    now = {"status": "published", "published_at_0": "2024-05-01", "published_at_1": "10:00"}
    response = host.post(url, form_data(host.get(url)) | now, follow=True)
    assert "Nothing was saved" in response.content.decode()
    assert Episode.objects.get().status == "draft"


def test_chapters_are_written_again_when_topics_have_changed(host: Client, episode: Episode):
    """The audio page and the checklist say so; imported files are left alone."""
    stale = "have changed since they were written"

    def says_stale() -> list[bool]:
        pages = [page(episode), page(episode, "desk_checklist")]
        return [stale in text_of(host.get(each)) for each in pages]

    Topic.objects.filter(seconds=95).update(plain="Podman", text="Podman")
    assert says_stale() == [False, False]
    confirm(host, upload(host, episode, mp3(120)), where="nothing")
    assert says_stale() == [False, False]
    cut = {"where": "middle", "at": "60", "by": "-30"}
    confirm(host, host.get(page(episode, "desk_audio_change"), cut))
    assert says_stale() == [True, True]
    again = host.post(page(episode, "desk_write_chapters"), follow=True)
    assert "The recording has the topics as they are now." in text_of(again)
    assert says_stale() == [False, False]
    audio = Enclosure.objects.get()
    times = [int.from_bytes(data[5:9], "big") for data in frames_of(audio)[b"CHAP"]]
    assert times == [0, 60_000, 60_000, 65_000]
    assert audio.bytes == audio.file.size


def test_a_save_of_other_topics_says_that_the_recording_has_the_former(
    host: Client, episode: Episode
):
    confirm(host, upload(host, episode, mp3(120)), where="nothing")
    url = reverse("admin:episodes_episode_change", args=[episode.pk])
    said = "Write them into it again"
    saved = host.post(url, form_data(host.get(url)), follow=True)
    assert said not in saved.content.decode()
    saved = host.post(url, form_data(host.get(url)) | {"topics-0-text": "Podman"}, follow=True)
    assert said in saved.content.decode()

    host.post(page(episode, "desk_write_chapters"))
    text = reverse("desk_text", args=[episode.pk])
    typed = form_data(host.get(text))
    typed["text"] = typed["text"].replace("Podman", "Docker")
    shown = form_data(host.post(text, typed | {"do": "preview"}))
    applied = host.post(text, shown | {"do": "apply"}, follow=True)
    assert "The text was applied" in applied.content.decode()
    assert said in applied.content.decode()
