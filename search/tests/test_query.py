"""Parsing of what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.parse import (
    MAX_LENGTH,
    Filter,
    TokenSequence,
    episode_number,
    parse_query,
)


def clauses(typed: str) -> list[str]:
    return [clause.text for clause in parse_query(typed).clauses]


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
    assert clauses(typed) == expected


def test_operators() -> None:
    query = parse_query('django OR rails -aws -"on call" stack:redis -stack:"Ruby on Rails"')
    assert [(clause.text, clause.is_alternative) for clause in query.clauses] == [
        ("django", False),
        ("rails", True),
    ]
    assert [clause.text for clause in query.excluded] == ["aws", "on call"]
    assert query.filters == (Filter("stack", "redis"), Filter("stack", "Ruby on Rails", True))


def test_or_joins_only_what_it_stands_between() -> None:
    assert clauses("or") == ["or"]
    assert [clause.is_alternative for clause in parse_query("or a or").clauses] == [False, False]


def test_each_restriction_can_be_removed() -> None:
    query = parse_query('a "b c" -d year:2020')
    assert [each.query for each in query.restrictions] == [
        "a -d year:2020",
        'a "b c" year:2020',
        'a "b c" -d',
    ]


def test_tokens_have_positions_and_adjacency() -> None:
    query = parse_query('‹Café› 100%  went or "down.Again"')
    tokens = TokenSequence.of(query, query.clauses)
    assert [token.text for token in tokens.tokens] == "cafe 100 percent went down again".split()
    assert [tokens.typed(start, 1) for start in range(6)] == "Café 100 % went down Again".split()
    assert tokens.typed(0, 3) == "Café› 100%"
    adjacent = [tokens.are_adjacent(start, 2) for start in range(-1, 6)]
    assert adjacent == [False, True, True, True, False, True, False]


def test_words_can_be_replaced() -> None:
    query = parse_query('docker -djagno "djagno" Djágno')
    assert query.with_replaced({query.clauses[-1].tokens[0]: "django"}) == parse_query(
        'docker -djagno "djagno" django'
    )
    full = parse_query("a -b " + "x " * 97)
    assert full.with_replaced({full.clauses[0].tokens[0]: "z" * 210}) == full


@pytest.mark.parametrize("typed", ["37", "#37", "ep 37", "Ep. 37", "ep37", "Episode #37"])
def test_episode_numbers(typed: str) -> None:
    assert episode_number(typed) == ("podcast", 37)


@pytest.mark.parametrize("typed", ["", "3 7", "37a", "web 37", "1234567", "٣"])
def test_other_texts_are_no_episode_numbers(typed: str) -> None:
    assert episode_number(typed) is None


@given(st.text(max_size=300))
def test_every_text_is_a_query(typed: str) -> None:
    query = parse_query(typed)
    assert "\0" not in query.text
    again = parse_query(query.text)
    assert again == query
    for clause in query.clauses:
        for token in clause.tokens:
            assert query.text[token.start : token.end] in clause.text
    for restriction in query.restrictions:
        assert len(parse_query(restriction.query).restrictions) <= len(query.restrictions)


@pytest.mark.parametrize(
    ("typed", "wanted", "excluded"),
    [
        ("docker NOT compose", ["docker"], ["compose"]),
        ("docker AND redis AND NOT compose swarm", ["docker", "redis", "swarm"], ["compose"]),
        ('NOT "docker compose" docker', ["docker"], ["docker compose"]),
        ("why not docker and redis", ["why", "not", "docker", "and", "redis"], []),
        ("docker NOT", ["docker", "NOT"], []),
        ("stack:AND NOT stack:redis docker", ["docker"], []),
    ],
)
def test_not_and_and(typed: str, wanted: list[str], excluded: list[str]) -> None:
    query = parse_query(typed)
    assert [each.text for each in query.clauses] == wanted
    assert [each.text for each in query.excluded] == excluded


def test_a_not_is_removed_with_its_word() -> None:
    (chip,) = parse_query("docker NOT compose swarm").restrictions
    assert (chip.label, chip.query) == ("without compose", "docker swarm")
    *_, chip = parse_query("NOT stack:redis a").restrictions
    assert (chip.label, chip.query) == ("not with redis", "a")


@pytest.mark.parametrize(
    "typed",
    ["“best tips”", "‘best tips’", "'best tips'", "«best tips»", "„best tips“", "”best tips”"],
)
def test_quotes_as_phones_type_them_bind(typed: str) -> None:
    (clause,) = parse_query(typed).clauses
    assert (clause.text, clause.is_quoted) == ("best tips", True)


def test_a_phrase_in_single_quotes_may_have_an_apostrophe() -> None:
    assert clauses("'dead man's snitch' cron") == ["dead man's snitch", "cron"]
    assert clauses("'postgres' don't 'n' the users' sites") == (
        "'postgres' don't 'n' the users' sites".split()
    )


def test_a_long_query_is_cut_between_words() -> None:
    assert parse_query("database " * 40).text == ("database " * 22).strip()
    assert len(parse_query("a" * 300).text) == MAX_LENGTH


@pytest.mark.parametrize(
    ("typed", "text", "words"),
    [
        ("https://www.gyford.com/", "gyford.com", ["gyford", "com"]),
        ("www.gyford.com", "gyford.com", ["gyford", "com"]),
        ("http://gyford.com/a/b?c=d", "gyford.com", ["gyford", "com"]),
    ],
)
def test_an_address_is_searched_by_its_name(typed: str, text: str, words: list[str]) -> None:
    (clause,) = parse_query(typed).clauses
    assert clause.text == text
    assert [token.text for token in clause.tokens] == words
    assert all(typed[token.start : token.end] == token.text for token in clause.tokens)


@pytest.mark.parametrize(
    ("typed", "kind"), [("interview 2", "interview"), ("podcast 2", "podcast"), ("#2", "podcast")]
)
def test_a_number_may_have_a_kind(typed: str, kind: str) -> None:
    assert episode_number(typed) == (kind, 2)


def test_a_query_without_its_quotes() -> None:
    assert parse_query('a "b c" -"d e" "f"').without_quotes() == 'a b c -"d e" f'
