"""Editing an episode as a browser does: fetch the page, change its values, post them."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desk.tests.forms import errors, form_data
from episodes.models import Enclosure, Episode
from episodes.tests import factories
from media.tests.recordings import mp3
from notes.models import Revision
from topics.models import Topic

ADD = "/admin/episodes/episode/add/"


def change_url(episode: Episode) -> str:
    return reverse("admin:episodes_episode_change", args=[episode.pk])


def add_topic(data: dict, time: str, text: str) -> None:
    index = int(data["topics-TOTAL_FORMS"]) - 1  # the blank one
    data |= {f"topics-{index}-seconds": time, f"topics-{index}-text": text}


@pytest.fixture
def episode(db) -> Episode:
    factories.show()
    return factories.episode(
        topics=[(61, "One"), (400, "Two"), (900, "Three")],
        seconds=4000,
        technologies=["Django", "Redis"],
        guests=["Phil Gyford"],
    )


def test_a_form_needs_as_many_queries_for_many_rows(host: Client, db):
    factories.show()
    asked = []
    for number, count in enumerate((3, 12), start=1):
        row = factories.episode(
            f"With {count}",
            number,
            topics=[(second, "A topic") for second in range(count)],
            technologies=[f"Technology {each}" for each in range(count)],
            guests=[f"Guest {each}" for each in range(count)],
        )
        with CaptureQueriesContext(connection) as queries:
            page = host.get(change_url(row)).text
        for each in row.uses.all():
            assert page.count(f'value="{each.technology}"') == 1
        asked.append(len(queries))
    assert asked[1] <= asked[0]


def test_topics_are_changed_added_and_deleted(host: Client, host_user, episode: Episode):
    one, two, three = episode.topics.all()
    data = form_data(host.get(change_url(episode)))
    assert data["topics-0-seconds"] == "1:01"
    data["topics-0-seconds"] = "1:02:03"
    data["topics-1-DELETE"] = "on"
    add_topic(data, "10:00", "Using *Docker*\nCompose")

    response = host.post(change_url(episode), data)

    assert response.status_code == 302, errors(response)
    rows = list(Topic.objects.filter(episode=episode))
    assert [(row.seconds, row.position, row.text) for row in rows] == [
        (600, 0, "Using *Docker* Compose"),
        (900, 1, "Three"),
        (3723, 2, "One"),
    ]
    assert (rows[1].pk, rows[2].pk) == (three.pk, one.pk)
    assert not Topic.objects.filter(pk=two.pk).exists()
    assert rows[0].html == "Using <em>Docker</em> Compose"
    assert rows[0].plain == "Using Docker Compose"
    revision = Revision.objects.get(episode=episode)
    assert (revision.user, revision.source) == (host_user, "desk")
    assert "1:02:03" in revision.notes


def test_saving_without_changes_changes_nothing(host: Client, episode: Episode):
    def rows():
        return [
            list(manager.values_list())
            for manager in (episode.topics, episode.uses, episode.appearances)
        ]

    before = rows()
    for _ in range(2):
        data = form_data(host.get(change_url(episode)))
        assert host.post(change_url(episode), data).status_code == 302
    assert rows() == before
    assert Revision.objects.filter(episode=episode).count() == 1


def test_topics_at_one_second_keep_the_order_of_entry(host: Client, episode: Episode):
    data = form_data(host.get(change_url(episode)))
    data["topics-0-seconds"] = data["topics-1-seconds"] = "15:00"
    assert host.post(change_url(episode), data).status_code == 302
    texts = list(episode.topics.values_list("text", flat=True))
    assert texts == ["One", "Two", "Three"]


def test_moved_rows_are_stored_in_their_new_order(host: Client, episode: Episode):
    django, redis = episode.uses.all()
    data = form_data(host.get(change_url(episode)))
    factories.technology("Docker")
    data |= {"uses-0-place": "2", "uses-1-place": "0", "uses-2-place": "1"}
    data["uses-2-name"] = "docker"
    assert host.post(change_url(episode), data).status_code == 302
    uses = list(episode.uses.values_list("technology__name", "position"))
    assert uses == [("Redis", 0), ("Docker", 1), ("Django", 2)]
    assert {django.pk, redis.pk} <= set(episode.uses.values_list("pk", flat=True))


def test_a_topic_added_by_someone_else_meanwhile_stays(host: Client, episode: Episode):
    data = form_data(host.get(change_url(episode)))
    episode.topics.create(position=3, seconds=500, text="From the other tab")
    add_topic(data, "5:00", "From this one")
    assert host.post(change_url(episode), data).status_code == 302
    assert list(episode.topics.values_list("position", "text")) == [
        (0, "One"),
        (1, "From this one"),
        (2, "Two"),
        (3, "From the other tab"),
        (4, "Three"),
    ]


def test_an_invalid_time_is_an_error(host: Client, episode: Episode, subtests: pytest.Subtests):
    data = form_data(host.get(change_url(episode)))
    for time in ("1:75", "soon", "1:2:3:4", "-5", "99999999", "٣:٠٠"):
        with subtests.test(time):
            response = host.post(change_url(episode), data | {"topics-0-seconds": time})
            assert "is not a time such as 25:26 or 1:02:03" in errors(response)
            assert f'value="{time}"' in response.content.decode()
            assert not Revision.objects.exists()


SOUND = mp3(70)
MISTAKES: list[tuple[dict[str, str], str]] = [
    ({"number": "2"}, "Another episode has this number."),
    ({"slug": "2-taken"}, "Another episode has this address."),
    ({"guid": "taken"}, "Another episode has this GUID."),
    ({"slug": "37"}, "not digits alone"),
    ({"slug": "a.b"}, "not digits alone"),
    ({"title": ""}, "Fill this in."),
    ({"title": "a\0b"}, "Null characters are not allowed."),
    ({"number": "99999999999"}, "Enter a number up to"),
    ({"number": ""}, "Give the episode its number before it is published."),
    ({"published_at_0": ""}, "Enter a date such as 2020-04-27."),
    (
        {"published_at_0": "", "published_at_1": ""},
        "A published or withdrawn episode needs a date.",
    ),
    ({"published_at_0": "9999-12-31"}, "Enter a year between 1970 and 2200."),
    ({"published_at_0": "0001-01-01"}, "Enter a year between 1970 and 2200."),
    ({"language": "en_US"}, "“en_US” isn’t a language code"),
    ({"published_at_0": "2020-02-31"}, "Enter a date such as 2020-04-27."),
    ({"enclosure-0-name": "taken.mp3"}, "File name: taken already."),
    ({"enclosure-0-url": ""}, "Audio is a file or an address elsewhere."),
    ({"enclosure-0-seconds": "an hour"}, "is not a time such as"),
    ({"references-0-url": "javascript:alert(1)"}, "Enter a web address such as"),
]


def test_errors_are_messages(host: Client, episode: Episode, subtests: pytest.Subtests):
    other = factories.episode("Other", 2, slug="2-taken", guid="taken")
    Enclosure.objects.filter(episode=other).update(name="taken.mp3")
    data = form_data(host.get(change_url(episode)))
    for changes, message in MISTAKES:
        with subtests.test(str(changes)):
            response = host.post(change_url(episode), data | changes)
            assert message in errors(response)
            assert not Revision.objects.exists()


def test_times_are_in_the_shows_time_zone(host: Client, episode: Episode):
    Episode.objects.filter(pk=episode.pk).update(
        published_at=datetime(2020, 6, 29, 4, 0, tzinfo=UTC)
    )
    data = form_data(host.get(change_url(episode)))
    page = host.get(change_url(episode)).content.decode()
    assert 'value="2020-06-29"' in page
    assert 'value="00:00:00"' in page
    data |= {"published_at_0": "2099-01-15", "published_at_1": "08:30"}
    assert host.post(change_url(episode), data).status_code == 302
    episode.refresh_from_db()
    assert episode.published_at == datetime(2099, 1, 15, 13, 30, tzinfo=UTC)
    changelist = host.get("/admin/episodes/episode/").content.decode()
    assert "15 Jan 2099, 08:30" in changelist
    assert "Scheduled" in changelist


def test_a_date_without_a_time_is_midnight_in_the_shows_time_zone(host: Client, episode: Episode):
    data = form_data(host.get(change_url(episode)))
    data |= {"published_at_0": "2020-12-01", "published_at_1": ""}
    assert host.post(change_url(episode), data).status_code == 302
    episode.refresh_from_db()
    assert episode.published_at == datetime(2020, 12, 1, 5, 0, tzinfo=UTC)


def test_a_new_episode(host: Client, db):
    factories.show()
    data = form_data(host.get(ADD))
    data |= {"title": "A Café’s Orders", "number": "108", "slug": ""}
    data |= {"enclosure-TOTAL_FORMS": "1", "enclosure-0-url": "https://audio.example.org/108.mp3"}
    data |= {"enclosure-0-name": "rip-108.mp3", "enclosure-0-seconds": "1:02:03"}
    data["enclosure-0-type"] = "audio/mpeg"
    add_topic(data, "0:45", "Motivation")
    response = host.post(ADD, data)
    assert response.status_code == 302, errors(response)
    episode = Episode.objects.get()
    assert episode.slug == "108-a-cafes-orders"
    assert episode.status == Episode.Status.DRAFT
    assert episode.enclosure.seconds == 3723
    assert episode.topics.get().plain == "Motivation"
    assert Revision.objects.get().source == "desk"


def test_an_empty_address_of_a_library_is_the_librarys_own(host: Client, episode: Episode):
    library = factories.library("https://gunicorn.org/")
    data = form_data(host.get(change_url(episode)))
    data["library_uses-0-library"] = str(library.pk)
    assert host.post(change_url(episode), data).status_code == 302
    assert episode.library_uses.get().url == "https://gunicorn.org/"


def test_removed_audio_is_not_in_the_revision(host: Client, episode: Episode):
    data = form_data(host.get(change_url(episode)))
    data["enclosure-0-DELETE"] = "on"
    assert host.post(change_url(episode), data).status_code == 302
    assert Revision.objects.get().facts["enclosure"] is None


def upload(host: Client, episode: Episode, content: bytes = SOUND) -> Any:
    """Upload the first recording, with wrong facts."""
    Enclosure.objects.all().delete()
    data = form_data(host.get(change_url(episode)))
    data |= {"enclosure-TOTAL_FORMS": "1", "enclosure-0-bytes": "1", "enclosure-0-seconds": "1"}
    data["enclosure-0-type"] = "audio/mp4"
    sound = SimpleUploadedFile("take-2.mp3", content, "audio/mpeg")
    return host.post(change_url(episode), data | {"enclosure-0-file": sound}, follow=True)


def test_facts_are_read_from_the_recording(host: Client, episode: Episode):
    assert "saved." in upload(host, episode).content.decode()
    enclosure = Enclosure.objects.get(episode=episode)
    assert enclosure.bytes == enclosure.file.size > len(SOUND)  # it got its chapters
    assert enclosure.seconds == 70
    assert (enclosure.name, enclosure.type) == (f"{episode.slug}.mp3", "audio/mpeg")


def test_a_file_that_is_not_audio_is_refused(host: Client, episode: Episode):
    assert "neither MP3 nor M4A" in errors(upload(host, episode, b"sound" * 100))
    assert not Enclosure.objects.exists()


def test_a_failing_storage_is_a_message(host: Client, episode: Episode, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "no folder"
    settings.MEDIA_ROOT.write_text("but a file")
    page = upload(host, episode).content.decode()
    assert "Nothing was saved: the file could not be stored" in page
    assert not Enclosure.objects.exists()
    assert not Revision.objects.exists()


def test_the_guid_of_a_published_episode_is_fixed(host: Client, episode: Episode):
    guid = episode.guid
    data = form_data(host.get(change_url(episode)))
    host.post(change_url(episode), data)
    data = form_data(host.get(change_url(episode)))
    assert "guid" not in data
    host.post(change_url(episode), data | {"guid": "another"})
    episode.refresh_from_db()
    assert episode.guid == guid


def test_a_conflict_names_the_other_editor_and_loses_nothing(
    host: Client, host_user, episode: Episode
):
    mine = form_data(host.get(change_url(episode))) | {"summary": "Mine"}
    theirs = form_data(host.get(change_url(episode))) | {"introduction": "Theirs"}
    assert host.post(change_url(episode), theirs).status_code == 302

    refused = host.post(change_url(episode), mine)

    assert refused.status_code == 200
    assert f"<strong>{host_user}</strong> saved this while" in str(errors(refused))
    episode.refresh_from_db()
    assert (episode.introduction, episode.summary) == ("Theirs", "")
    again = form_data(refused)
    assert again["summary"] == "Mine"
    assert host.post(change_url(episode), again).status_code == 302
    episode.refresh_from_db()
    assert episode.summary == "Mine"


def test_an_episode_published_without_a_number_gets_one(host: Client, episode: Episode):
    """Imports may know none."""
    Episode.objects.filter(pk=episode.pk).update(
        number=None, first_published_at=episode.published_at
    )
    data = form_data(host.get(change_url(episode)))
    assert "Give the episode its number" in errors(host.post(change_url(episode), data))
    assert host.post(change_url(episode), data | {"number": "7"}).status_code == 302
    assert Episode.objects.get(pk=episode.pk).number == 7


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("draft", (["disabled"], "Published or scheduled: on the checklist")),
        ("published", (["selected"], "Published (or scheduled, by its date)")),
    ],
)
def test_a_draft_is_published_on_its_checklist(
    host: Client, episode: Episode, status: str, offered: tuple[list[str], str]
):
    """A select box would publish an episode that nobody has checked."""
    Episode.objects.update(status=status)
    page = host.get(change_url(episode)).text
    option = re.search(r'<option value="published"([^>]*)>([^<]*)</option>', page)
    assert option
    told = (option[1].split(), option[2])
    assert told == offered
    data = form_data(host.get(change_url(episode)))
    assert data["status"] == status
    assert host.post(change_url(episode), data).status_code == 302


LATE = "This is past the recording’s end, 1:06:40. Save again to keep it."
LONG = "This has 3000 characters. Players show a line. Save again to keep it."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("90:00:00", "Late"), LATE),
        (("20:00", "Long " * 600), LONG.replace("3000", "2999")),
        (("6:40", "Two"), "This topic is here already. Save again to keep it."),
    ],
)
def test_a_doubtful_topic_is_told_before_it_is_saved(
    host: Client, episode: Episode, typed: tuple[str, str], told: str
):
    """Visitors would see it before the host opens the checklist."""
    data = form_data(host.get(change_url(episode)))
    add_topic(data, *typed)
    refused = host.post(change_url(episode), data)
    assert told in errors(refused)
    assert episode.topics.count() == 3
    assert host.post(change_url(episode), form_data(refused)).status_code == 302
    assert episode.topics.count() == 4
    # What stands as it was saved is no new doubt.
    data = form_data(host.get(change_url(episode))) | {"summary": "Another"}
    assert host.post(change_url(episode), data).status_code == 302


def test_a_reference_given_twice_is_told_before_it_is_saved(host: Client, episode: Episode):
    data = form_data(host.get(change_url(episode)))
    for url in ("https://example.org/yaks", "https://example.org/yaks/"):
        index = int(data["references-TOTAL_FORMS"]) - 1
        data |= {f"references-{index}-url": url, f"references-{index}-label": "Yaks"}
        refused = host.post(change_url(episode), data)
        data = form_data(host.get(change_url(episode))) | {"summary": "Yaks"}
    assert "This address is here already. Save again to keep it." in errors(refused)
    assert episode.references.count() == 1
    assert host.post(change_url(episode), form_data(refused)).status_code == 302
    assert episode.references.count() == 2
