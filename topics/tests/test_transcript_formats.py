"""SRT, JSON and plain text as services write them; anything at all is answered in words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.problems import has_errors
from topics.formats.cues import CueDraft, tidy, tidy_lines
from topics.formats.detect import PARSERS, detect_format, read_transcript
from topics.formats.plain import parse_plain
from topics.formats.podcast_json import parse_podcast_json
from topics.formats.srt import parse_srt

SRT = """1
00:00:00,000 --> 00:00:02,760
Sarah: In today's episode,
you'll learn whether or not you

2
00:00:02,760 --> 00:00:06,090
<font color="#fff">should have a trailer.</font>

3
00:00:19,080 --> 00:00:21,450
Gillian: {\\an8}Hi, Gillian here.

4
00:00:21,450 --> 00:00:25,350
Remember: do we need a trailer?

5
00:00:26,000 --> 00:00:27,000
Gillian: &amp; why?
"""


def test_srt_with_speakers_who_speak_on():
    cues, problems = parse_srt(SRT)
    assert problems == []
    assert [(cue.identifier, cue.start, cue.speaker, cue.text) for cue in cues] == [
        ("1", 0, "Sarah", "In today's episode,\nyou'll learn whether or not you"),
        ("2", 2760, "Sarah", "should have a trailer."),
        ("3", 19080, "Gillian", "Hi, Gillian here."),
        ("4", 21450, "Gillian", "Remember: do we need a trailer?"),
        ("5", 26000, "Gillian", "& why?"),
    ]


def test_srt_without_speakers_keeps_its_colons():
    text = (
        "1\n00:00:00,000 --> 00:00:01,000\nso we began\n\n2\n00:00:01,000 --> 00:00:02,000\nNote: X"
    )
    assert [(cue.speaker, cue.text) for cue in parse_srt(text)[0]] == [
        ("", "so we began"),
        ("", "Note: X"),
    ]


def test_srt_a_sound_before_the_first_speaker():
    text = SRT.replace("1\n", "0\n00:00:00,000 --> 00:00:00,000\n[Music] ♪\n\n1\n", 1)
    assert [cue.speaker for cue in parse_srt(text)[0]][:2] == ["", "Sarah"]


def test_srt_blank_lines_within_a_cue_and_windows_line_ends():
    text = "\ufeff1\n0:00:01.5 --> 00:00:02,000\nOne\n\nmore\n2\n00:03 --> 00:04\n\nTwo"
    text = text.replace("\n", "\r\n")
    cues, problems = parse_srt(text)
    assert problems == []
    assert cues == [
        CueDraft(1500, 2000, "One\nmore", identifier="1"),
        CueDraft(3000, 4000, "Two", identifier="2"),
    ]


@pytest.mark.parametrize(
    ("text", "severity", "line", "reason"),
    [
        ("1\n00:00:0x,000 --> 00:00:02,000\nHi", "error", 2, "“00:00:0x,000” is not a time"),
        ("1\n00:00:03,000 --> 00:00:02,000\nHi", "error", 2, "This cue ends before it starts."),
        ("\nHello\n1\n00:01,0 --> 00:02,0\nHi", "error", 2, "These words belong to no cue"),
        ("1\n00:01,0 --> 00:02,0 X1:1 X2:2\nHi", "warning", 2, "Positions on the screen"),
        ("1\n00:01,0 --> 00:02,0\n", "warning", 2, "This cue has no words"),
    ],
)
def test_srt_problems_name_their_line(text: str, severity: str, line: int, reason: str):
    (problem,) = parse_srt(text)[1]
    assert (problem.severity, problem.line) == (severity, line)
    assert problem.message.startswith(reason)


def segments(*rows: object) -> str:
    return json.dumps({"version": "1.0.0", "segments": rows})


def test_json_segments():
    cues, problems = parse_podcast_json(
        segments(
            {"speaker": "Nick", "startTime": 0.5, "endTime": 2, "body": " Welcome to the show. "},
            {"speaker": "Phil", "startTime": 2.0004, "body": "Thanks\nfor having me"},
            {"startTime": 9, "body": "And that was all."},
        )
    )
    assert problems == []
    assert cues == [
        CueDraft(500, 2000, "Welcome to the show.", "Nick"),
        CueDraft(2000, 9000, "Thanks\nfor having me", "Phil"),
        CueDraft(9000, 9000, "And that was all."),
    ]


def test_json_of_single_words_becomes_sentences():
    spoken = [("V", 0.5, "I"), ("V", 1, "am"), ("V", 1.5, "your"), ("V", 2.25, "father.\n")]
    spoken += [("V", 2.6, "Luke"), ("L", 2.75, "Nooooo"), ("L", 20, "Never!")]
    rows = [
        {"speaker": name, "startTime": start, "endTime": start + 0.2, "body": body}
        for name, start, body in spoken
    ]
    cues, _ = parse_podcast_json(segments(*rows))
    assert [(cue.start, cue.end, cue.text) for cue in cues] == [
        (500, 2450, "I am your father."),
        (2600, 2800, "Luke"),
        (2750, 2950, "Nooooo"),
        (20_000, 20_200, "Never!"),
    ]


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        ("{", "file", "This is not JSON"),
        ("[" * 100_000, "file", "This is not JSON that can be read"),
        ('{"segments": [%s]}' % ("9" * 5000), "file", "This is not JSON that can be read"),
        ("[]", "segments", "A list named “segments” is missing."),
        ('{"segments": {}}', "segments", "A list named “segments” is missing."),
        (segments("Hi"), "segments[0]", "A segment is an object"),
        (segments({"body": "Hi"}), "segments[0].startTime", "A time is a number"),
        (segments({"startTime": True, "body": ""}), "segments[0].startTime", "A time is a number"),
        (segments({"startTime": float("nan")}), "segments[0].startTime", "A time is a number"),
        (segments({"startTime": 10**400}), "segments[0].startTime", "A time lies between 0 and"),
        (segments({"startTime": -1}), "segments[0].startTime", "A time lies between 0 and"),
        (segments({"startTime": 2, "endTime": 1}), "segments[0].endTime", "This segment ends"),
        (segments({"startTime": 2, "body": 5}), "segments[0].body", "This is text."),
        (segments({"startTime": 2}), "segments[0].body", "This segment has no words"),
    ],
)
def test_json_problems_name_their_field(text: str, field: str, reason: str):
    cues, (problem,) = parse_podcast_json(text)
    assert cues == []
    assert problem.field == field
    assert problem.message.startswith(reason)


PLAIN = """Running in Production

