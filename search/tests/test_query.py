"""What was typed, read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.parse import Filter, Said, episode_number, parse_query


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


def test_each_restriction_can_be_taken_away() -> None:
    query = parse_query('a "b c" -d year:2020')
    assert [each.without for each in query.restrictions] == [
        "a -d year:2020",
        'a "b c" year:2020',
        'a "b c" -d',
    ]


def test_words_know_their_places_and_what_stands_between() -> None:
    query = parse_query('“Café” 100%  went or "down.Again"')
    said = Said.of(query, query.parts)
    assert [word.text for word in said.words] == "cafe 100 percent went down again".split()
    assert [said.typed(place, 1) for place in range(6)] == "Café 100 % went down Again".split()
    assert said.typed(0, 3) == "Café” 100%"
    in_a_row = [said.are_one(place, 2) for place in range(-1, 6)]
    assert in_a_row == [False, True, True, True, False, True, False]


def test_other_words_in_some_places() -> None:
    query = parse_query('docker -djagno "djagno" Djágno')
    assert query.reworded({query.parts[-1].words[0]: "django"}) == parse_query(
        'docker -djagno "djagno" django'
    )
    full = parse_query("a -b " + "x " * 97)
    assert full.reworded({full.parts[0].words[0]: "z" * 210}) == full


@pytest.mark.parametrize("typed", ["37", "#37", "ep 37", "Ep. 37", "ep37", "Episode #37"])
def test_numbers_of_episodes(typed: str) -> None:
    assert episode_number(typed) == 37


@pytest.mark.parametrize("typed", ["", "3 7", "37a", "web 37", "1234567", "٣"])
def test_no_numbers_of_episodes(typed: str) -> None:
    assert episode_number(typed) is None


@given(st.text(max_size=300))
def test_every_text_is_a_query(typed: str) -> None:
    query = parse_query(typed)
    assert "\0" not in query.text
    again = parse_query(query.text)
    assert again == query
    for part in query.parts:
        for word in part.words:
            assert query.text[word.start : word.end] in part.text
    for restriction in query.restrictions:
        assert len(parse_query(restriction.without).restrictions) <= len(query.restrictions)
