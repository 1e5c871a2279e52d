"""Transcripts uploaded at the desk: imported whole, or refused by line."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from desk.tests.forms import errors, form_data
from episodes.models import Episode
from episodes.tests import factories
from topics.models import Cue, Transcript

ADD = "/admin/topics/transcript/add/"
TALK = """WEBVTT

NOTE from the recorder

00:01.000 --> 00:04.000
<v Nick>Welcome.

00:04.000 --> 00:06.000
<v phil gyford>Thanks!

00:06.000 --> 00:09.000
<v Speaker 3>(laughs)
"""
BROKEN = TALK.replace("00:04.000 --> 00:06.000", "00:04.000 --> 00:0x")


@pytest.fixture
def episode(db) -> Episode:
    factories.show()
    return factories.episode(guests=["Phil Gyford"])


def file(text: str | bytes = TALK, name: str = "talk.vtt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def upload(host: Client, episode: Episode, upload: Any, **values: Any) -> Any:
    data = form_data(host.get(ADD)) | {"episode": episode.pk, "file": upload} | values
    return host.post(ADD, data)


def change(host: Client, **values: Any) -> Any:
    url = f"/admin/topics/transcript/{Transcript.objects.get().pk}/change/"
    return host.post(url, form_data(host.get(url)) | values)


def test_a_file_becomes_the_episodes_transcript(host: Client, host_user, episode: Episode):
    response = upload(host, episode, file())
    assert response.status_code == 302, errors(response)
    page = host.get(response["Location"]).content.decode()
    assert "Line 3: NOTE blocks are left out." in page
    assert "Line 11: Neither a guest of this episode nor the host goes by this name." in page
    cues = Cue.objects.values_list("text", "guest__name", "speaker")
    assert list(cues) == [
        ("Welcome.", "Nick Janetakis", "Nick"),
        ("Thanks!", "Phil Gyford", "phil gyford"),
        ("(laughs)", None, "Speaker 3"),
    ]
    revision = episode.revisions.get()
    assert (revision.source, revision.user) == ("desk", host_user)
    assert found(host, "laughs") == 1


def test_the_form_says_that_visitors_see_it_at_once(host: Client, episode: Episode):
    assert "Transcript tab shows you the file first." in host.get(ADD).text


def found(client: Client, query: str) -> int:
    """How many episodes a search finds."""
    return client.get("/search.json", {"q": query}).json()["count"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (file(BROKEN), "Line 8: “00:0x” is not a time such as 00:01:02.345."),
        (file(b"\xff\xfe\x00", "a.srt"), "Line 1: This file is not UTF-8"),
        (file("{", "a.json"), "Line 1: This is not JSON"),
        (file("Hello there", "a.txt"), "No words with times in this file."),
        (file("Hello there", "a.txt"), "and so have lines such as “Nick: 12:34”."),
        (file(b"PK\x03\x04\n\0words", "a.docx"), "This is a Word document"),
        (file(b"%PDF-1.7\n", "a.txt"), "This is a PDF, not text: save it as plain text"),
        (file(f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v {'N' * 200}>Hi"), "longer than 120"),
        (file("a" * (10 * 1024 * 1024 + 1)), "at most 10 MB"),
        (file(b""), "empty"),
        ("", "Fill this in."),
    ],
)
def test_a_bad_file_is_refused_whole(host: Client, episode: Episode, given, reason: str):
    assert reason in errors(upload(host, episode, given)).replace("&#x27;", "'")
    assert not Transcript.objects.exists()
    assert not episode.revisions.exists()


def test_many_problems_are_cut(host: Client, episode: Episode):
    lines = "\n\n".join(f"{n}\n00:01 --> x\nHi" for n in range(100))
    messages = errors(upload(host, episode, file(f"WEBVTT\n\n{lines}")))
    assert "And 70 more." in messages
    assert messages.count("is not a time") == 30


def test_another_file_replaces_the_words_or_none(host: Client, episode: Episode):
    upload(host, episode, file(), reviewed="on", language="en")
    assert change(host, file=file(BROKEN)).status_code == 200
    assert Cue.objects.count() == 3
    assert change(host, file=file(TALK.replace("Welcome.", "Hi."))).status_code == 302
    assert [cue.text for cue in Cue.objects.all()] == ["Hi.", "Thanks!", "(laughs)"]
    assert Transcript.objects.get().language == "en"


@pytest.mark.parametrize("given", [{}, {"file": file()}])
def test_reviewed_follows_the_form(host: Client, episode: Episode, given: dict):
    def is_reviewed() -> set[bool]:
        return {Transcript.objects.get().reviewed, *Cue.objects.values_list("reviewed", flat=True)}

    upload(host, episode, file())
    assert is_reviewed() == {False}
    edits = Episode.objects.get().edit_number
    change(host, reviewed="on", **given)
    assert is_reviewed() == {True}
    url = f"/admin/topics/transcript/{Transcript.objects.get().pk}/change/"
    data = form_data(host.get(url))
    del data["reviewed"]
    host.post(url, data)
    assert is_reviewed() == {False}
    assert Episode.objects.get().edit_number > edits


def test_one_transcript_to_an_episode_and_none_to_an_interview(host: Client, episode: Episode):
    upload(host, episode, file())
    assert "taken already" in errors(upload(host, episode, file()))
    interview = factories.episode("Words", 2, kind=Episode.Kind.INTERVIEW, seconds=None)
    assert "no transcript" in errors(upload(host, interview, file()))


def test_the_episodes_form_links_to_it(host: Client, episode: Episode):
    form = f"/admin/episodes/episode/{episode.pk}/change/"
    tab = f"/admin/episodes/episode/{episode.pk}/transcript"
    assert f'<a href="{tab}">Transcript</a>' in host.get(form).text
    assert "Add the transcript" in host.get(tab).text
    add = f"{ADD}?episode={episode.pk}"
    assert form_data(host.get(add))["episode"] == str(episode.pk)
    upload(host, episode, file())
    assert "3 lines. Machine-made, not reviewed." in host.get(tab).text
    change(host, reviewed="on")
    assert "3 lines. Reviewed." in host.get(tab).text


def test_a_deleted_transcript_is_not_found(host: Client, episode: Episode):
    upload(host, episode, file())
    assert found(host, "laughs") == 1
    url = f"/admin/topics/transcript/{Transcript.objects.get().pk}/delete/"
    assert host.post(url, {"post": "yes"}).status_code == 302
    assert not Cue.objects.exists()
    assert found(host, "laughs") == 0


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Episode.Status.DRAFT},
        {"status": Episode.Status.WITHDRAWN},
        {"published_at": datetime(2999, 1, 1, tzinfo=UTC)},
    ],
    ids=["draft", "withdrawn", "scheduled"],
)
def test_whoever_sees_no_drafts_uploads_none_of_their_transcripts(
    client: Client, episode: Episode, hidden: dict[str, Any]
):
    """Neither title nor guests of one are told."""
    secret = factories.episode("Unannounced takeover", 9, guests=["Bob Hidden"], **hidden)
    user = User.objects.create_user("typist", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="add_transcript"))
    client.force_login(user)
    answer = client.post(ADD, {"episode": secret.pk, "file": file(TALK), "language": "en"})
    assert "not among the choices" in errors(answer)
    assert "Neither a guest" not in answer.text and "Unannounced" not in answer.text
    assert not Transcript.objects.exists()
    answer = client.post(ADD, {"episode": episode.pk, "file": file(TALK), "language": "en"})
    assert answer.status_code == 302
