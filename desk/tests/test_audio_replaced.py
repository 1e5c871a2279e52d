"""Replacing a recording, and moving topics and cues with it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db.models import F
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from desk.tests.forms import form_data
from desk.tests.uploads import confirm, draft, episode, feed_of, page, stored, text_of, upload
from episodes.audio_files import remove_discarded
from episodes.models import DiscardedFile, Enclosure, Episode
from episodes.tests import factories
from media.tests.recordings import m4a, mp3
from notes.apply import finish_edit
from notes.models import Revision
from topics.models import Cue, Topic

__all__ = ["draft", "episode"]  # fixtures

READY = b'<button type="submit" class="button default">'


def test_replaced_as_previewed(
    client: Client, host: Client, episode: Episode, django_capture_on_commit_callbacks
):
    guid, before = episode.guid, Enclosure.objects.get()
    feed = feed_of(client)
    assert 'length="1920000"' in feed
    shown = upload(host, episode, mp3(132), "better.mp3")
    words = text_of(shown)
    assert "better.mp3" in words
    assert "Length 2:00 2:12" in words
    assert "12 seconds longer" in words
    assert "Apps that have downloaded the episode continue to play the former recording" in words
    assert Enclosure.objects.get().file == before.file

    with django_capture_on_commit_callbacks(execute=True):
        assert "The recording was replaced." in text_of(confirm(host, shown, where="nothing"))
    after = Enclosure.objects.get()
    assert (after.seconds, after.name, after.imported_url) == (
        132,
        before.name,
        before.imported_url,
    )
    assert Episode.objects.get().guid == guid
    assert stored() == [after.file.name] != [before.file.name]
    assert after.bytes == after.file.size
    downloaded = client.get(f"/audio/{before.name}", follow=True).getvalue()
    assert downloaded.endswith(mp3(132))
    feed = feed_of(client)
    assert f'length="{after.bytes}"' in feed
    assert "<itunes:duration>132<" in feed
    assert Revision.objects.first().facts["enclosure"]["bytes"] == after.bytes


def test_another_type_than_the_file_names_is_refused(host: Client, episode: Episode):
    assert "ends in podcast-7.mp3, and apps rely on that" in text_of(
        upload(host, episode, m4a(100))
    )


def test_audio_on_another_site_is_mentioned(host: Client, episode: Episode):
    Enclosure.objects.update(imported_url="https://cdn.example.org/7.mp3")
    assert "https://cdn.example.org/7.mp3, which is not on this site" in text_of(
        host.get(page(episode))
    )


def answer(client: Client, shown: Any, **answers: str) -> Any:
    """Say on the shown page which times change: the same page with its preview."""
    url, data = shown.request["PATH_INFO"], form_data(shown)
    return client.post(url, data | answers | {"preview": "1"})


def test_topics_and_cues_move_with_it_in_one_save(host: Client, episode: Episode):
    keys = list(Topic.objects.values_list("pk", flat=True))
    revisions = Revision.objects.count()
    shown = upload(host, episode, mp3(125))
    preview = answer(host, shown, where="middle", at="1:00", by="5")
    words = text_of(preview)
    assert "3 topics and 2 lines of the transcript will move" in words
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


def test_topics_move_without_a_recording_and_earlier(host: Client, episode: Episode):
    cut = {"where": "middle", "at": "60", "by": "-30"}
    preview = host.get(page(episode, "desk_audio_change"), cut)
    assert "Topics and transcript were moved." in text_of(confirm(host, preview))
    assert list(Topic.objects.values_list("seconds", flat=True)) == [0, 60, 60, 65]
    assert Topic.objects.last().plain == "Docker"
    assert list(Cue.objects.values_list("start", flat=True)) == [0, 59_500, 67_200]  # one was cut


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"where": ""}, "Say which times change."),
        ({"where": "elsewhere"}, "is not among the choices"),
        ({"where": "start"}, "Enter how many seconds were added"),
        ({"where": "start", "by": "0"}, "Enter how many seconds were added"),
        ({"where": "middle", "by": "5"}, "Enter the time at which something was added or cut."),
        ({"where": "middle", "at": "2:00", "by": "5"}, "Nothing begins at 2:00 or later."),
        ({"where": "middle", "at": "1:30", "by": "604800"}, "more than a week"),
        ({"where": "middle", "at": "1:30", "by": "9999999"}, "Enter a number up to 604800."),
        ({"where": "middle", "at": "soon", "by": "5"}, "is not a time"),
    ],
)
def test_impossible_moves_are_refused(
    host: Client, episode: Episode, answers: dict[str, str], reason: str
):
    shown = host.get(page(episode, "desk_audio_change"), answers)
    assert reason in text_of(shown)
    assert READY not in shown.content
    data = answers | {"seen": str(Episode.objects.get().edit_number)}
    assert reason in text_of(host.post(page(episode, "desk_audio_change"), data))
    assert list(Topic.objects.values_list("seconds", flat=True)) == [0, 60, 90, 95]


def test_what_was_cut_at_the_start_never_begins_before_the_recording(
    host: Client, episode: Episode
):
    preview = answer(host, upload(host, episode, mp3(55)), where="start", by="-65")
    assert "0:00 0:00 Hello begins in what was cut" in text_of(preview)
    assert "3 lines of the transcript were said in what was cut: they go." in text_of(preview)
    confirm(host, preview)
    assert list(Topic.objects.values_list("seconds", flat=True)) == [0, 0, 25, 30]
    assert list(Cue.objects.values_list("start", flat=True)) == [32_200]
    assert not Cue.objects.filter(end__lte=F("start")).exists()


def test_a_recording_is_not_replaced_until_the_times_are_answered(host: Client, episode: Episode):
    """It is 30 s shorter: to replace it alone would leave every topic at a wrong time."""
    shown = upload(host, episode, mp3(90))
    assert "The new recording is 30 seconds shorter." in text_of(shown)
    assert READY not in shown.content
    assert form_data(shown)["by"] == "-30"
    assert "Say which times change." in text_of(confirm(host, shown))
    assert Enclosure.objects.get().seconds == 120
    confirm(host, shown, where="start", by="-30")
    assert Enclosure.objects.get().seconds == 90
    assert list(Topic.objects.values_list("seconds", flat=True)) == [0, 30, 60, 65]


def test_without_topics_and_cues_there_is_no_question(host: Client, episode: Episode):
    Topic.objects.all().delete()
    Cue.objects.all().delete()
    shown = upload(host, episode, mp3(90))
    assert "Which times change?" not in text_of(shown)
    assert "The recording was replaced." in text_of(confirm(host, shown))


def test_a_topic_moved_past_the_end_is_named(host: Client, episode: Episode):
    longer = {"where": "middle", "at": "1:30", "by": "25"}
    shown = host.get(page(episode, "desk_audio_change"), longer)
    assert "“Docker” would begin after the end of the recording." in text_of(shown)


def test_a_save_by_someone_else_meanwhile_is_a_conflict(host: Client, episode: Episode):
    shown = upload(host, episode, mp3(125))
    finish_edit(Episode.objects.get(), None, "desk")
    again = confirm(host, shown, where="nothing")
    assert "Someone else saved this episode meanwhile" in text_of(again)
    assert Enclosure.objects.get().seconds == 120
    confirm(host, again, where="nothing")
    assert Enclosure.objects.get().seconds == 125


def test_unconfirmed_uploads_are_removed_after_a_day(host: Client, episode: Episode):
    upload(host, episode, mp3(99))
    assert len(stored()) == 2
    assert remove_discarded() == ""
    DiscardedFile.objects.update(keep_until=timezone.now())
    remove_discarded()
    assert stored() == [Enclosure.objects.get().file.name]


def test_confirmed_uploads_stay(host: Client, episode: Episode):
    confirm(host, upload(host, episode, mp3(99)), where="nothing")
    DiscardedFile.objects.update(keep_until=timezone.now())
    remove_discarded()
    assert stored() == [Enclosure.objects.get().file.name]


@given(st.text(st.characters(exclude_characters="\0"), max_size=40))
def test_invalid_tokens(host: Client, episode: Episode, token: str):
    for method in (host.get, host.post):
        response = method(page(episode, "desk_audio_change"), {"new": token})
        assert response.status_code in (200, 302)
    assert Enclosure.objects.get().seconds == 120


def test_a_token_is_valid_for_its_own_episode_and_an_existing_file(host: Client, episode: Episode):
    shown = upload(host, episode, mp3(99))
    other = factories.episode("Another", 8)
    response = host.get(
        page(other, "desk_audio_change"), {"new": form_data(shown)["new"]}, follow=True
    )
    assert "is no longer here" in text_of(response)
    pending = set(stored()) - {Enclosure.objects.get(episode=episode).file.name}
    default_storage.delete(pending.pop())
    assert "is no longer here" in text_of(confirm(host, shown))


def test_a_failing_storage_changes_nothing(host: Client, episode: Episode, settings):
    """The folder of recordings is replaced by a file."""
    before = Enclosure.objects.get()
    shown = upload(host, episode, mp3(132))
    folder = Path(default_storage.path("audio"))
    elsewhere = folder.rename(folder.with_name("elsewhere"))
    folder.write_text("")
    assert "Nothing was saved" in text_of(upload(host, episode, mp3(99)))
    assert "is no longer here" in text_of(confirm(host, shown))
    folder.unlink()
    elsewhere.rename(folder)
    folder.chmod(0o555)
    assert Enclosure.objects.get().file == before.file
    assert Enclosure.objects.get().seconds == 120
