"""Revisions know the transcript of their time, also of installations from before they did."""

from importlib import import_module

import pytest
from django.contrib.auth.models import User
from django.db import connection

from episodes.models import Appearance, Enclosure
from episodes.tests import factories
from notes.apply import finish_edit
from notes.history import snapshot_of
from notes.models import Revision
from notes.restoring import lost_by_restoring, restore
from pages.tests.factories import transcript
from topics.models import Cue, CueCorrection, Transcript, TranscriptVersion
from topics.versions import current_cues, keep_version, restore_version

pytestmark = pytest.mark.django_db
MIGRATION = import_module("notes.migrations.0005_first_versions_of_transcripts")


def test_a_version_is_kept_once_until_something_differs() -> None:
    row = factories.episode()
    finish_edit(row, None, "test")
    assert Revision.objects.get().transcript is None
    made = transcript(row)
    finish_edit(row, None, "test")
    finish_edit(row, None, "test")
    assert TranscriptVersion.objects.count() == 1
    made.reviewed = True
    made.save()
    finish_edit(row, None, "test")
    made.delete()
    finish_edit(row, None, "test")
    versions = list(Revision.objects.order_by("number").values_list("transcript", flat=True))
    assert [key is not None for key in versions] == [False, True, True, False]
    assert versions[1] != versions[2]


def test_restoring_brings_every_value_back() -> None:
    row = factories.episode()
    made = transcript(row, 5, language="de")
    Cue.objects.filter(position=1).update(identifier="x", settings="align:left", language="fr")
    finish_edit(row, None, "test")
    before = current_cues(made)
    Cue.objects.filter(position=3).delete()
    Cue.objects.update(text="Other", speaker="Other", guest=None)
    Transcript.objects.update(language="en")
    finish_edit(row, None, "test")
    assert restore(Revision.objects.get(number=1), None) == []
    found = Transcript.objects.get()
    assert current_cues(found) == before
    assert found.language == "de"


def test_a_guest_who_is_gone_is_only_a_name() -> None:
    row = factories.episode()
    made = transcript(row)
    version = keep_version(row, None)
    assert version
    Cue.objects.select_related("guest").exclude(guest=None)[0].guest.delete()
    restore_version(row, version)
    assert [cue.speaker for cue in current_cues(made)] == ["Ann", "Voice <2>", "Ann"]
    assert {cue.guest_id for cue in current_cues(made)} == {None}


def test_a_revision_without_a_transcript_leaves_todays() -> None:
    row = factories.episode()
    finish_edit(row, None, "test")
    transcript(row)
    finish_edit(row, None, "test")
    first = Revision.objects.get(number=1)
    assert lost_by_restoring(row, snapshot_of(first)) == [
        "The transcript stays: this revision has none."
    ]
    restore(first, None)
    assert Cue.objects.count() == 3


def test_transcripts_from_before_get_their_first_version() -> None:
    """As the update finds them: revisions that know of no transcript."""
    row = factories.episode()
    made = transcript(row)
    for summary in ("One.", "Two."):
        row.summary = summary
        row.save()
        finish_edit(row, None, "test")
    Revision.objects.update(transcript=None)
    TranscriptVersion.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.VERSIONS)
        cursor.execute(MIGRATION.LAST_REVISIONS)
    version = TranscriptVersion.objects.get()
    assert list(Revision.objects.values_list("transcript", flat=True)) == [version.pk, None]
    finish_edit(row, None, "test")  # says the same
    assert TranscriptVersion.objects.get() == version
    assert version.cues == [list(cue) for cue in current_cues(made)]


def test_the_former_code_deletes_what_it_knows(host_user: User) -> None:
    """After a way back; it names neither corrections nor versions."""
    row = factories.episode()
    made = transcript(row)
    finish_edit(row, None, "test")
    correction = CueCorrection.objects.create(
        transcript=made, position=0, was_text="a", text="b", user=host_user
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM auth_user WHERE id = %s", [host_user.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        correction.refresh_from_db()
        assert correction.user is None
        cursor.execute("DELETE FROM topics_cue")
        cursor.execute("DELETE FROM topics_transcript")
        assert not CueCorrection.objects.exists()
        cursor.execute("DELETE FROM notes_revision")
        Appearance.objects.all().delete()
        Enclosure.objects.all().delete()
        for table in ("passage", "document", "content"):
            cursor.execute(f"DELETE FROM search_{table}")
        cursor.execute("DELETE FROM episodes_episode")
        assert not TranscriptVersion.objects.exists()
