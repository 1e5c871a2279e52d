"""The first search: every word, any name, the moments that answer."""

from datetime import UTC, datetime

import pytest

from episodes.models import Episode
from episodes.tests.factories import episode, technology
from search.engine import Moment, Results, search

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    return [result.episode.title for result in search(query).results]


@pytest.fixture
def rows() -> None:
    episode(
        "Diary Entries",
        1,
        technologies=["Django", "Kubernetes"],
        guests=["Phil Gyford"],
        topics=[(60, "Motivation for Django"), (90, "Deploying containers"), (120, "Backups")],
        introduction="A site about Samuel Pepys.",
    )
    episode("Toilet Paper", 2, technologies=["Flask"], topics=[(30, "Using C++ for speed")])
    technology("Kubernetes").know_as("k8s")


@pytest.mark.parametrize(
    "query", ["diary", "django", "k8s", "gyford", "pepys", "deploy container", "phil backups"]
)
def test_every_word_of_an_episode_finds_it(rows, query: str) -> None:
    assert titles(query) == ["Diary Entries"]


def test_all_words_must_be_there(rows) -> None:
    assert titles("diary flask") == []
    assert titles("diary -django") == []


def test_parts_and_symbols_fall_back_to_the_text(rows) -> None:
    assert titles("C++") == ["Toilet Paper"]
    assert titles("kuber") == ["Diary Entries"]
    assert titles("gyf") == ["Diary Entries"]


def test_moments_are_those_that_answer_in_the_order_heard(rows) -> None:
    (result,) = search("deploying django").results
    assert result.moments == (
        Moment(60, "Motivation for Django"),
        Moment(90, "Deploying containers"),
    )


def test_at_most_three_moments() -> None:
    episode("A", 1, topics=[(second, "Docker again") for second in range(10)])
    (result,) = search("docker").results
    assert [moment.seconds for moment in result.moments] == [0, 1, 2]


def test_titles_and_names_weigh_more_than_topics() -> None:
    episode("A Site", 1, topics=[(1, "A word on Redis")])
    episode("Redis at Scale", 2, published_at=datetime(2019, 1, 1, tzinfo=UTC))
    assert titles("redis") == ["Redis at Scale", "A Site"]


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Episode.Status.DRAFT},
        {"status": Episode.Status.WITHDRAWN},
        {"published_at": datetime(2999, 1, 1, tzinfo=UTC)},
    ],
)
def test_only_what_is_published(hidden: dict) -> None:
    episode("Secret Sauce", 1, topics=[(1, "Secret")], **hidden)
    assert titles("secret") == []
    assert titles("secr") == []


def test_blank_queries_find_nothing_without_asking(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert search("  \t ") == Results("")


def test_long_queries_are_cut(rows) -> None:
    assert len(search("x" * 5000).query) == 200


def test_more_than_the_limit_is_capped() -> None:
    for number in range(4):
        episode("Docker", number)
    found = search("docker", limit=3)
    assert (found.count, found.capped, len(found.results)) == (3, True, 3)
    all_of_them = search("docker", limit=4)
    assert (all_of_them.count, all_of_them.capped) == (4, False)


@pytest.mark.parametrize("query", ["'", '"', "a & | !", ":*", "\\", "%_", "or or", "-", "((", "\0"])
def test_nothing_a_visitor_types_breaks_it(rows, query: str) -> None:
    assert search(query).count == 0


@pytest.mark.parametrize("count", [3, 12])
def test_queries_stay_constant(django_assert_num_queries, count: int) -> None:
    for number in range(count):
        episode("Docker", number, technologies=["Go"], guests=["Ann"], topics=[(1, "Docker")])
    with django_assert_num_queries(4):
        assert search("docker").count == count
    with django_assert_num_queries(5):
        assert search("ocke").count == count
