"""Imports over a catalogue that people use: what they must leave alone."""

from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.utils import timezone

from episodes.models import Episode
from episodes.tests.factories import episode, show
from notes.apply import apply_facts, finish_edit
from notes.grammar.draft import Draft, EnclosureFacts, Facts, LinkDraft, TopicDraft
from notes.models import ImportSource, Revision
from show.models import Redirect
from transfer.importers.episode import import_episode
from transfer.importers.report import Report

pytestmark = pytest.mark.django_db

DRAFT = Draft(title="A Site", topics=(TopicDraft(60, "Why Django"),))
AUDIO = EnclosureFacts("https://audio.example.org/37.mp3", 555, 1234, "audio/mp4")
FACTS = Facts(
    kind="podcast",
    number=37,
    slug="37-a-site",
    guid="urn:x:37",
    status="published",
    published_at=timezone.now(),
    enclosure=AUDIO,
)


def run(draft: Draft = DRAFT, facts: Facts = FACTS) -> str:
    out = StringIO()
    import_episode(draft, facts, ImportSource.SHOW_NOTES, Report(out).within("notes.txt"))
    return out.getvalue()


def edit(**facts: Any) -> Episode:
    """What the host does at the desk."""
    row = Episode.objects.get()
    apply_facts(row, Facts(**facts))
    finish_edit(row, None, "desk")
    return row


@pytest.fixture(autouse=True)
def imported() -> None:
    show()
    run()


def test_a_withdrawn_episode_stays_withdrawn():
    edit(status="withdrawn")
    assert "[status: withdrawn]" in run()
    assert Episode.objects.get().status == "withdrawn"


def test_a_deleted_episode_stays_in_the_bin():
    Episode.objects.update(deleted_at=timezone.now())
    assert "In the desk's bin: left there." in run()
    assert not Episode.objects.exists()
    assert Episode.with_deleted.count() == 1


def test_apps_keep_the_guid_they_know():
    edit(correction="Edited here.")
    assert "[guid: urn:x:37]" in run(facts=replace(FACTS, guid="urn:other"))
    assert Episode.objects.get().guid == "urn:x:37"


def test_a_mistyped_number_does_not_take_another_episode_over():
    facts = replace(
        FACTS, slug="37-other", guid="urn:other", published_at=timezone.now(), enclosure=None
    )
    out = run(Draft(title="Another Site"), facts)
    assert "episode_number" in out
    assert "Another Site: failed" in out
    assert Episode.objects.get().title == "A Site"


def test_facts_that_are_not_stated_change_nothing():
    run(facts=replace(FACTS, enclosure=EnclosureFacts(AUDIO.url)))
    audio = Episode.objects.get().enclosure
    assert (audio.bytes, audio.seconds, audio.type) == (555, 1234, "audio/mp4")


def test_a_file_of_ours_keeps_its_own_size(settings):
    audio = Episode.objects.get().enclosure
    audio.file, audio.bytes = "audio/key/37.mp3", 999
    audio.save()
    run(facts=replace(FACTS, enclosure=replace(AUDIO, bytes=100)))
    audio.refresh_from_db()
    assert (audio.bytes, audio.imported_url) == (999, AUDIO.url)


def test_the_same_again_is_unchanged_and_leaves_no_revision():
    assert run() == ""
    links = (LinkDraft("https://gunicorn.org/"), LinkDraft("http://gunicorn.org"))
    run(replace(DRAFT, libraries=links))
    count = Revision.objects.count()
    assert "unchanged" not in run(replace(DRAFT, libraries=links))
    assert Revision.objects.count() == count


def test_what_was_made_at_the_desk_stays_and_the_source_is_quoted():
    row = episode("Made Here", 40, topics=[(60, "Words of the host")], seconds=None)
    finish_edit(row, None, "desk")
    facts = Facts(kind="podcast", slug=row.slug)
    out = run(Draft(title="Made Here", topics=(TopicDraft(60, "Words of the file"),)), facts)
    assert "Here it is “1:00 – Words of the host”, which stays" in out
    assert "the source says “1:00 – Words of the file”. [topic: 40: Made Here]" in out
    assert row.topics.get().text == "Words of the host"


def test_the_old_address_of_a_renamed_episode_leads_to_the_new_one(client):
    edit(slug="37-a-better-name")
    edit(slug="37-the-best-name")
    targets = dict(Redirect.objects.values_list("old_path", "new_path"))
    assert targets == {
        "/podcast/37-a-site": "/podcast/37-the-best-name",
        "/podcast/37-a-better-name": "/podcast/37-the-best-name",
    }
    response = client.get("/podcast/37-a-site")
    assert (response.status_code, response["Location"]) == (301, "/podcast/37-the-best-name")


def test_values_the_database_refuses_are_reported():
    out = run(Draft(title="Huge"), Facts(kind="podcast", number=99_999_999_999, slug="huge"))
    assert "notes.txt:1: error" in out
    assert "Huge: failed" in out
