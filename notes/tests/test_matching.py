"""Topics keep their identity over edits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.grammar.draft import TopicDraft
from notes.matching import match_topics

texts = st.sampled_from(["a b", "a b c", "c d e f", "It’s `x`", "It's x", "", "…", "Best tips?"])
topics = st.lists(st.builds(TopicDraft, st.integers(0, 9), texts), max_size=12)

OLD = [
    TopicDraft(10, "Motivation for using Django"),
    TopicDraft(20, "It’s a monolith – mostly"),
    TopicDraft(30, "Handling disasters with backups and alerts"),
    TopicDraft(40, "Best tips?"),
]


@pytest.mark.parametrize(
    ("new", "matches"),
    [
        (OLD, [0, 1, 2, 3]),
        (OLD[::-1], [3, 2, 1, 0]),
        (OLD[1:3], [1, 2]),
        ([TopicDraft(10, "Something else")], [0]),
        ([TopicDraft(99, "It's a [monolith](https://example.com) -- mostly")], [1]),
        # The time wins over the text, and both together over either.
        ([TopicDraft(10, "Best tips?"), TopicDraft(50, "Motivation for using Django")], [0, None]),
        ([TopicDraft(10, "Best tips?"), TopicDraft(40, "Best tips?")], [0, 3]),
        # Half of the words are enough, less is another topic.
        ([OLD[1], TopicDraft(31, "Handling disasters with backups"), OLD[3]], [1, 2, 3]),
        ([OLD[1], TopicDraft(31, "Handling backups"), OLD[3]], [1, None, 3]),
        # Only between the matched neighbours.
        ([OLD[2], TopicDraft(35, "Motivation for Django")], [2, None]),
        ([TopicDraft(5, "Motivation for Django"), OLD[2]], [0, 2]),
        ([TopicDraft(5, "New"), *OLD], [None, 0, 1, 2, 3]),
        ([], []),
    ],
)
def test_matches(new, matches):
    assert match_topics(OLD, new) == matches


def test_the_likeliest_of_several_is_continued():
    old = [TopicDraft(1, "using Docker in dev"), TopicDraft(2, "using Docker in production")]
    new = [TopicDraft(9, "using Docker in production now")]
    assert match_topics(old, new) == [1]


def test_equal_topics_are_continued_in_order():
    twice = [TopicDraft(10, "a"), TopicDraft(10, "a")]
    assert match_topics(twice, twice) == [0, 1]
    assert match_topics(twice, [*twice, twice[0]]) == [0, 1, None]


@given(topics)
def test_nothing_changes_when_nothing_changed(same):
    assert match_topics(same, same) == list(range(len(same)))


@given(topics, topics)
def test_each_old_topic_is_continued_at_most_once(old, new):
    matches = match_topics(old, new)
    used = [match for match in matches if match is not None]
    assert len(matches) == len(new)
    assert len(set(used)) == len(used)
    assert set(used) <= set(range(len(old)))


@given(topics, topics)
def test_a_kept_time_or_text_is_never_left_unmatched(old, new):
    matches = match_topics(old, new)
    free = [topic for index, topic in enumerate(old) if index not in matches]
    for topic, match in zip(new, matches, strict=True):
        if match is None:
            assert topic.seconds not in {other.seconds for other in free}
            assert topic.text not in {other.text for other in free}


def test_twenty_thousand_topics_with_nothing_in_common():
    # Comparing each with each would take 400 million comparisons.
    old = [TopicDraft(n, f"old {n} text") for n in range(20_000)]
    new = [TopicDraft(20_000 + n, f"new {n} words") for n in range(20_000)]
    assert match_topics(old, new) == [None] * 20_000
