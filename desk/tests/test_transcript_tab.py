"""An episode's transcript at the desk: corrected by line, given speakers, replaced, restored."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from desk.tests.forms import form_data
from desk.transcripts.corrections import Said, correct, lines_of, publish
from episodes.models import Episode
from episodes.tests import factories
from notes.apply import finish_edit
from topics.models import Cue, CueCorrection, Transcript
from topics.versions import CueValues, current_cues

pytestmark = pytest.mark.django_db

TALK = """WEBVTT

00:01.000 --> 00:04.000
<v Nick>Welcome, this is about pie thon.

00:04.000 --> 00:06.000
<v Speaker 1>Pie thon is nice.

one
00:06.000 --> 00:09.000 align:left
<v Speaker 1>I use pie
thon and pie thonic things.

00:10.000 --> 00:11.000
<v Nick>Thanks for watching!
"""


@pytest.fixture
def episode(db: None) -> Episode:
    factories.show()
    return factories.episode(guests=["Phil Gyford"])


def address(episode: Episode, part: str = "") -> str:
    return f"/admin/episodes/episode/{episode.pk}/transcript{part}"


def add(host: Client, episode: Episode, text: str = TALK, **values: Any) -> Any:
    file = SimpleUploadedFile("talk.vtt", text.encode())
    # A first one as after the page that shows what visitors will see.
    first = {} if Transcript.objects.exists() else {"do": "replace"}
    return host.post(address(episode, "/file"), {"file": file} | first | values, follow=True)


def correct_line(host: Client, episode: Episode, number: int, text: str, **values: Any) -> Any:
    """As the tab's script sends it."""
    (line,) = lines_of(Transcript.objects.get(), [number - 1])
    data = {"line": number, "text": text, "speaker": line.said.speaker, "seen": line.said.digest}
    return host.post(address(episode, "/line"), data | values, headers={"X-Part": "line"})


def save(host: Client, episode: Episode) -> Any:
    return host.post(address(episode), {"do": "publish"}, follow=True)


def words() -> list[str]:
    return list(Cue.objects.order_by("position").values_list("text", flat=True))


def seen_by_visitors(client: Client, episode: Episode) -> list[str]:
    path = episode.get_absolute_url() + "/transcript"
    return [client.get(path + ending).text for ending in ("", ".vtt", ".json")]


def found(client: Client, query: str) -> int:
    return client.get("/search.json", {"q": query}).json()["count"]


def test_a_word_is_corrected_and_public_after_the_save(
    host: Client, client: Client, host_user: User, episode: Episode
) -> None:
    add(host, episode)
    answer = correct_line(host, episode, 1, "Welcome, this is about Zzyzx.")
    assert answer.status_code == 200 and 'class="corrected"' in answer.text
    assert all("pie thon" in page for page in seen_by_visitors(client, episode))
    assert found(client, "Zzyzx") == 0
    page = host.get(address(episode)).text
    assert "Welcome, this is about Zzyzx." in page and "<span>1</span> corrected" in page

    assert "Saved: 1 line corrected." in save(host, episode).text
    assert all("Zzyzx" in page for page in seen_by_visitors(client, episode))
    assert found(client, "Zzyzx") == 1
    assert not CueCorrection.objects.exists()
    last = episode.revisions.first()
    assert last and (last.source, last.user) == ("desk", host_user)


def test_a_save_without_corrections_changes_nothing(host: Client, episode: Episode) -> None:
    add(host, episode)
    revisions = episode.revisions.count()
    edits = Episode.objects.get().edit_number
    assert "There was nothing to save" in save(host, episode).text
    assert (episode.revisions.count(), Episode.objects.get().edit_number) == (revisions, edits)


def test_without_a_script_a_line_opens_as_a_form(host: Client, episode: Episode) -> None:
    add(host, episode)
    page = host.get(address(episode), {"line": "2"}).text
    assert page.count('<form class="correcting"') == 2  # and the script's template
    (line,) = lines_of(Transcript.objects.get(), [1])
    data = {"line": 2, "text": "Python is nice.", "speaker": "Phil", "seen": line.said.digest}
    answer = host.post(address(episode, "/line"), data)
    assert answer["Location"] == f"{address(episode)}?at=2#line-2"
    save(host, episode)
    cue = Cue.objects.get(position=1)
    assert (cue.text, cue.speaker) == ("Python is nice.", "Phil Gyford")
    assert cue.guest and cue.guest.name == "Phil Gyford"


