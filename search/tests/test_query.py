"""What was typed, read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query import Filter, parse_query


def said(typed: str) -> list[str]:
    return [part.text for part in parse_query(typed).parts]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("who moved off k8s", ["who", "moved", "off", "k8s"]),
        ('"docker compose" up', ["docker compose", "up"]),
        ('an "open phrase', ["an", "open", "phrase"]),
        ("full-text - search", ["full-text", "search"]),
        ("stack: is a word", ["stack:", "is", "a", "word"]),
        ("http://x.y", ["http://x.y"]),
    ],
)
def test_words_and_phrases(typed: str, expected: list[str]) -> None:
    assert said(typed) == expected


def test_operators() -> None:
    query = parse_query('django OR rails -aws -"on call" stack:redis -stack:"Ruby on Rails"')
    assert [(part.text, part.either) for part in query.parts] == [
        ("django", False),
        ("rails", True),
    ]
    assert [part.text for part in query.excluded] == ["aws", "on call"]
    assert query.filters == (Filter("stack", "redis"), Filter("stack", "Ruby on Rails", True))


def test_or_joins_only_what_it_stands_between() -> None:
    assert said("or") == ["or"]
    assert [part.either for part in parse_query("or a or").parts] == [False, False]


def test_each_narrowing_can_be_taken_away() -> None:
    query = parse_query('a "b c" -d year:2020')
    assert [each.without for each in query.narrowings] == [
        "a -d year:2020",
        'a "b c" year:2020',
        'a "b c" -d',
    ]


@given(st.text(max_size=300))
def test_every_text_is_a_query(typed: str) -> None:
    query = parse_query(typed)
    assert "\0" not in query.text
    again = parse_query(query.text)
    assert again == query
    for narrowing in query.narrowings:
        assert len(parse_query(narrowing.without).narrowings) <= len(query.narrowings)
