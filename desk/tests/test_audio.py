"""An episode's recording: handed in, refused, doubted, replaced; topics and cues moved with it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from desk.tests.forms import FormReader, form_data
from episodes.models import DiscardedFile, Enclosure, Episode
from episodes.recordings import remove_discarded
from episodes.tests import factories
from media.id3 import read_tags
from media.tests.recordings import m4a, mp3
from net.tests.servers import send, server
from notes.models import Revision
from notes.publish import finish_edit
from topics.models import Cue, Topic, Transcript

TOPICS = [(0, "Hello"), (60, "Django"), (90, "Redis"), (95, "Docker")]
SCRIPT = "<script>alert(1)</script>.mp3"


@pytest.fixture
def draft(db) -> Episode:
    """With notes, and no audio yet."""
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


def hand_in(
    client: Client, episode: Episode, content: bytes, name: str = "take-1.mp3", **more: Any
):
    return client.post(page(episode), {"file": sound(content, name), **more}, follow=True)


def said(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def feed_of(client: Client) -> str:
    return b"".join(client.get("/podcast/feed.xml")).decode()


def stored() -> list[str]:
    root = Path(default_storage.path(""))
    return sorted(str(file.relative_to(root)) for file in root.rglob("*.mp3"))


def confirm(client: Client, shown: Any) -> Any:
    """Press the button below what is shown."""
    reader = FormReader()
    reader.feed(shown.content.decode().rpartition('<form method="post">')[2])
    return client.post(shown.request["PATH_INFO"], reader.values, follow=True)


def test_the_first_recording_is_read_and_taken(host: Client, draft: Episode):
    content = mp3(100)
    response = hand_in(host, draft, content, "Final MIX (3).mp3")
    assert "The episode has its audio." in said(response)
    audio = Enclosure.objects.get()
    assert (audio.seconds, audio.bytes, audio.type) == (100, len(content), "audio/mpeg")
    assert audio.name == f"{draft.slug}.mp3"
    assert audio.file.read() == content
    assert Revision.objects.first().facts["enclosure"]["seconds"] == 100


def test_the_first_of_m4a_is_named_after_its_type(host: Client, draft: Episode):
    hand_in(host, draft, m4a(100), "a.mp3")
    assert "Chapters are not written into M4A files" in said(host.get(page(draft)))
    audio = Enclosure.objects.get()
    assert (audio.name, audio.type) == (f"{draft.slug}.m4a", "audio/mp4")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"spoken words" * 100, "neither MP3 nor M4A"),
        (b"RIFF\0\0\0\0WAVE" + bytes(99), "This is a WAV file."),
        (mp3(100)[:-9000], "it is cut off"),
        (m4a(100)[:-9000], "it is cut off"),
        (b"", "empty"),
    ],
)
def test_what_is_no_whole_audio_is_refused(
    host: Client, draft: Episode, content: bytes, reason: str
):
    assert reason in said(hand_in(host, draft, content))
    assert not Enclosure.objects.exists()
    assert stored() == []


def test_what_ends_before_the_last_topic_is_taken_with_a_word_about_it(
    host: Client, draft: Episode
):
    words = said(hand_in(host, draft, mp3(93)))
    assert "It ends at 1:33, but the last topic begins at 1:35: “Docker”." in words
    assert Enclosure.objects.get().seconds == 93


def test_what_may_be_cut_off_is_said_of_the_first_one_too(host: Client, draft: Episode):
    assert "Please listen to its end" in said(hand_in(host, draft, mp3(99, header=False)[:-50]))
    assert Enclosure.objects.get().seconds == 99


def test_what_may_be_cut_off_is_shown_before_it_replaces(host: Client, episode: Episode):
    assert "Please listen to its end" in said(hand_in(host, episode, mp3(99, header=False)[:-50]))
    assert Enclosure.objects.get().seconds == 120


@pytest.mark.parametrize("given", [{}, {"url": "https://example.org/a.mp3", "file": True}])
def test_one_of_both(host: Client, draft: Episode, given: dict[str, Any]):
    data = given | ({"file": sound(mp3(9))} if "file" in given else {})
    assert "one of both" in said(host.post(page(draft), data))


def test_scripts_are_answered_in_json(host: Client, draft: Episode):
    def post(content: bytes):
        data = {"file": sound(content, SCRIPT)}
        return host.post(page(draft), data, headers={"Accept": "application/json"})

    refused = post(b"words")
    assert refused.status_code == 422
    assert "neither MP3 nor M4A" in refused.json()["errors"][0]
    assert post(mp3(100)).json() == {"location": page(draft, "desk_checklist")}


def test_a_file_name_is_only_words(host: Client, episode: Episode):
    response = hand_in(host, episode, mp3(100), "x'\"><img src=x onerror=alert(1)>.mp3")
    assert b"<img src=x" not in response.content
    assert "&lt;img src=x" in response.content.decode()
    confirm(host, response)
    assert Enclosure.objects.get().name == "podcast-7.mp3"
    assert re.fullmatch(r"audio/[0-9a-f]{32}/podcast-7.mp3", str(Enclosure.objects.get().file))


def test_nobody_else_comes_in(client: Client, draft: Episode, django_user_model):
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


# Addresses elsewhere


@pytest.fixture
def elsewhere(monkeypatch) -> Iterator[Callable[[bytes], str]]:
    """Serves these bytes, in parts, at an address that counts as public here."""
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


def test_an_address_is_read_by_parts(host: Client, draft: Episode, elsewhere):
    content = mp3(3000)
    host.post(page(draft), {"url": elsewhere(content)})
    audio = Enclosure.objects.get()
    assert (audio.seconds, audio.bytes, audio.type) == (3000, len(content), "audio/mpeg")
    assert (audio.file.name, audio.chapters_due) == ("", False)


def test_an_address_without_audio_is_refused(host: Client, draft: Episode, elsewhere):
    words = said(host.post(page(draft), {"url": elsewhere(b"<!doctype html><title>404")}))
    assert "This is a web page." in words
    assert not Enclosure.objects.exists()


def test_what_can_t_be_read_is_typed(host: Client, draft: Episode):
    """A private address, which is never asked."""
    url = "http://127.0.0.1:9/talk.mp3"
    asked = host.post(page(draft), {"url": url})
    assert "private network" in said(asked)
    assert "<details open>" in asked.content.decode()
    facts = {"seconds": "1:02:03", "bytes": "1000000", "type": "audio/mpeg"}
    host.post(page(draft), {"url": url} | facts)
    audio = Enclosure.objects.get()
    assert (audio.url, audio.seconds, audio.bytes) == (url, 3723, 1_000_000)


# Replaced


def test_replaced_as_it_was_shown(
    client: Client, host: Client, episode: Episode, django_capture_on_commit_callbacks
):
    guid, before = episode.guid, Enclosure.objects.get()
    feed = feed_of(client)
    assert 'length="1920000"' in feed
    shown = hand_in(host, episode, mp3(132), "better.mp3")
    words = said(shown)
    assert "better.mp3" in words
    assert "Length 2:00 2:12" in words
    assert "12 seconds longer" in words
    assert "Apps that have downloaded the episode keep the recording they have" in words
    assert Enclosure.objects.get().file == before.file

    with django_capture_on_commit_callbacks(execute=True):
        assert "The episode has its new recording." in said(confirm(host, shown))
    after = Enclosure.objects.get()
    assert (after.seconds, after.name, after.imported_url) == (
        132,
        before.name,
        before.imported_url,
    )
    assert Episode.objects.get().guid == guid
    assert stored() == [after.file.name] != [before.file.name]
    assert after.bytes == after.file.size
    heard = client.get(f"/audio/{before.name}", follow=True).getvalue()
    assert heard.endswith(mp3(132))
    feed = feed_of(client)
    assert f'length="{after.bytes}"' in feed
    assert "<itunes:duration>132<" in feed
    assert Revision.objects.first().facts["enclosure"]["bytes"] == after.bytes


def test_another_type_is_refused_where_apps_know_the_ending(host: Client, episode: Episode):
    assert "ends in podcast-7.mp3, and apps go by that" in said(hand_in(host, episode, m4a(100)))


def test_one_that_apps_get_elsewhere_says_so(host: Client, episode: Episode):
    Enclosure.objects.update(imported_url="https://cdn.example.org/7.mp3")
    assert "https://cdn.example.org/7.mp3, which is no address of this site" in said(
        host.get(page(episode))
    )


def test_topics_and_cues_move_with_it_in_one_save(host: Client, episode: Episode):
    keys = list(Topic.objects.values_list("pk", flat=True))
    revisions = Revision.objects.count()
    shown = hand_in(host, episode, mp3(125))
    data = form_data(shown) | {"after": "1:00", "by": "5"}
    preview = host.get(page(episode, "desk_audio_change"), data)
    words = said(preview)
    assert "3 topics and 2 cues of the transcript would move" in words
    assert "1:00 1:05 Django 1:30 1:35 Redis 1:35 1:40 Docker" in words
    assert list(Topic.objects.values_list("seconds", flat=True)) == [0, 60, 90, 95]
    confirm(host, preview)
    assert list(Topic.objects.values_list("seconds", "plain")) == [
        (0, "Hello"), (65, "Django"), (95, "Redis"), (100, "Docker"),
    ]  # fmt: skip
    assert list(Topic.objects.values_list("pk", flat=True)) == keys
    assert list(Cue.objects.values_list("start", flat=True)) == [0, 59_500, 65_000, 102_200]
    assert Enclosure.objects.get().seconds == 125
    assert Revision.objects.count() == revisions + 1
    assert "1:35 -- Redis" in Revision.objects.first().notes


def test_times_move_alone_and_earlier(host: Client, episode: Episode):
    preview = host.get(page(episode, "desk_audio_change"), {"after": "90", "by": "-30"})
    assert "Topics and cues were moved." in said(confirm(host, preview))
    assert list(Topic.objects.values_list("seconds", flat=True)) == [0, 60, 60, 65]
    assert Topic.objects.last().plain == "Docker"
    assert list(Cue.objects.values_list("start", flat=True)) == [0, 59_500, 60_000, 67_200]


@pytest.mark.parametrize(
    ("after", "by", "reason"),
    [
        ("1:30", "-31", "“Redis” would come before “Django” (1:00)."),
        ("0:00", "-1", "before the recording does"),
        ("2:00", "5", "Nothing begins at 2:00 or later."),
        ("1:30", "604800", "more than a week"),
        ("1:30", "9999999", "less than or equal to"),
        ("soon", "5", "is not a time"),
    ],
)
def test_moves_that_can_t_be(host: Client, episode: Episode, after: str, by: str, reason: str):
    data = {"after": after, "by": by}
    shown = host.get(page(episode, "desk_audio_change"), data)
    assert reason in said(shown)
    assert b"Move them" not in shown.content
    data["seen"] = str(Episode.objects.get().edit_number)
    assert reason in said(host.post(page(episode, "desk_audio_change"), data))
    assert list(Topic.objects.values_list("seconds", flat=True)) == [0, 60, 90, 95]


def test_a_topic_moved_past_the_end_is_named(host: Client, episode: Episode):
    shown = host.get(page(episode, "desk_audio_change"), {"after": "1:30", "by": "25"})
    assert "“Docker” would begin after the recording’s end." in said(shown)


def test_a_save_by_somebody_else_meanwhile_is_looked_at_first(host: Client, episode: Episode):
    shown = hand_in(host, episode, mp3(125))
    finish_edit(Episode.objects.get(), None, "desk")
    again = confirm(host, shown)
    assert "Somebody saved this episode while you looked" in said(again)
    assert Enclosure.objects.get().seconds == 120
    confirm(host, again)
    assert Enclosure.objects.get().seconds == 125


def test_what_nobody_took_goes_after_a_day(host: Client, episode: Episode):
    hand_in(host, episode, mp3(99))
    assert len(stored()) == 2
    assert remove_discarded() == ""
    DiscardedFile.objects.update(keep_until=timezone.now())
    remove_discarded()
    assert stored() == [Enclosure.objects.get().file.name]


def test_what_was_taken_stays(host: Client, episode: Episode):
    confirm(host, hand_in(host, episode, mp3(99)))
    DiscardedFile.objects.update(keep_until=timezone.now())
    remove_discarded()
    assert stored() == [Enclosure.objects.get().file.name]


@given(st.text(st.characters(exclude_characters="\0"), max_size=40))
def test_links_that_lead_to_no_recording(host: Client, episode: Episode, token: str):
    for method in (host.get, host.post):
        response = method(page(episode, "desk_audio_change"), {"new": token})
        assert response.status_code in (200, 302)
    assert Enclosure.objects.get().seconds == 120


def test_a_link_opens_its_own_episode_only_and_what_is_there(host: Client, episode: Episode):
    shown = hand_in(host, episode, mp3(99))
    other = factories.episode("Another", 8)
    response = host.get(
        page(other, "desk_audio_change"), {"new": form_data(shown)["new"]}, follow=True
    )
    assert "isn’t there any more" in said(response)
    pending = set(stored()) - {Enclosure.objects.get(episode=episode).file.name}
    default_storage.delete(pending.pop())
    assert "isn’t there any more" in said(confirm(host, shown))


def test_a_storage_that_fails_leaves_all_as_it_was(host: Client, episode: Episode, settings):
    """The folder of recordings can't take another: a file stands where it should be."""
    before = Enclosure.objects.get()
    shown = hand_in(host, episode, mp3(132))
    folder = Path(default_storage.path("audio"))
    elsewhere = folder.rename(folder.with_name("elsewhere"))
    folder.write_text("")
    assert "Nothing was saved" in said(hand_in(host, episode, mp3(99)))
    assert "isn’t there any more" in said(confirm(host, shown))
    folder.unlink()
    elsewhere.rename(folder)
    folder.chmod(0o555)
    assert Enclosure.objects.get().file == before.file
    assert Enclosure.objects.get().seconds == 120


