"""The history of an episode: what each save changed, and the way back."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from desk.history.differences import differences
from desk.tests.forms import errors, form_data
from desk.tests.test_episode_form import change_url
from episodes.models import Appearance, Enclosure, Episode
from episodes.tests import factories
from notes.apply import finish_edit
from notes.grammar.draft import Draft, GuestDraft
from notes.history import EpisodeSnapshot, current_snapshot, last_revision
from notes.models import Revision
from notes.restoring import restore


@pytest.fixture
def episode(db) -> Episode:
    factories.show()
    row = factories.episode(
        topics=[(61, "One"), (400, "Two")],
        technologies=["Django", "Redis"],
        guests=["Phil Gyford", "Ann Other"],
        libraries=["https://github.com/celery/celery"],
        references=["https://example.org/a"],
        summary="Diaries.",
    )
    Appearance.objects.filter(episode=row, guest__name="Ann Other").update(role="co-host")
    finish_edit(row, None, "import_show_notes")
    return Episode.objects.get(pk=row.pk)


def history(episode: Episode) -> str:
    return reverse("admin:episodes_episode_history", args=[episode.pk])


def save(host: Client, episode: Episode, **changed: str) -> None:
    data = form_data(host.get(change_url(episode))) | changed
    assert host.post(change_url(episode), data).status_code == 302


def test_the_history_says_who_changed_what(host: Client, episode: Episode):
    save(host, episode, **{"topics-0-text": "One database", "title": "Diaries on the Web"})
    page = host.get(history(episode)).content.decode()
    assert "by nick, at the desk" in page
    assert "Topic 1:01" in page
    assert "<ins> database</ins>" in page
    assert "on the Web</ins>" in page
    assert "from imported show notes" in page


def test_people_have_their_names(host: Client, host_user: User, episode: Episode):
    save(host, episode, summary="Letters.")
    User.objects.filter(pk=host_user.pk).update(first_name="Anna", last_name="Lee")
    assert "by Anna Lee, at the desk" in host.get(history(episode)).text
    last: Any = last_revision(episode)
    assert (
        "by Anna Lee, at the desk"
        in host.get(reverse("revision", args=[episode.pk, last.number])).text
    )


def test_the_form_of_an_episode_leads_to_it(host: Client, episode: Episode):
    assert f'href="{history(episode)}"' in host.get(change_url(episode)).content.decode()


@pytest.mark.parametrize("saves", [2, 12])
def test_a_history_costs_the_same_however_long(
    host: Client, episode: Episode, saves: int, django_assert_num_queries
):
    for number in range(saves):
        Episode.objects.filter(pk=episode.pk).update(summary=f"Version {number}")
        finish_edit(Episode.objects.get(pk=episode.pk), None, "desk")
    host.get(history(episode))
    with django_assert_num_queries(8):
        host.get(history(episode))


def test_one_click_brings_the_whole_back(host: Client, host_user, episode: Episode):
    before = current_snapshot(episode)
    topic = episode.topics.first()
    Appearance.objects.filter(episode=episode, position=1).update(role="guest")
    save(
        host,
        episode,
        **{
            "title": "Otherwise",
            "number": "7",
            "topics-0-text": "Something else altogether",
            "topics-1-DELETE": "on",
            "uses-0-DELETE": "on",
            "references-0-DELETE": "on",
            "correction": "Put right.",
        },
    )
    assert current_snapshot(Episode.objects.get(pk=episode.pk)) != before
    address = reverse("revision", args=[episode.pk, 1])
    assert "Restore this revision" in host.get(address).content.decode()
    assert host.post(address).status_code == 302
    restored = Episode.objects.get(pk=episode.pk)
    assert current_snapshot(restored) == before
    assert restored.topics.first().pk == topic.pk
    last = last_revision(episode)
    assert (last.number, last.user, last.source) == (3, host_user, "restore of 1")


def test_a_restore_takes_it_out_of_the_bin_and_back(host: Client, host_user, episode: Episode):
    host.post(reverse("admin:episodes_episode_delete", args=[episode.pk]), {"post": "yes"})
    assert not Episode.objects.exists()
    assert "moved to the bin" in host.get(history(episode)).content.decode()
    restore(Revision.objects.get(episode=episode, number=1), host_user, with_state=True)
    assert Episode.objects.get().pk == episode.pk


def draft_then_public(episode: Episode) -> Revision:
    """The revision of the draft; the episode is public now, under another title."""
    rows = Episode.objects.filter(pk=episode.pk)
    rows.update(status="draft", published_at=None, number=None)
    finish_edit(rows.get(), None, "desk")
    draft = newest(episode)
    rows.update(
        status="published", published_at=factories.FIRST_PUBLISHED, number=1, title="Public"
    )
    finish_edit(rows.get(), None, "desk")
    return draft


def test_restoring_a_draft_takes_nothing_offline(host: Client, episode: Episode):
    title = episode.title
    address = reverse("revision", args=[episode.pk, draft_then_public(episode).number])
    page = host.get(address).content.decode()
    told, asked = page.split("State and date stay as they are today")
    assert "<strong>Title</strong>" in told
    assert "<strong>Status</strong>" not in told
    assert "<strong>Status</strong>" in asked

    done = host.post(address, follow=True).content.decode()

    now = Episode.objects.published().get(pk=episode.pk)
    assert (now.title, now.number, now.published_at) == (title, 1, factories.FIRST_PUBLISHED)
    assert "It stays published, with its date" in done


def test_a_restore_takes_it_offline_on_request(host: Client, episode: Episode):
    draft = draft_then_public(episode)
    address = reverse("revision", args=[episode.pk, draft.number])
    page = host.post(address, {"state": "on"}, follow=True).content.decode()
    assert "Visitors no longer see it: it is a draft" in page
    now = Episode.objects.get(pk=episode.pk)
    assert (now.status, now.published_at) == ("draft", None)


def test_a_revision_that_differs_in_state_alone_is_offered(host: Client, episode: Episode):
    rows = Episode.objects.filter(pk=episode.pk)
    rows.update(status="withdrawn")
    finish_edit(rows.get(), None, "desk")
    page = host.get(reverse("revision", args=[episode.pk, 1])).content.decode()
    assert "Restore this revision" in page
    assert "withdrawn" in page


def test_binning_by_a_restore_needs_the_right_to_delete(host: Client, episode: Episode):
    host.post(reverse("admin:episodes_episode_delete", args=[episode.pk]), {"post": "yes"})
    binned = newest(episode)
    restore(Revision.objects.get(episode=episode, number=1), None, with_state=True)
    editor = User.objects.create_user("changer", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="change_episode"))
    client = Client()
    client.force_login(editor)
    address = reverse("revision", args=[episode.pk, binned.number])
    assert client.post(address, {"state": "on"}).status_code == 403
    assert Episode.objects.filter(pk=episode.pk).exists()
    assert host.post(address, {"state": "on"}).status_code == 302
    assert not Episode.objects.filter(pk=episode.pk).exists()


def test_posting_to_the_history_of_a_form_is_no_error(host: Client, episode: Episode):
    guest = episode.guests.first()
    assert guest
    for path in (f"/admin/guests/guest/{guest.pk}/history/", "/admin/show/show/1/history/"):
        assert host.post(path).status_code < 500


def test_a_number_given_away_since_stops_a_restore_whole(host: Client, episode: Episode):
    Episode.objects.filter(pk=episode.pk).update(number=9, title="Moved")
    finish_edit(Episode.objects.get(pk=episode.pk), None, "import_feed")
    factories.episode("Another", 1, seconds=None)
    host.post(reverse("revision", args=[episode.pk, 1]))
    assert "Another episode has this number" in host.get(history(episode)).content.decode()
    episode.refresh_from_db()
    assert (episode.number, episode.title) == (9, "Moved")


def test_facts_files_and_roles_are_told():
    facts = {"number": 1, "published_at": "2020-06-01T04:00:00+00:00", "enclosure": None}
    beside = {"deleted": False, "image": "", "roles": ["guest"], "audio": None}
    draft = Draft(guests=(GuestDraft("Phil Gyford"),))
    old = EpisodeSnapshot(draft, facts, beside)
    changed = facts | {
        "number": 2,
        "published_at": None,
        "enclosure": {"seconds": 61, "url": "https://x"},
    }
    files = {"deleted": True, "roles": ["co-host"], "audio": {"file": "audio/0abcdef/a.mp3"}}
    found = differences(old, EpisodeSnapshot(draft, changed, beside | files))
    assert [(each.what, each.how, *(span.text for span in each.spans)) for each in found] == [
        ("Number", "changed", "1", " → ", "2"),
        ("Published", "removed", "1 Jun 2020, 04:00"),
        ("Audio: length", "added", "1:01"),
        ("Audio: address", "added", "https://x"),
        ("Episode", "moved to the bin"),
        ("Role of Phil Gyford", "changed", "guest", " → ", "co-host"),
        ("Recording", "added", "a.mp3"),
    ]
    assert differences(EpisodeSnapshot(draft, facts, {}), old) == differences(old, old) == []


def audio_changes(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, ...]]:
    """What the history says of two states of a recording."""
    snapshots = []
    for audio in (old, new):
        url = audio["file"]
        facts = {"enclosure": {"url": url, "bytes": audio["bytes"], "type": "audio/mpeg"}}
        beside = {"deleted": False, "image": "", "roles": [], "audio": audio}
        snapshots.append(EpisodeSnapshot(Draft(), facts, beside))
    return [
        (each.what, each.how, *(span.text for span in each.spans))
        for each in differences(*snapshots)
    ]


def test_a_recording_changes_in_the_words_of_a_host():
    """Neither keys of files nor bytes say anything to them, nor what the site wrote itself."""
    first = {"file": "audio/7e60/one.mp3", "bytes": 11_000_268, "seconds": 60}
    with_chapters = first | {
        "file": "audio/5c05/one.mp3", "bytes": 11_001_875, "chapters_written": "0" * 64,
    }  # fmt: skip
    assert audio_changes(first, with_chapters) == [("Recording", "got the topics as its chapters")]
    assert audio_changes(first, first | {"file": "audio/0000/one.mp3"}) == []
    other = first | {"file": "audio/5c05/one.mp3", "bytes": 22_000_000, "seconds": 61}
    assert audio_changes(first, other) == [
        ("Audio: size", "changed", "10.5\xa0MB", " → ", "21.0\xa0MB"),
        ("Recording", "replaced by another file", "one.mp3"),
    ]


def newest(episode: Episode) -> Revision:
    return Revision.objects.filter(episode=episode)[0]


def recorded(episode: Episode, content: bytes) -> Enclosure:
    Enclosure.objects.filter(episode=episode).delete()
    audio = Enclosure(episode=episode, name="one.mp3", bytes=len(content), seconds=60)
    audio.file.save("one.mp3", ContentFile(content))
    finish_edit(Episode.objects.get(pk=episode.pk), None, "desk")
    return audio


def test_a_removed_recording_is_said_not_to_come_back(host: Client, host_user, episode: Episode):
    audio = recorded(episode, b"first")
    with_first = newest(episode)
    stored = str(audio.file)
    audio.file.save("one.mp3", ContentFile(b"the second"))
    audio.bytes = 10
    audio.save()
    default_storage.delete(stored)
    finish_edit(Episode.objects.get(pk=episode.pk), None, "desk")

    stays = "The former recording has been removed; today’s stays."
    address = reverse("revision", args=[episode.pk, with_first.number])
    text = host.get(address).text
    assert stays in text and "Restoring it would change nothing." in text
    Episode.objects.update(summary="Another")
    finish_edit(Episode.objects.get(pk=episode.pk), None, "desk")
    page: Any = host.get(address)
    assert stays in page.text
    assert [each.what for each in page.context_data["changes"]] == ["Summary"]

    lost = restore(with_first, host_user)

    assert any("former recording has been removed" in sentence for sentence in lost)
    audio.refresh_from_db()
    assert audio.file.read() == b"the second"


def test_a_recording_hidden_for_a_time_is_still_the_one(host_user, episode: Episode):
    audio = recorded(episode, b"the bytes")
    published = newest(episode)
    Episode.objects.filter(pk=episode.pk).update(status="withdrawn")
    finish_edit(Episode.objects.get(pk=episode.pk), None, "desk")
    default_storage.delete(str(audio.file))  # what the end of the transaction does

    assert restore(published, host_user, with_state=True) == []

    audio.refresh_from_db()
    assert audio.file.read() == b"the bytes"
    assert Episode.objects.published().filter(pk=episode.pk).exists()


def test_a_guid_stays_once_apps_know_it(host_user, episode: Episode):
    Revision.objects.filter(episode=episode).update(facts={**newest(episode).facts, "guid": "old"})
    lost = restore(newest(episode), host_user)
    assert any("GUID" in sentence for sentence in lost)
    assert Episode.objects.get(pk=episode.pk).guid != "old"


def test_only_who_may_change_episodes_restores(episode: Episode):
    reader = User.objects.create_user("reader", password="password", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_episode"))
    client = Client()
    client.force_login(reader)
    address = reverse("revision", args=[episode.pk, 1])
    assert client.get(history(episode)).status_code == 200
    assert "Restore this" not in client.get(address).content.decode()
    assert client.post(address).status_code == 403
    assert Client().get(history(episode)).status_code == 302


def test_the_second_editor_is_told_what_the_first_changed(
    host: Client, host_user, episode: Episode
):
    mine = form_data(host.get(change_url(episode))) | {"topics-0-text": "Mine"}
    save(host, episode, **{"topics-1-text": "<b>Theirs</b>", "slug": "new"})
    refused = host.post(change_url(episode), mine)
    told = errors(refused)
    assert "<strong>nick</strong> saved this while you were editing it" in told
    assert "Topic 6:40" in told
    assert "&lt;b&gt;Theirs&lt;/b&gt;</ins>" in told
    assert "<ins>new</ins>" in told
    again = form_data(refused)
    assert again["topics-0-text"] == "Mine"
    assert host.post(change_url(episode), again).status_code == 302
    assert "Mine" in episode.topics.values_list("text", flat=True)


def refused_by_a_colleague(
    host: Client, episode: Episode, mine: dict[str, str], theirs: dict[str, str]
) -> tuple[dict[str, str], str]:
    """The form as it comes back after a colleague saved, and what it says."""
    data = form_data(host.get(change_url(episode))) | mine
    colleague = Client()
    colleague.force_login(User.objects.create_superuser("mary"))
    save(colleague, episode, **theirs)
    refused = host.post(change_url(episode), data)
    opened_at = re.search(r'name="merge" value="(\d+)"', errors(refused))
    assert opened_at
    return form_data(refused) | {"merge": opened_at[1]}, errors(refused)


def test_what_only_the_other_changed_stays_theirs(host: Client, episode: Episode):
    """The first changed a topic and the summary; the second the summary and all sorts."""
    add_topics(episode)
    mine = {"topics-0-text": "Mine", "summary": "Mine"}
    theirs = {
        "title": "Theirs", "topics-1-text": "Theirs", "topics-2-DELETE": "on", "summary": "Theirs",
        "season": "3", "uses-1-DELETE": "on", "published_at_0": "2020-02-02",
    }  # fmt: skip
    data, told = refused_by_a_colleague(host, episode, mine, theirs)
    assert "<strong>mary</strong> saved this" in told and "That was you" not in told
    page = host.post(change_url(episode), data, follow=True)
    assert "Both changed this, and yours stays: summary. Before, it was “Theirs”." in page.text
    assert page.text.count("Both changed this") == 1
    episode.refresh_from_db()
    assert (episode.title, episode.summary, episode.season) == ("Theirs", "Mine", 3)
    assert f"{episode.published_at:%Y-%m-%d}" == "2020-02-02"
    assert [topic.text for topic in episode.topics.all()] == ["Mine", "Theirs"]
    assert [use.technology.name for use in episode.uses.all()] == ["Django"]


def test_a_guests_form_keeps_what_only_the_other_changed(host: Client, episode: Episode):
    guest = episode.guests.get(name="Phil Gyford")
    url = f"/admin/guests/guest/{guest.pk}/change/"
    mine = form_data(host.get(url)) | {"introduction": "Mine", "twitter": "mine"}
    theirs = {"website": "https://phil.example", "pronunciation": "fil", "twitter": "theirs"}
    host.post(url, form_data(host.get(url)) | theirs)
    refused = host.post(url, mine)
    opened_with = re.search(r'name="merge" value="([^"]+)"', errors(refused))
    assert opened_with
    data = form_data(refused) | {"merge": unescape(opened_with[1])}
    assert host.post(url, data).status_code == 302
    guest.refresh_from_db()
    assert (guest.introduction, guest.twitter) == ("Mine", "mine")
    assert (guest.website, guest.pronunciation) == ("https://phil.example", "fil")


def add_topics(episode: Episode) -> None:
    """A third one."""
    episode.topics.create(seconds=900, text="Three", position=2)
    finish_edit(Episode.objects.get(pk=episode.pk), None, "desk")


def test_a_topic_that_another_deleted_can_be_saved_again(host: Client, episode: Episode):
    """As the conflict says: the form replaces what the other saved."""
    add_topics(episode)
    mine = {"topics-0-text": "Mine", "topics-2-text": "Mine, too"}
    data, _ = refused_by_a_colleague(host, episode, mine, {"topics-0-DELETE": "on"})
    del data["merge"]
    assert host.post(change_url(episode), data).status_code == 302
    assert [topic.text for topic in episode.topics.all()] == ["Mine", "Two", "Mine, too"]


def test_a_refused_merge_is_still_a_conflict(host: Client, episode: Episode):
    mine, theirs = {"topics-0-seconds": "soon"}, {"title": "Theirs"}
    data = form_data(host.get(change_url(episode))) | mine
    save(host, episode, **theirs)
    told = errors(host.post(change_url(episode), data))
    assert "That was you, in another tab or window." in told
    opened_at = re.search(r'name="merge" value="(\d+)"', told)
    assert opened_at
    refused = host.post(change_url(episode), data | {"merge": opened_at[1]})
    assert "is not a time" in errors(refused)
    again = form_data(refused) | {"topics-0-seconds": "1:02"}
    assert "saved this while" in errors(host.post(change_url(episode), again))
    for odd in ("x", "9" * 30, "-1", ""):
        told = errors(host.post(change_url(episode), again | {"merge": odd}))
        assert "It is unknown what the form was opened with." in told


def test_a_save_that_changed_nothing_is_no_conflict(host: Client, episode: Episode):
    mine = form_data(host.get(change_url(episode))) | {"topics-0-text": "Mine"}
    save(host, episode)
    assert host.post(change_url(episode), mine).status_code == 302
