"""WebVTT as tools write it, and back: nothing that a cue says or shows is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.timecode import MAX_SECONDS
from topics.formats.cues import CueDraft, tidy, tidy_lines
from topics.formats.webvtt import parse_webvtt, write_webvtt

EDITED = """\ufeffWEBVTT - Episode 37\r
Kind: captions\r
Language: en\r
\r
STYLE\r
::cue(b) { color: red }\r
\r
NOTE checked by ear\r
up to 10:00\r
\r
intro\r
00:00.500 --> 00:04.250 align:start position:10%\r
<v.first.loud Nick Janetakis>Welcome to the <i>show</i>,\r
where we talk about C&amp;C++ &lt;3.\r
\r
01:02:03,4 --> 01:02:05.000\r
<v Austin Lewis>Thanks, <00:01.000>it's <c.yellow>great</c></v>\r
"""


def problems_of(text: str) -> list[tuple[str, int | None, str]]:
    return [(found.severity, found.line, found.message) for found in parse_webvtt(text)[1]]


def test_a_file_edited_by_people():
    cues, _ = parse_webvtt(EDITED)
    assert cues == [
        CueDraft(
            500,
            4250,
            "Welcome to the show,\nwhere we talk about C&C++ <3.",
            "Nick Janetakis",
            "intro",
            "align:start position:10%",
        ),
        CueDraft(3_723_400, 3_725_000, "Thanks, it's great", "Austin Lewis"),
    ]
    assert [cue.line for cue in cues] == [11, 16]


def test_settings_beyond_those_that_a_cue_can_have_are_one_problem():
    """Each word was a problem of its own, looked for among all others: megabytes took hours."""
    line = "00:01.000 --> 00:02.000 align:start " + "x " * 5000
    (cue,), problems = parse_webvtt(f"WEBVTT\n\n{line}\nHi")
    assert cue.settings == "align:start"
    assert 0 < len(problems) < 50
    assert {found.message for found in problems} == {"This isn't a cue setting; left out."}


def test_what_is_not_kept_is_said():
    assert problems_of(EDITED) == [
        ("warning", 1, "Words after WEBVTT are left out."),
        ("warning", 2, "Lines of the header are left out."),
        ("warning", 5, "STYLE blocks are left out."),
        ("warning", 8, "NOTE blocks are left out."),
    ]
    region = "WEBVTT\n\nREGION\nid:bottom\n\n00:01.000 --> 00:02.000\nHi"
    assert problems_of(region) == [("warning", 3, "REGION blocks are left out.")]


@pytest.mark.parametrize(
    ("cue", "line", "reason"),
    [
        ("00:01.000 --> 00:00.500\nHi", 3, "This cue ends before it starts."),
        ("id\n0:0x.000 --> 00:02.000\nHi", 4, "“0:0x.000” is not a time such as 00:01:02.345."),
        ("00:01.000 -->\nHi", 3, "“” is not a time such as 00:01:02.345."),
        ("00:61:00.000 --> 01:02:00.000\nHi", 3, "“00:61:00.000” is not a time"),
        ("999:00:00.000 --> 999:00:01.000\nHi", 3, "“999:00:00.000” is a week or more."),
        ("Words without a time", 3, "These words belong to no cue"),
        ("One\nTwo\n00:01.000 --> 00:02.000\nHi", 3, "These lines come before a cue's times"),
        ("00:01.000 --> 00:02.000\nuse x --> y", 4, "“use x” is not a time"),
    ],
)
def test_a_malformed_cue_is_an_error_with_its_line(cue: str, line: int, reason: str):
    found = problems_of(f"WEBVTT\n\n{cue}\n\n00:05.000 --> 00:06.000\nGood\n")
    (error,) = [problem for problem in found if problem[0] == "error"]
    assert error[1] == line
    assert error[2].startswith(reason)


def test_other_files_are_no_webvtt():
    assert parse_webvtt("WEBVTTX\n\n00:01.000 --> 00:02.000\nHi")[0] == []
    assert problems_of("") == [("error", 1, "A WebVTT file begins with a line WEBVTT.")]


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ("<v Nick>Hi</v> <v Nick>there</v>", [("Nick", "Hi there")]),
        ("- <v Nick>Hi\n- <v Phil>Hello", [("Nick", "Hi"), ("Phil", "Hello")]),
        ("<v Tom &amp; Jerry>Hi", [("Tom & Jerry", "Hi")]),
        ("<v Nick></v>(music)", [("", "(music)")]),
        ("the <div> tag, a < b, x<y and y>z", [("", "the <div> tag, a < b, x<y and y>z")]),
        ("I <3> you", [("", "I <3> you")]),
        ("AT&T, &copy; &#66;&nbsp;&unknown;", [("", "AT&T, © B &unknown;")]),
        ("&lt;i&gt;", [("", "<i>")]),
        ("<b>never <i>closed", [("", "never closed")]),
        ("nul\x00 and \u200bnothing\x07", [("", "nul and nothing")]),
    ],
)
def test_voices_entities_and_tags(payload: str, said: list[tuple[str, str]]):
    cues, problems = parse_webvtt(f"WEBVTT\n\n7\n00:01.000 --> 00:02.000\n{payload}")
    assert [(cue.speaker, cue.text) for cue in cues] == said
    assert problems == []
    assert [cue.identifier for cue in cues] == ["7", ""][: len(said)]


def test_a_language_is_kept_when_all_of_it_is_spoken():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<lang fr>Bonjour</lang>\n"
    text += "\n00:03.000 --> 00:04.000\nThey said <lang fr>bonjour</lang>.\n"
    cues, _ = parse_webvtt(text)
    assert [(cue.text, cue.language) for cue in cues] == [
        ("Bonjour", "fr"),
        ("They said bonjour.", ""),
    ]


def test_a_cue_without_words_is_left_out_and_said():
    assert problems_of("WEBVTT\n\n00:01.000 --> 00:02.000\n<i> </i>\n") == [
        ("warning", 3, "This cue has no words; left out.")
    ]


def test_settings_and_cues_that_follow_without_a_blank_line():
    cues, problems = parse_webvtt(
        "WEBVTT\n00:01.000 --> 00:02.000 line:0 X1:40 junk\nOne\n00:03.000-->00:04.000\nTwo"
    )
    assert [(cue.text, cue.settings) for cue in cues] == [("One", "line:0"), ("Two", "")]
    assert [(found.line, found.value) for found in problems] == [(2, "X1:40"), (2, "junk")]


times = st.integers(0, MAX_SECONDS * 1000 - 1)
words = st.text(max_size=60)
lines = st.text(max_size=60).map(tidy)
drafts = st.builds(
    lambda start, end, text, speaker, identifier, settings, language: CueDraft(
        min(start, end), max(start, end), text, speaker, identifier, settings, language
    ),
    times,
    times,
    words.map(tidy_lines).filter(bool),
    lines,
    lines.filter(lambda line: "-->" not in line),
    st.sampled_from(["", "align:start", "line:0 position:10%,line-left size:35%"]),
    st.sampled_from(["", "fr", "pt-BR"]),
)


@given(st.lists(drafts, max_size=6))
def test_cues_written_and_read_are_the_same(cues: list[CueDraft]):
    assert parse_webvtt(write_webvtt(cues)) == (cues, [])


marked_up = st.lists(
    st.sampled_from(["<v Nick>", "<v.a B C>", "</v>", "<i>", "</i>", "<lang fr>", "</lang>", "- "])
    | st.sampled_from(["&amp;", "&lt;", "\n", " ", "<00:01.000>", "Hello", "a < b", "-->", "<"])
    | st.text(max_size=8)
).map("".join)


@given(st.lists(marked_up, min_size=1, max_size=4))
def test_any_file_once_read_comes_back_the_same(payloads: list[str]):
    blocks = [f"{n}\n00:0{n}.000 --> 00:09.000\n{text}" for n, text in enumerate(payloads)]
    cues, _ = parse_webvtt("\n\n".join(["WEBVTT", *blocks]))
    assert parse_webvtt(write_webvtt(cues)) == (cues, [])