# Chapters


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
    hand_in(host, draft, content)
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


def test_imported_audio_stays_byte_for_byte(host: Client, episode: Episode):
    publish(host, episode, status="draft")
    publish(host, episode)
    assert Enclosure.objects.get().file.read() == mp3(120)


def test_what_replaces_a_published_recording_gets_chapters_too(host: Client, episode: Episode):
    confirm(host, hand_in(host, episode, mp3(120)))
    assert len(frames_of(Enclosure.objects.get())[b"CHAP"]) == len(TOPICS)


def test_a_recording_that_is_lost_keeps_the_episode_from_being_published(
    host: Client, draft: Episode
):
    hand_in(host, draft, mp3(100))
    default_storage.delete(str(Enclosure.objects.get().file))
    url = reverse("admin:episodes_episode_change", args=[draft.pk])
    now = {"status": "published", "published_at_0": "2024-05-01", "published_at_1": "10:00"}
    response = host.post(url, form_data(host.get(url)) | now, follow=True)
    assert "Nothing was saved" in response.content.decode()
    assert Episode.objects.get().status == "draft"


# Limits


def test_more_than_is_taken_is_refused_before_it_is_stored(
    client: Client, host: Client, draft: Episode, settings
):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    content = mp3(20)
    assert len(content) > 100_000
    assert client.post("/admin/login/", {"file": sound(content)}).status_code == 413
    assert "The episode has its audio." in said(hand_in(host, draft, content))
    settings.UPLOAD_MAX_BYTES = 150_000
    response = host.post(page(draft), {"file": sound(content)})
    assert response.status_code == 413
    assert "larger than can be taken" in response.content.decode()


def test_a_page_costs_few_queries(host: Client, episode: Episode, django_assert_max_num_queries):
    host.get(page(episode))
    with django_assert_max_num_queries(9):
        host.get(page(episode))
    with django_assert_max_num_queries(10):
        host.get(page(episode, "desk_audio_change"), {"after": "1", "by": "1"})
