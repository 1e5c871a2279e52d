"""Whole texts: real episodes, headings in every spelling, and hostile ones."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.grammar.draft import TopicDraft
from notes.grammar.head import guests_in
from notes.grammar.headings import LIBRARIES, REFERENCES, SUPPORT, TECHNOLOGIES, TOPICS, heading_in
from notes.grammar.lines import clean
from notes.parse import parse, parse_document
from notes.render import render

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
SHOW, HOST = "Running in Production", "Nick Janetakis"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_case(case):
    """A file holds a text, what it reads as (canonically), and the problems named."""
    text, _, expected = case.read_text("utf-8").partition("%%% reads as\n")
    reads_as, _, problems = expected.partition("%%% problems\n")
    parsed = parse(text, SHOW, HOST)
    assert render(parsed.draft) == reads_as
    assert "".join(f"{problem}\n" for problem in parsed.problems) == problems


# Headings and fields


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Topics Include", TOPICS),
        ("## Topics Include", TOPICS),
        ("##Topics", TOPICS),
        ("###### TOPICS INCLUDE ######", TOPICS),
        ("**Topics**", TOPICS),
        ("**Topics:**", TOPICS),
        ("__Timestamps__", TOPICS),
        ("chapters:", TOPICS),
        ("Links", REFERENCES),
        ("📄 References", REFERENCES),
        ("Show notes links:", REFERENCES),
        ("⚙️ Tech Stack", TECHNOLOGIES),
        ("###### ⚙️ Tech Stack", TECHNOLOGIES),
        ("stack:", TECHNOLOGIES),
        ("Stack: Django, Redis", TECHNOLOGIES),
        ("🛠 Libraries Used", LIBRARIES),
        ("   Libraries", LIBRARIES),
        ("Support the Show", SUPPORT),
    ],
)
def test_headings(line, kind):
    assert heading_in(line).kind == kind


@pytest.mark.parametrize(
    "line",
    [
        "libraries",
        "libraries.",
        "stack",
        "- Links",
        "* Stack",
        "    ## Links",
        "## What does the rest of your tech stack look like?",
        "## Stack: how we chose it",
        "Stack: we use Django and a couple of servers for everything.",
        "Links: see below",
        "Topics: many",
        "\\## Links",
        "# 📄",
        "",
    ],
)
def test_no_headings(line):
    assert heading_in(line) is None


def test_sections_in_any_order_and_more_than_once():
    text = "# T\n\nStack: Django\n\nTopics\n0:10 a\n\nTech stack:\nRedis\n\nTopics\n0:20 b"
    draft = parse(text).draft
    assert draft.technologies == ("Django", "Redis")
    assert draft.topics == (TopicDraft(10, "a"), TopicDraft(20, "b"))


def test_an_interview_keeps_its_questions():
    text = "# T\n\n## Which links?\n\nMany.\n\n### Topics we like\n\n- 0:10 is no topic\n"
    draft = parse(text).draft
    assert (
        draft.introduction == "## Which links?\n\nMany.\n\n### Topics we like\n\n- 0:10 is no topic"
    )
    assert draft.topics == ()


def test_code_is_left_alone():
    code = "```\n## Topics Include\n0:10 a\n<br />\nGuest: x\n```"
    parsed = parse(f"# T\n\n{code}\n\n## Topics\n\n0:20 b")
    assert parsed.draft.introduction == code
    assert parsed.draft.topics == (TopicDraft(20, "b"),)
    assert parsed.problems == []


def test_a_fence_nobody_closes_hides_nothing():
    draft = parse("# T\n\n```\nText\n\n## Topics\n\n0:20 b").draft
    assert draft.introduction == "```\nText"
    assert draft.topics == (TopicDraft(20, "b"),)


# Any text


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\x0b"])
def test_line_ends_and_marks_without_width(end):
    lines = ["\ufeff# T", "", "Text\u200b.", "", "Topics", "6:40 – a", "x", "7:00\u00a0b"]
    parsed = parse(end.join(lines))
    assert parsed.draft.introduction == "Text."
    assert parsed.draft.topics == (TopicDraft(400, "a"), TopicDraft(420, "b"))
    assert [problem.line for problem in parsed.problems] == [7]


def test_texts_are_composed_and_storable():
    draft = parse("# e\u0301\x00\ud800\n\nGrüße").draft
    assert draft.title == "é\ufffd"
    assert "\x00" not in draft.title


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    parsed = parse(text)
    document = parse_document(text)
    count = clean(text).count("\n") + 1
    assert all(1 <= problem.line <= count for problem in [*parsed.problems, *document.problems])


# Reading looks at each line a bounded number of times, so these take moments; work that grew
# with the square of the text would take an hour.
HOSTILE = {
    "blank lines": "\n" * 50_000,
    "fences": "```x\n" * 25_000 + "~~~\n",
    "dates": "2020-06-29\n\n" * 10_000,
    "fields": "".join(f"Guest: Ann {n}\nSummary: x\n" for n in range(10_000)),
    "support": f"2020-06-29\n\nSupport the Show\n{'x' * 80}\n\n" * 5_000,
    "headings": "## Topics\n\n## x\n" * 10_000,
    "continuations": "Topics\n0:10 a\n" + "  b\n" * 25_000,
    "links": "References\n" + "[a](https://example.com/\n" * 10_000,
    "definitions": "Links\n" + "[a]: https://example.com/\n" * 10_000,
    "technologies": "Stack\n" + "a, b and c\n" * 10_000,
}
HOSTILE_LINES = [
    "(", "[", "[a](", "1:", "1:2", ",", "`", "~", " ", "- ", "-", "*", "_", "h", "http", "a.", "<",
    "\\", "#", "and ", "x", "1", "\t", "**", "…–", "(,", "[[](",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_long_texts(text):
    parsed = parse(text)
    parse_document(text)
    assert parse(render(parsed.draft)).draft == parsed.draft


@pytest.mark.parametrize("piece", HOSTILE_LINES)
def test_long_lines(piece):
    line = piece * (100_000 // len(piece))
    text = (
        f"# T\n\n{line}x\n\nTopics\n0:10 {line}\n{line}x\n\nStack\n{line}x\n\nReferences\n{line}x"
    )
    parsed = parse(text)
    assert parsed.draft.title == "T"
    parse_document(text)
    parse(line)
    guests_in(f"In this episode of X, {line}")


def test_a_paragraph_of_absurd_length_is_named_by_its_line():
    long = "http://a." * 1000
    parsed = parse(f"# Title\n\nFirst.\n\n{long}\n")
    assert long in parsed.draft.introduction
    (problem,) = [each for each in parsed.problems if "5,000" in each.message]
    assert (problem.severity, problem.line) == ("warning", 5)