def test_an_emptied_line_goes_with_the_save(host: Client, client: Client, episode: Episode) -> None:
    add(host, episode)
    answer = correct_line(host, episode, 4, "  ")
    assert "(no words: this line goes)" in answer.text
    assert len(words()) == 4
    save(host, episode)
    assert len(words()) == 3
    assert "Thanks for watching" not in "".join(seen_by_visitors(client, episode))


def test_another_editor_s_words_are_not_lost(host: Client, episode: Episode) -> None:
    add(host, episode)
    (line,) = lines_of(Transcript.objects.get(), [0])
    correct_line(host, episode, 1, "Theirs.")
    answer = correct_line(host, episode, 1, "Mine.", seen=line.said.digest)
    assert answer.status_code == 409
    assert "Somebody else changed this line" in answer.text
    assert "Theirs." in answer.text and "Mine." in answer.text
    assert CueCorrection.objects.get().text == "Theirs."
    # Sent twice because the first answer got lost.
    assert correct_line(host, episode, 1, "Theirs.", seen=line.said.digest).status_code == 200
    # Without a script the same page asks.
    data = {"line": 1, "text": "Mine.", "speaker": "Nick", "seen": line.said.digest}
    answer = host.post(address(episode, "/line"), data)
    assert answer.status_code == 409 and "Mine." in answer.text
    assert correct_line(host, episode, 1, "Mine.").status_code == 200
    assert CueCorrection.objects.get().text == "Mine."


def test_without_a_script_words_of_a_line_that_is_gone_are_told(
    host: Client, episode: Episode
) -> None:
    add(host, episode)
    data = {"line": "99", "text": "My words."}
    page = host.post(address(episode, "/line"), data, follow=True).text
    assert "no such line any more. You typed: “My words.”" in page


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"text": "x" * 20_001}, 422),
        ({"speaker": "N" * 121}, 422),
        ({"line": "99"}, 404),
        ({"line": "x"}, 404),
        ({"line": "9" * 40}, 404),
    ],
)
def test_what_cannot_be_stored(
    host: Client, episode: Episode, values: dict[str, Any], status: int
) -> None:
    add(host, episode)
    data = {"text": "Hi."} | values
    answer = correct_line(host, episode, 1, **data)
    assert answer.status_code == status
    assert not CueCorrection.objects.exists()
    if status == 422:
        assert "at most" in answer.text


def test_a_correction_of_a_replaced_line_is_settled_first(host: Client, episode: Episode) -> None:
    add(host, episode)
    correct_line(host, episode, 1, "Welcome, Python.")
    correct_line(host, episode, 2, "Python is nice.")
    correct_line(host, episode, 4, "Thanks.")
    text = TALK.replace("Welcome, this", "Hello, this").rpartition("\n\n")[0]
    add(host, episode, text, do="replace")
    page = save(host, episode).text
    assert "Not saved yet" in page and "its line is gone" in page
    assert "Welcome, Python." in page and "Hello, this is about pie thon." in page
    assert words()[0] == "Hello, this is about pie thon."
    host.post(address(episode), {"do": "drop"})
    assert "Not saved yet" in save(host, episode).text
    correct_line(host, episode, 1, "Welcome, Python.")  # Keep the correction
    assert "Saved: 2 lines corrected." in save(host, episode).text
    assert words()[:2] == ["Welcome, Python.", "Python is nice."]


def test_a_correction_can_be_dropped(host: Client, episode: Episode) -> None:
    add(host, episode)
    correct_line(host, episode, 1, "Welcome, Python.")
    correct_line(host, episode, 1, "", do="public")
    assert not CueCorrection.objects.exists()
    correct_line(host, episode, 1, "Welcome, Python.")
    host.post(address(episode), {"do": "discard"})
    assert not CueCorrection.objects.exists()


def test_words_are_replaced_in_all_lines(host: Client, episode: Episode) -> None:
    add(host, episode)
    preview = host.get(address(episode, "/replace"), {"q": "pie thon", "words": "on"}).text
    assert "3 times in 3 lines." in preview and "Replace in 3 lines" in preview
    values = {"find": "pie thon", "by": "Python", "words": "on"}
    preview = host.get(address(episode, "/replace"), values).text
    assert "<del>Pie thon</del><ins>Python</ins> is nice." in preview
    correct_line(host, episode, 4, "Thanks for listening!")
    page = host.post(address(episode, "/replace"), values, follow=True).text
    assert "“pie thon” was replaced in 3 lines. Save to make that public." in page
    said = [line.said.text for line in lines_of(Transcript.objects.get())]
    assert said == [
        "Welcome, this is about Python.",
        "Python is nice.",
        "I use Python and pie thonic things.",
        "Thanks for listening!",
    ]
    assert "made 3 corrections" in page
    correct_line(host, episode, 2, "Python is very nice.")
    page = host.post(address(episode, "/undo"), follow=True).text
    assert "Undone: 2 lines" in page
    said = [line.said.text for line in lines_of(Transcript.objects.get())]
    assert said[:2] == ["Welcome, this is about pie thon.", "Python is very nice."]
    assert said[2] == "I use pie\nthon and pie thonic things."
    assert "nothing to undo" in host.post(address(episode, "/undo"), follow=True).text


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ({"find": "pie thon"}, 4),
        ({"find": "Pie thon", "case": "on"}, 1),
        ({"find": "absent"}, 0),
        ({"find": ".*"}, 0),
    ],
)
def test_how_words_are_found(
    host: Client, episode: Episode, values: dict[str, str], count: int
) -> None:
    add(host, episode)
    page = host.get(address(episode, "/replace"), values).text
    assert (f"{count} times in" in page or f"{count} time in" in page) is bool(count)
    assert ("No line has these words." in page) is not bool(count)