Nick Janetakis: 0:05
Welcome to the show.

It is 12:34 now.

Phil Gyford 1:02:03
Thanks.
[1:02:10] Nick: So
(1:02:12)
a pause
Phil (1:02:20): The end, my friends
"""


def test_plain_text():
    cues, problems = parse_plain(PLAIN)
    assert [(found.severity, found.line) for found in problems] == [("warning", 1)]
    assert [(cue.start, cue.end, cue.speaker, cue.text) for cue in cues] == [
        (5000, 3_723_000, "Nick Janetakis", "Welcome to the show.\nIt is 12:34 now."),
        (3_723_000, 3_730_000, "Phil Gyford", "Thanks."),
        (3_730_000, 3_732_000, "Nick", "So"),
        (3_732_000, 3_740_000, "", "a pause"),
        (3_740_000, 3_741_600, "Phil", "The end, my friends"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("Nick: 0:10\nHi\nPhil: 0:05\nHello", 3, "This speech starts before"),
        ("Nick: 1:75\nHi", 1, "“1:75” is not a time"),
    ],
)
def test_plain_text_with_times_that_cannot_be(text: str, line: int, reason: str):
    problem = parse_plain(text)[1][0]
    assert (problem.severity, problem.line) == ("error", line)
    assert problem.message.startswith(reason)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("WEBVTT", "", "vtt"),
        ("\ufeffWEBVTT", "talk.txt", "vtt"),
        ("WEBVTT", "talk.SRT", "srt"),
        (SRT, "transcript", "srt"),
        (' {"segments": []}', "", "json"),
        (PLAIN, "talk.txt", "text"),
        ("", "a.json", "json"),
    ],
)
def test_the_format_is_told_by_ending_or_content(text: str, name: str, expected: str):
    assert detect_format(text, name) == expected


def test_a_file_without_cues_is_an_error():
    for name, text in (("a.vtt", "WEBVTT\n"), ("a.srt", ""), ("a.json", segments()), ("a", "Hi")):
        assert has_errors(read_transcript(text, name).problems), name


def test_cues_out_of_order_are_moved_and_said():
    reading = read_transcript("WEBVTT\n\n00:05.000 --> 00:06.000\nB\n\n00:01.000 --> 00:02.000\nA")
    assert [cue.text for cue in reading.cues] == ["A", "B"]
    assert [(found.severity, found.line) for found in reading.problems] == [("warning", 6)]


pieces = st.sampled_from(
    [
        "WEBVTT",
        "\n",
        "\n\n",
        "\r\n",
        "1",
        "00:01.000",
        "-->",
        " --> ",
        "00:00:02,000",
        "NOTE",
        "<v ",
    ]
    + ["Nick: 0:05", "[1:02]", ">", "STYLE", "{\\an8}", "♪", "Nick: ", "&#99999999;", "&#xD800;"]
)
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["speaker", "startTime", "endTime", "body"]), inner)
    ),
)


@given(
    st.one_of(
        st.text(st.characters(exclude_categories=())),
        st.lists(pieces | st.text(max_size=4)).map("".join),
        st.lists(values).map(lambda rows: json.dumps({"segments": rows})),
    )
)
def test_any_text_gives_cues_that_rows_can_hold_or_problems(text: str):
    for name in PARSERS:
        reading = read_transcript(text, f"file.{name}")
        assert reading.cues or has_errors(reading.problems)
        for cue in reading.cues:
            assert 0 <= cue.start <= cue.end < 2**31
            assert cue.text
            assert cue.text == tidy_lines(cue.text)
            assert "\x00" not in cue.text
            for value in (cue.speaker, cue.identifier, cue.settings, cue.language):
                assert value == tidy(value)
