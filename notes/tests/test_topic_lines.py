"""Topics as people write them: times, wrapped lines, mistakes."""

import pytest

from notes.grammar.draft import TopicDraft
from notes.parse import parse


@pytest.mark.parametrize(
    ("line", "seconds", "text"),
    [
        ("0:41 text", 41, "text"),
        ("6:40 – text", 400, "text"),
        ("- 6:40 -- text", 400, "text"),
        ("- 6:40 -- -- text", 400, "-- text"),
        ("* 5:10 — text", 310, "text"),
        ("• 5:10 text", 310, "text"),
        ("● 5:10 text", 310, "text"),
        ("▪ 5:10 text", 310, "text"),
        ("– 5:10 – text", 310, "text"),
        ("3. 5:10 text", 310, "text"),
        ("(1:02:03) text", 3723, "text"),
        ("[12:34] - text", 754, "text"),
        ("12:34: text", 754, "text"),
        ("12:34 | text", 754, "text"),
        ("75:30 text", 4530, "text"),
        ("1h2m3s text", 3723, "text"),
        ("1h 2m 3s - text", 3723, "text"),
        ("2m30s text", 150, "text"),
        ("45s - text", 45, "text"),
        ("6:40\u00a0–\u00a0text", 400, "text"),
        ("\u200b6:40\t–\ttext  ", 400, "text"),
        ("4:33 – with 8-10k auctions", 273, "with 8-10k auctions"),
        ("5:10 50 people", 310, "50 people"),
        ("- 5:10 -- 22 -- x", 310, "22 -- x"),
        ("0:41 - 1:13 text", 41, "1:13 text"),
    ],
)
def test_times(line, seconds, text):
    parsed = parse(f"# T\n\nTopics\n{line}")
    assert parsed.draft.topics == (TopicDraft(seconds, text),)
    assert parsed.problems == []


@pytest.mark.parametrize(
    ("line", "seconds", "repair"),
    [
        ("1:04-22 – text", 3862, "1:04:22 – text"),
        ("- 1:19-27 -- text", 4767, "- 1:19:27 -- text"),
        ("1:19.27 text", 4767, "1:19:27 text"),
        ("1:19;27 text", 4767, "1:19:27 text"),
        ("1:19 27 – text", 4767, "1:19:27 – text"),
        ("1.04.22 – text", 3862, "1:04:22 – text"),
        ("[1-04-22] text", 3862, "[1:04:22] text"),
        ("6.40 – text", 400, "6:40 – text"),
    ],
)
def test_mistyped_times_are_fixed_and_named(line, seconds, repair):
    parsed = parse(f"# T\n\nTopics\n{line}")
    assert parsed.draft.topics == (TopicDraft(seconds, "text"),)
    (problem,) = parsed.problems
    assert (problem.severity, problem.line, problem.repair) == ("warning", 4, repair)
    assert parse(f"# T\n\nTopics\n{repair}").problems == []


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("12:75 text", "12:75"),
        ("1:75:00 text", "1:75:00"),
        ("6:4 text", "6:4"),
        ("1:04-99 text", "1:04-99"),
        ("169:00:00 text", "169:00:00"),
        ("5m users signed up", "5m users signed up"),
        ("6:40text", "6:40text"),
        ("1:2:3:4 text", "1:2:3:4 text"),
        ("Just words", "Just words"),
        ("6:40", "6:40"),
        ("(6:40 text", "(6:40 text"),
    ],
)
def test_what_is_no_topic_is_an_error(line, value):
    parsed = parse(f"# T\n\nTopics\n{line}")
    assert parsed.draft.topics == ()
    (problem,) = parsed.problems
    assert (problem.severity, problem.line, problem.value) == ("error", 4, value)


def test_wrapped_topics():
    text = (
        "## Topics Include\n\n- 1:00 -- You can find Andrew on [Exam Pro](https://example.com),\n"
        "    [LinkedIn](https://example.org/)\n             12:30 and more  \n- 2:00 -- next\n"
    )
    parsed = parse(text)
    assert parsed.draft.topics == (
        TopicDraft(
            60,
            "You can find Andrew on [Exam Pro](https://example.com), "
            "[LinkedIn](https://example.org/) 12:30 and more",
        ),
        TopicDraft(120, "next"),
    )
    assert parsed.problems == []


def test_a_time_alone_takes_the_next_line():
    parsed = parse("Topics:\n0:41\nWho Ann is\n1:13\nWhat it does")
    assert parsed.draft.topics == (TopicDraft(41, "Who Ann is"), TopicDraft(73, "What it does"))
    assert parsed.problems == []


def test_times_that_go_backwards_are_kept_and_named():
    parsed = parse("Topics:\n5:00 a\n5:00 b\n4:59 c\n6:00 d")
    assert [topic.seconds for topic in parsed.draft.topics] == [300, 300, 299, 360]
    assert [(problem.severity, problem.line) for problem in parsed.problems] == [("warning", 4)]


def test_topics_without_their_heading_stay_and_are_named():
    parsed = parse("# T\n\n0:41 a\n1:13 b")
    assert parsed.draft.introduction == "0:41 a\n1:13 b"
    assert [(problem.severity, problem.line) for problem in parsed.problems] == [("warning", 3)]


@pytest.mark.parametrize(
    ("line", "repair"),
    [
        ("12-59 – text", "12:59 – text"),
        ("- 12,59 -- text 12,59", "- 12:59 -- text 12,59"),
        ("12-60 – text", None),
        ("12-59 people", None),
        ("112-59-1 – text", None),
    ],
)
def test_what_may_be_a_time_is_asked_about(line, repair):
    parsed = parse(f"# T\n\nTopics\n{line}")
    assert parsed.draft.topics == ()
    (problem,) = parsed.problems
    assert (problem.severity, problem.repair) == ("error", repair)


def test_a_topic_listed_twice_is_named_with_its_line():
    parsed = parse("# T\n\nTopics\n0:41 Django\n0:41 Redis\n1:10 Django\n0:41 Django")
    problem = parsed.problems[-1]
    assert (problem.line, problem.severity, problem.repair) == (7, "warning", "")
    assert problem.message == "This topic is listed twice."