def test_speakers_are_named(host: Client, client: Client, episode: Episode) -> None:
    add(host, episode)
    page = host.get(address(episode)).text
    assert "Speaker 1, 2 lines" in page and '<option value="Phil Gyford">' in page
    data = {"was-1": "Speaker 1", "name-1": "phil", "was-2": "Nick", "name-2": "Nick"}
    page = host.post(address(episode, "/speakers"), data, follow=True).text
    assert "The speaker was named in 2 lines." in page
    save(host, episode)
    assert Cue.objects.filter(guest__name="Phil Gyford").count() == 2
    assert "<b>Phil Gyford:</b>" in seen_by_visitors(client, episode)[0]
    long = {"was-1": "Nick", "name-1": "N" * 121}
    assert "longer than 120" in host.post(address(episode, "/speakers"), long, follow=True).text


def test_a_speaker_from_a_line_on(host: Client, episode: Episode) -> None:
    add(host, episode)
    data = {"speaker": "Guest two", "do": "from", "former": "Speaker 1"}
    correct_line(host, episode, 2, "Pie thon is nice.", speaker="Guest two")  # while it is typed
    assert correct_line(host, episode, 2, "Pie thon is nice.", **data).status_code == 302
    said = [line.said.speaker for line in lines_of(Transcript.objects.get())]
    assert said == ["Nick Janetakis", "Guest two", "Guest two", "Nick Janetakis"]


def test_corrections_are_work_to_do(host: Client, episode: Episode) -> None:
    add(host, episode)
    words = "corrections of its transcript</a> that are not saved"
    assert words not in host.get("/admin/").text
    correct_line(host, episode, 1, "Welcome, Python.")
    assert f'<a href="{address(episode)}">{words}' in host.get("/admin/").text
    page = host.get("/admin/episodes/episode/?state=unfinished").text
    assert "A Site Around Diary Entries" in page
    save(host, episode)
    assert words not in host.get("/admin/").text


def test_the_list_of_transcripts_leads_to_the_tab(host: Client, episode: Episode) -> None:
    add(host, episode)
    page = host.get("/admin/topics/transcript/").text
    assert f'<a href="{address(episode)}">{episode}</a>' in page


def test_lines_are_searched(host: Client, episode: Episode) -> None:
    add(host, episode)
    page = host.get(address(episode), {"q": "PIE  thon"}).text
    assert "3 lines with “PIE  thon”" in page and "Thanks for watching" not in page


def test_without_a_transcript_the_tab_says_what_belongs_there(
    host: Client, episode: Episode
) -> None:
    page = host.get(address(episode)).text
    assert "Here belongs what is said" in page and "&lt;v Nick&gt;Welcome" in page
    broken = TALK.replace("00:04.000 --> 00:06.000", "00:04.000 --> 00:0x")
    answer = host.post(address(episode, "/file"), {"text": broken})
    assert answer.status_code == 422
    assert "Line 6: “00:0x” is not a time such as 00:01:02.345." in answer.text
    assert "&lt;v Speaker 1&gt;" in answer.text  # what was pasted stays
    assert not Transcript.objects.exists()
    empty = host.post(address(episode, "/file"), {"text": " "})
    assert "Choose a file or paste its text." in empty.text
    Episode.objects.update(status="draft")
    page = host.post(address(episode, "/file"), {"text": TALK}, follow=True).text
    assert "The transcript has 4 lines." in page
    assert "Visitors see it now." not in page
    assert "Line 6: Neither a guest of this episode nor the host goes by this name." in page


