"""Uploads of an episode's recording: attached, refused, with warnings."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk.tests.forms import form_data
from desk.tests.uploads import (
    confirm,
    draft,
    episode,
    page,
    sound,
    stored,
    text_of,
    upload,
)
from episodes.models import Enclosure, Episode
from episodes.tests import factories
from media.tests.recordings import m4a, mp3
from net.tests.servers import send, server
from notes.models import Revision

__all__ = ["draft", "episode"]  # fixtures

SCRIPT = "<script>alert(1)</script>.mp3"


def test_the_first_recording_is_read_and_attached(host: Client, draft: Episode):
    content = mp3(100)
    response = upload(host, draft, content, "Final MIX (3).mp3")
    assert "The recording was added. It is 1:40 long." in text_of(response)
    audio = Enclosure.objects.get()
    assert (audio.seconds, audio.bytes, audio.type) == (100, len(content), "audio/mpeg")
    assert audio.name == f"{draft.slug}.mp3"
    assert audio.file.read() == content
    assert Revision.objects.first().facts["enclosure"]["seconds"] == 100
    words = text_of(host.get(page(draft)))
    assert "Format MP3" in " ".join(words.split())
    assert "GUID" not in words and "audio/mpeg" not in words


def test_a_first_m4a_recording_is_named_after_its_type(host: Client, draft: Episode):
    upload(host, draft, m4a(100), "a.mp3")
    assert "Chapters are not written into M4A files" in text_of(host.get(page(draft)))
    audio = Enclosure.objects.get()
    assert (audio.name, audio.type) == (f"{draft.slug}.m4a", "audio/mp4")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"spoken words" * 100, "neither MP3 nor M4A"),
        (b"RIFF\0\0\0\0WAVE" + bytes(99), "This is a WAV file."),
        (mp3(100)[:-9000], "is truncated"),
        (m4a(100)[:-9000], "is truncated"),
        (b"", "empty"),
    ],
)
def test_invalid_or_truncated_audio_is_refused(
    host: Client, draft: Episode, content: bytes, reason: str
):
    assert reason in text_of(upload(host, draft, content))
    assert not Enclosure.objects.exists()
    assert stored() == []


def test_what_ends_before_the_last_topic_is_attached_with_a_warning(host: Client, draft: Episode):
    words = text_of(upload(host, draft, mp3(93)))
    assert "The recording ends at 1:33, but the last topic begins at 1:35: “Docker”." in words
    assert Enclosure.objects.get().seconds == 93


def test_a_first_recording_that_may_be_cut_off_has_a_warning(host: Client, draft: Episode):
    assert "Listen to its end before publishing" in text_of(
        upload(host, draft, mp3(99, header=False)[:-50])
    )
    assert Enclosure.objects.get().seconds == 99


def test_a_replacement_that_may_be_cut_off_has_a_warning(host: Client, episode: Episode):
    assert "Listen to its end before publishing" in text_of(
        upload(host, episode, mp3(99, header=False)[:-50])
    )
    assert Enclosure.objects.get().seconds == 120


@pytest.mark.parametrize("given", [{}, {"url": "https://example.org/a.mp3", "file": True}])
def test_a_file_or_an_address(host: Client, draft: Episode, given: dict[str, Any]):
    data = given | ({"file": sound(mp3(9))} if "file" in given else {})
    assert "Choose a file or enter an address, not both." in text_of(host.post(page(draft), data))


def test_scripts_get_json(host: Client, draft: Episode):
    def post(content: bytes):
        data = {"file": sound(content, SCRIPT)}
        return host.post(page(draft), data, headers={"Accept": "application/json"})

    refused = post(b"words")
    assert refused.status_code == 422
    assert "neither MP3 nor M4A" in refused.json()["errors"][0]
    assert post(mp3(100)).json() == {"location": page(draft, "desk_checklist")}


def test_a_file_name_is_escaped(host: Client, episode: Episode):
    response = upload(host, episode, mp3(100), "x'\"><img src=x onerror=alert(1)>.mp3")
    assert b"<img src=x" not in response.content
    assert "&lt;img src=x" in response.content.decode()
    confirm(host, response, where="nothing")
    assert Enclosure.objects.get().name == "podcast-7.mp3"
    assert re.fullmatch(r"audio/[0-9a-f]{32}/podcast-7.mp3", str(Enclosure.objects.get().file))


def test_others_have_no_access(client: Client, draft: Episode, django_user_model):
    assert client.get(page(draft)).status_code == 302
    client.force_login(django_user_model.objects.create_user("ann", is_staff=True))
    for name in ("desk_audio", "desk_audio_change"):
        assert client.get(page(draft, name)).status_code == 403
    assert client.post(page(draft), {"file": sound(mp3(9))}).status_code == 403
    assert not Enclosure.objects.exists()


def test_a_written_interview_has_no_audio(host: Client, db):
    factories.show()
    row = factories.episode(kind="interview", seconds=None)
    assert host.get(page(row)).status_code == 404


# Addresses remote_file


@pytest.fixture
def remote_file(monkeypatch) -> Iterator[Callable[[bytes], str]]:
    """Serves these bytes in ranges, at an address that counts as public in this test."""
    held = {"content": b""}

    def answering(handler: Any) -> None:
        first, last = (int(number) for number in handler.headers["Range"][6:].split("-"))
        stated = f"bytes {first}-{last}/{len(held['content'])}"
        send(handler, held["content"][first : last + 1], 206, Content_Range=stated)

    monkeypatch.setattr("net.client.is_public", lambda address: True)
    with server(answering) as origin:

        def serve(content: bytes) -> str:
            held["content"] = content
            return f"{origin}/talk.mp3"

        yield serve


def test_an_address_is_read_by_ranges(host: Client, draft: Episode, remote_file):
    content = mp3(3000)
    host.post(page(draft), {"url": remote_file(content)})
    audio = Enclosure.objects.get()
    assert (audio.seconds, audio.bytes, audio.type) == (3000, len(content), "audio/mpeg")
    assert (audio.file.name, audio.chapters_due) == ("", False)


def test_an_address_without_audio_is_refused(host: Client, draft: Episode, remote_file):
    words = text_of(host.post(page(draft), {"url": remote_file(b"<!doctype html><title>404")}))
    assert "This is a web page." in words
    assert not Enclosure.objects.exists()


def test_facts_of_an_unreadable_address_are_typed(host: Client, draft: Episode):
    """A private address, which is never requested."""
    url = "http://127.0.0.1:9/talk.mp3"
    asked = host.post(page(draft), {"url": url})
    assert "private network" in text_of(asked)
    assert "<details open>" in asked.content.decode()
    facts = {"seconds": "1:02:03", "bytes": "1000000", "type": "audio/mpeg"}
    host.post(page(draft), {"url": url} | facts)
    audio = Enclosure.objects.get()
    assert (audio.url, audio.seconds, audio.bytes) == (url, 3723, 1_000_000)


# Limits


def test_a_file_over_the_limit_is_refused_before_it_is_stored(
    client: Client, host: Client, draft: Episode, settings
):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    content = mp3(20)
    assert len(content) > 100_000
    assert client.post("/admin/login/", {"file": sound(content)}).status_code == 413
    assert "The recording was added." in text_of(upload(host, draft, content))
    settings.UPLOAD_MAX_BYTES = 150_000
    response = host.post(page(draft), {"file": sound(content)})
    assert response.status_code == 413
    assert "larger than this site accepts" in response.content.decode()


def test_a_page_costs_few_queries(host: Client, episode: Episode, django_assert_max_num_queries):
    host.get(page(episode))
    with django_assert_max_num_queries(9):
        host.get(page(episode))
    with django_assert_max_num_queries(10):
        host.get(page(episode, "desk_audio_change"), {"where": "middle", "at": "1", "by": "1"})


def test_the_form_removes_no_recording_of_an_episode_that_was_public(host: Client):
    factories.show()
    row = factories.episode(first_published_at=factories.FIRST_PUBLISHED)
    url = reverse("admin:episodes_episode_change", args=[row.pk])
    assert "enclosure-0-DELETE" not in host.get(url).content.decode()
    host.post(url, form_data(host.get(url)) | {"enclosure-0-DELETE": "on"})
    assert Enclosure.objects.filter(episode=row).exists()
