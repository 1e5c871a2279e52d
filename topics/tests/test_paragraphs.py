"""Cues become paragraphs: by speaker, breath and length, below their topics."""

from hypothesis import given
from hypothesis import strategies as st

from topics.formats.cues import CueDraft
from topics.models import Topic
from topics.paragraphs import LONG, TOO_LONG, parts


def cue(start: int, text: str, speaker: str = "", language: str = "") -> CueDraft:
    """A cue of a second; `start` in seconds."""
    return CueDraft(start * 1000, start * 1000 + 1000, text, speaker, language=language)


def read(cues: list[CueDraft], *topics: Topic) -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [
        (
            part.topic.plain if part.topic else "",
            [
                (each.time, each.speaker if each.is_turn else "", each.text)
                for each in part.paragraphs
            ],
        )
        for part in parts(cues, topics)
    ]


def test_a_speakers_cues_are_one_passage_until_the_next_speaker():
    cues = [cue(0, "So we", "Ann"), cue(1, "run it."), cue(2, "Why?", "Bo"), cue(3, "Well.", "Ann")]
    cues[1] = cue(1, "run\nit.", "Ann")
    assert read(cues) == [
        ("", [("0:00", "Ann", "So we run it."), ("0:02", "Bo", "Why?"), ("0:03", "Ann", "Well.")])
    ]


def test_a_breath_after_a_sentence_begins_a_passage_and_names_nobody_again():
    cues = [cue(0, "First.", "Ann"), cue(9, "Second,", "Ann"), cue(20, "goes on.", "Ann")]
    assert read(cues) == [("", [("0:00", "Ann", "First."), ("0:09", "", "Second, goes on.")])]


def test_a_long_passage_ends_with_its_sentence_and_at_last_without():
    sentences = [cue(second, "word " * 19 + "end.") for second in range(12)]
    assert [len(each[2]) < LONG + 120 for each in read(sentences)[0][1]] == [True] * 3
    endless = [cue(second, "word " * 20) for second in range(40)]
    assert max(len(each[2]) for each in read(endless)[0][1]) < TOO_LONG + 120


def test_another_language_is_a_passage_of_its_own():
    (part,) = parts([cue(0, "He said"), cue(1, "Bonjour", language="fr")], [])
    assert [(each.text, each.language) for each in part.paragraphs] == [
        ("He said", ""),
        ("Bonjour", "fr"),
    ]


def test_passages_stand_below_the_topic_in_which_they_begin():
    topics = [Topic(seconds=at, plain=name) for at, name in ((2, "A"), (3, "B"), (9, "C"))]
    cues = [cue(0, "Hello"), cue(2, "of A"), cue(10, "of C"), cue(11, "too")]
    assert read(cues, *topics) == [
        ("", [("0:00", "", "Hello")]),
        ("A", [("0:02", "", "of A")]),
        ("C", [("0:10", "", "of C too")]),
    ]


spoken = st.lists(
    st.builds(cue, st.integers(0, 60), st.sampled_from(["a", "b.", "c\nd?"]), st.sampled_from("AB"))
)


@given(spoken, st.lists(st.integers(0, 60)))
def test_no_word_is_lost_moved_or_given_to_another(cues: list[CueDraft], seconds: list[int]):
    cues.sort(key=lambda each: each.start)
    found = parts(cues, [Topic(seconds=each) for each in sorted(seconds)])
    said = [(each.speaker, word) for part in found for each in part.paragraphs
            for word in each.text.split()]  # fmt: skip
    assert said == [(each.speaker, word) for each in cues for word in each.text.split()]