def test_visitors_see_no_transcript_before_the_host_has(
    host: Client, client: Client, episode: Episode
) -> None:
    page = host.post(address(episode, "/file?next=/admin/"), {"text": TALK})
    assert not Transcript.objects.exists()
    assert f'action="{address(episode, "/file")}?next=%2Fadmin%2F"' in page.text
    assert client.get(f"{episode.get_absolute_url()}/transcript").status_code == 404
    assert "The file has 4 lines. Visitors see them as soon as you add them" in page.text
    assert "goes by this name" not in page.text  # its speakers get their names here
    data = form_data(page) | {"do": "replace"}
    assert data["was-1"] == "Nick" and data["was-2"] == "Speaker 1"
    long = host.post(address(episode, "/file"), data | {"name-2": "x" * 121})
    assert "is longer than 120 characters. Nothing was changed." in long.text
    data |= {"name-2": "phil gyford", "text": data["text"].replace("pie thon", "Python")}
    page = host.post(address(episode, "/file"), data, follow=True)
    assert "The transcript has 4 lines. Visitors see it now." in page.text
    assert "goes by this name" not in page.text.replace("Nick", "")
    text = seen_by_visitors(client, episode)[1]
    assert "<v Phil Gyford>" in text and "about Python." in text and "Speaker 1" not in text


def test_a_file_replaces_after_it_was_compared(host: Client, episode: Episode) -> None:
    add(host, episode)
    changed = TALK.replace("Thanks for watching", "Thanks for listening")
    page = add(host, episode, changed).text
    assert "The file has 4 lines. What changes:" in page
    assert "<del>watching!</del>" in page.replace(" <", "<").replace("> ", ">")
    assert "Thanks for watching!" in words()
    text = page.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
    assert "Thanks for listening!" in text
    answer = host.post(address(episode, "/file"), {"text": changed, "do": "replace"}, follow=True)
    assert "The transcript has 4 lines." in answer.text
    assert "Thanks for listening!" in words()
    same = add(host, episode, changed).text
    assert "The file says what the transcript says already." in same


def test_a_removed_transcript_comes_back_from_the_history(
    host: Client, client: Client, episode: Episode
) -> None:
    finish_edit(episode, None, "desk")
    add(host, episode)
    number = episode.revisions.count()
    host.post(address(episode, "/remove"))
    assert not Cue.objects.exists()
    history = f"/admin/episodes/episode/{episode.pk}/history/"
    page = host.get(history).text
    assert "<strong>Transcript</strong> removed" in page
    assert "<strong>Transcript</strong> added" in page
    host.post(f"{history}{number}", {"do": "transcript"})
    assert len(words()) == 4
    assert "pie thon" in seen_by_visitors(client, episode)[1]


def test_an_earlier_version_is_shown_and_restored_alone(host: Client, episode: Episode) -> None:
    add(host, episode)
    correct_line(host, episode, 1, "Welcome, Python.")
    save(host, episode)
    number = episode.revisions.first().number
    episode.refresh_from_db()
    episode.summary = "Another summary."
    episode.save()
    finish_edit(episode, None, "desk")
    history = f"/admin/episodes/episode/{episode.pk}/history/"
    assert "<strong>Transcript at 0:01</strong> reworded" in host.get(history).text
    page = host.get(f"{history}{number - 1}").text
    assert "Transcript of this revision" in page
    assert "Nick Janetakis: 0:01\nWelcome, this is about pie thon." in page
    assert "<ins>" in page and "Restore only the transcript" in page
    host.post(f"{history}{number - 1}", {"do": "transcript"})
    assert words()[0] == "Welcome, this is about pie thon."
    episode.refresh_from_db()
    assert episode.summary == "Another summary."
    host.post(f"{history}{number}")
    assert words()[0] == "Welcome, Python."
    episode.refresh_from_db()
    assert episode.summary == ""


@pytest.mark.parametrize("ending", ["vtt", "srt", "txt"])
def test_downloads_have_what_the_tab_shows(host: Client, episode: Episode, ending: str) -> None:
    add(host, episode)
    correct_line(host, episode, 2, "Python is nice.")
    answer = host.get(address(episode, f"/download/{ending}"))
    assert answer["Content-Disposition"].endswith(f'.{ending}"')
    assert "Python is nice." in answer.text and "Nick" in answer.text
    assert host.get(address(episode, "/download/exe")).status_code == 404


def test_interviews_and_the_bin_have_none(host: Client, episode: Episode) -> None:
    interview = factories.episode("Words", 2, kind=Episode.Kind.INTERVIEW, seconds=None)
    assert host.get(address(interview)).status_code == 404
    assert host.post(address(interview), {"do": "publish"}).status_code == 404
    assert host.get(address(episode, "/download/vtt")).status_code == 404


