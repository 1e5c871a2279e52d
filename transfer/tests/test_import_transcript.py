"""A transcript's file becomes an episode's cues: completely, or not at all."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from episodes.models import Episode
from episodes.tests.factories import episode, guest, show
from notes.models import Revision
from topics.formats.cues import CueDraft
from topics.formats.webvtt import write_webvtt
from topics.models import Cue, Transcript
from topics.paragraphs import cues_of
from topics.tests.test_webvtt import drafts
from transfer.importers.transcript import people_by_name, read_file, store_transcript

pytestmark = pytest.mark.django_db

TALK = """WEBVTT

hello
00:00:00.500 --> 00:00:04.000 align:start
<v Nick>Welcome. Today we talk
about <lang fr>Postgres</lang>.

00:00:04.000 --> 00:00:06.000
<v PHIL GYFORD>Thanks!

00:00:06.000 --> 00:00:09.000
<v Speaker 3>(laughs)
"""


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    file = tmp_path / "talk.vtt"
    file.write_text(TALK)
    return file


@pytest.fixture
def diary() -> Episode:
    show()
    return episode("Diary", 7, guests=["Phil Gyford"])


def run(*args: object, **options: object) -> str:
    out = StringIO()
    try:
        call_command("import_transcript", *map(str, args), stdout=out, **options)
    except SystemExit as stopped:
        assert stopped.code == 1
        return out.getvalue() + "exit 1"
    return out.getvalue()


def test_cues_speakers_and_the_summary(diary: Episode, talk: Path):
    out = run(7, talk)
    assert [
        (cue.start, cue.end, cue.text, cue.speaker, str(cue.guest), cue.identifier, cue.settings)
        for cue in diary.transcript.cues.select_related("guest")
    ] == [
        (
            500,
            4000,
            "Welcome. Today we talk\nabout Postgres.",
            "Nick",
            "Nick Janetakis",
            "hello",
            "align:start",
        ),
        (4000, 6000, "Thanks!", "PHIL GYFORD", "Phil Gyford", "", ""),
        (6000, 9000, "(laughs)", "Speaker 3", "None", "", ""),
    ]
    assert out.splitlines() == [
        f"{talk}:11: warning: Neither a guest of this episode nor the host goes by this name. "
        "[speaker: Speaker 3]",
        "7: Diary: new",
        "1 item: 1 new, 0 changed, 0 unchanged, 0 failed; 0 errors, 1 warning",
    ]
    assert diary.transcript.source_format == "vtt"
    assert not diary.transcript.reviewed


def test_again_changes_nothing(diary: Episode, talk: Path):
    run(7, talk)
    keys = set(Cue.objects.values_list("pk", flat=True))
    edits = Episode.objects.get().edit_number
    assert "0 new, 0 changed, 1 unchanged" in run("7-diary", talk)
    assert set(Cue.objects.values_list("pk", flat=True)) == keys
    assert Episode.objects.get().edit_number == edits == 1  # finish_edit counts


def test_another_file_replaces_the_words_and_keeps_the_language(diary: Episode, talk: Path):
    run(7, talk)
    Transcript.objects.update(language="fr")
    talk.write_text(TALK.replace("Thanks!", "Thank you!"))
    assert "7: Diary: changed" in run(7, talk)
    assert Cue.objects.count() == 3
    assert Cue.objects.filter(text="Thank you!").exists()
    assert Transcript.objects.get().language == "fr"


def test_the_same_words_stay_reviewed_new_words_are_not(diary: Episode, talk: Path):
    run(7, talk)
    keys = set(Cue.objects.values_list("pk", flat=True))
    assert "1 changed" in run(7, talk, reviewed=True)
    assert set(Cue.objects.filter(reviewed=True).values_list("pk", flat=True)) == keys
    assert "1 unchanged" in run(7, talk)
    talk.write_text(TALK.replace("Thanks!", "Thank you!"))
    assert "overwrites your edit: reviewed" in run(7, talk)
    assert not Transcript.objects.get().reviewed
    assert not Cue.objects.filter(reviewed=True).exists()


def test_a_guest_added_later_is_found_by_the_next_run(diary: Episode, talk: Path):
    run(7, talk)
    diary.appearances.create(guest=guest("Speaker 3"), position=1)
    out = run(7, talk)
    assert "1 changed" in out
    assert "0 warnings" in out
    assert Cue.objects.get(text="(laughs)").guest.name == "Speaker 3"


def test_a_first_name_of_two_is_nobodys(talk: Path):
    show()
    episode("Diary", 7, guests=["Phil Gyford", "Phil Collins", "Nick Cave"])
    talk.write_text(TALK.replace("PHIL GYFORD", "Phil"))
    out = run(7, talk)
    assert "[speaker: Phil]" in out
    assert "[speaker: Nick]" in out  # the host's first name too
    assert not Cue.objects.exclude(guest=None).exists()


def test_an_older_name_still_means_the_guest(diary: Episode, talk: Path):
    phil = diary.guests.get()
    phil.name = "Philip J. Gyford"
    phil.save()
    run(7, talk)
    assert Cue.objects.get(text="Thanks!").guest == phil


def test_errors_name_the_line_and_nothing_is_imported(diary: Episode, talk: Path):
    run(7, talk)
    talk.write_text(TALK.replace("Thanks!", "Thank you!").replace("09.000", "05.000"))
    out = run(7, talk)
    assert f"{talk}:11: error: This cue ends before it starts. [times: 00:00:06.000" in out
    assert "0 unchanged, 1 failed; 1 error" in out
    assert out.endswith("exit 1")
    assert Cue.objects.filter(text="Thanks!").exists()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nG\xfcnter", ":4: error: This file is not UTF-8"),
        (b"", ": error: A WebVTT file begins"),
        (TALK.replace("hello", "h" * 201).encode(), ":3: error: This is longer than 200"),
        (TALK.replace("Nick", "N" * 121).encode(), ":3: error: This is longer than 120"),
    ],
)
def test_files_that_no_row_could_hold(diary: Episode, talk: Path, content: bytes, expected: str):
    talk.write_bytes(content)
    out = run(7, talk)
    assert expected in out
    assert out.endswith("exit 1")
    assert not Transcript.objects.exists()


def test_times_past_the_audios_end_are_a_warning(talk: Path):
    show()
    episode("Diary", 7, guests=["Phil Gyford"], seconds=3)
    out = run(7, talk)
    assert f"{talk}:8: warning: From here on 2 cues lie past the audio's end at 0:03." in out
    assert "1 new" in out


def test_a_dry_run_writes_nothing(diary: Episode, talk: Path):
    out = run(7, talk, dry_run=True)
    assert "7: Diary: new" in out
    assert "dry run" in out
    assert not Transcript.objects.exists()
    assert not Revision.objects.exists()


@pytest.mark.parametrize("name", ["8", "99999999999999999999", "nothing-here", "²"])
def test_an_episode_that_is_not_there(diary: Episode, talk: Path, name: str):
    with pytest.raises(CommandError, match="No episode has the number or slug"):
        run(name, talk)


def test_a_file_that_is_not_there(diary: Episode, tmp_path: Path):
    with pytest.raises(CommandError, match="No such file"):
        run(7, tmp_path / "none.vtt")


def test_a_file_with_thousands_of_cues_takes_few_queries(diary: Episode, talk: Path):
    cues = [
        CueDraft(n * 500, n * 500 + 400, f"Words number {n}\nof many", "Nick") for n in range(5000)
    ]
    talk.write_text(write_webvtt(cues))
    with CaptureQueriesContext(connection) as queries:
        assert "1 new" in run(7, talk)
    assert len(queries) < 60
    assert Cue.objects.filter(guest__name="Nick Janetakis").count() == 5000
    assert "1 unchanged" in run(7, talk)


def test_rows_written_again_are_the_file(diary: Episode, talk: Path):
    run(7, talk)
    names = ("start", "end", "text", "speaker", "identifier", "settings", "language")
    drafts = [CueDraft(**row) for row in diary.transcript.cues.values(*names)]
    assert write_webvtt(drafts) == TALK.replace("<lang fr>", "").replace(
        "</lang>", ""
    )  # one word isn't a language


@given(st.lists(drafts, min_size=1, max_size=5))
def test_any_file_of_ours_comes_back_from_its_rows(diary: Episode, cues: list[CueDraft]):
    """As listeners get it, whatever was there before."""
    written = write_webvtt(sorted(cues, key=lambda cue: cue.start))
    reading = read_file(written.encode(), "talk.vtt")
    assert reading.problems == []
    store_transcript(diary, reading, people_by_name(diary))
    assert write_webvtt(cues_of(Transcript.objects.get(episode=diary))) == written