def test_what_is_true_of_the_whole(host: Client, client: Client, episode: Episode) -> None:
    add(host, episode)
    assert "Machine-made" in seen_by_visitors(client, episode)[0]
    host.post(address(episode), {"do": "about", "language": "de", "reviewed": "on"})
    assert "Machine-made" not in seen_by_visitors(client, episode)[0]
    assert Transcript.objects.get().language == "de"
    assert not Cue.objects.filter(reviewed=False).exists()


def test_a_long_transcript_has_pages(host: Client, episode: Episode) -> None:
    transcript = Transcript.objects.create(episode=episode)
    Cue.objects.bulk_create(
        Cue(transcript=transcript, position=at, start=at * 1000, end=at * 1000, text=f"Line {at}.")
        for at in range(3005)
    )
    page = host.get(address(episode), {"line": "3004"}).text
    assert "Page 2 of 2" in page and "Line 3003." in page and "Line 5." not in page


def test_any_number_of_lines_costs_the_same_queries(
    host: Client, episode: Episode, django_assert_num_queries: Any
) -> None:
    transcript = Transcript.objects.create(episode=episode)

    def add_lines(first: int, last: int) -> None:
        Cue.objects.bulk_create(
            Cue(
                transcript=transcript, position=at, start=at * 1000, end=at * 1000, text=f"L {at}."
            )
            for at in range(first, last)
        )  # fmt: skip
        correct(transcript, {at: Said("Other.", "") for at in range(first, last, 2)}, None)

    add_lines(0, 4)
    host.get(address(episode))
    with django_assert_num_queries(14) as counted:
        host.get(address(episode))
    add_lines(4, 400)
    with django_assert_num_queries(len(counted)):
        host.get(address(episode))


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


@pytest.mark.slow
@given(
    lines=st.lists(
        st.tuples(TEXTS.filter(str.strip), st.integers(0, 5000)), min_size=1, max_size=8
    ),
    data=st.data(),
)
def test_one_correction_leaves_all_other_lines_and_all_times(
    episode: Episode, host_user: User, lines: list[tuple[str, int]], data: st.DataObject
) -> None:
    """Byte for byte."""
    Transcript.objects.all().delete()
    transcript = Transcript.objects.create(episode=episode)
    Cue.objects.bulk_create(
        Cue(
            transcript=transcript, position=at, start=start, end=start + 10, text=text,
            speaker=text[:9], identifier=text[:5], settings="align:left", language="en",
        )
        for at, (text, start) in enumerate(lines)
    )  # fmt: skip
    before = current_cues(transcript)
    at = data.draw(st.integers(0, len(lines) - 1))
    words = data.draw(TEXTS.filter(str.strip))
    correct(transcript, {at: Said(words, before[at].speaker)}, host_user)
    assert current_cues(transcript) == before
    publish(Episode.objects.get(pk=episode.pk), transcript, host_user)
    after = current_cues(transcript)
    assert [*after[:at], *after[at + 1 :]] == [*before[:at], *before[at + 1 :]]
    assert after[at] == CueValues(*before[at])._replace(text=words)


def test_a_line_that_would_get_too_long_stays(host: Client, episode: Episode) -> None:
    text = "a " * 5000
    add(host, episode, f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n\n00:03.000 --> 00:04.000\na b")
    data = {"find": "a", "by": "x" * 200, "words": "on"}
    page = host.post(address(episode, "/replace"), data, follow=True).text
    assert "1 line would have more than 20,000 characters; left as before." in page
    said = [len(line.said.text) for line in lines_of(Transcript.objects.get())]
    assert said == [9999, 202]


@pytest.mark.slow
def test_a_transcript_of_five_megabytes_is_compared_in_bounds(
    host: Client, episode: Episode
) -> None:
    def talk(word: str) -> str:
        times = ((at // 60 % 60, at % 60) for at in range(3000))
        cues = (
            f"{m:02}:{s:02}.000 --> {m:02}:{s:02}.900\n{word} {'word ' * 330}" for m, s in times
        )
        return "WEBVTT\n\n" + "\n\n".join(cues)

    assert len(talk("One")) > 4_900_000
    add(host, episode, talk("One"))
    page = add(host, episode, talk("Two")).text
    assert page.count("</strong> reworded:") == 100
    assert "reworded in 2900 lines more" in page
    answer = host.post(address(episode, "/file"), {"text": talk("Two"), "do": "replace"})
    assert answer.status_code == 302
    assert Cue.objects.filter(text__startswith="Two").count() == 3000
    large = {"text": "a" * (9 * 1024 * 1024 + 1)}
    assert "at most 9 MB" in host.post(address(episode, "/file"), large).text
