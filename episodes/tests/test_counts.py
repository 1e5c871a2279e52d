"""Counts and neighbours: published and due episodes only, each in one query."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from episodes.counts import (
    Totals,
    YearCount,
    by_year,
    libraries_in_use,
    libraries_with,
    public_appearances,
    public_guests,
    technologies_in_use,
    totals,
    used_with,
)
from episodes.models import Episode
from episodes.related import (
    episodes_with_stack,
    main_first,
    neighbours,
    similar_episodes,
    similar_guests,
)
from episodes.tests.factories import episode, guest, technology

pytestmark = pytest.mark.django_db

LIBRARY = "https://github.com/celery/celery"
HIDDEN = [
    {"status": Episode.Status.DRAFT},
    {"status": Episode.Status.WITHDRAWN},
    {"published_at": datetime(2999, 1, 1, tzinfo=UTC)},
    {"deleted_at": datetime(2024, 1, 1, tzinfo=UTC)},
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_not_public_counts_nowhere(hidden: dict) -> None:
    shared: dict[str, Any] = {"technologies": ["Django"], "guests": ["Ann"], "libraries": [LIBRARY]}
    public = episode("Public", 1, topics=[(1, "a"), (2, "b")], **shared)
    other = episode("Other", 2, technologies=["Django"])
    episode("Hidden", 3, topics=[(1, "c")], **shared, **hidden)
    assert totals() == Totals(episodes=2, moments=2)
    assert technologies_in_use().get().episode_count == 2
    assert libraries_in_use().get().episode_count == 1
    assert public_guests().get().episode_count == 1
    assert [row.episode for row in public_appearances()] == [public]
    assert similar_episodes(public) == [other]
    assert neighbours(other) == (public, None)


def test_first_and_last_episode() -> None:
    episode("A", 1, technologies=["Django"], published_at=datetime(2020, 1, 1, tzinfo=UTC))
    episode("B", 2, technologies=["Django"], published_at=datetime(2021, 1, 1, tzinfo=UTC))
    row = technologies_in_use().get()
    assert (row.first_episode_at.year, row.last_episode_at.year) == (2020, 2021)


def test_years_are_those_of_the_zone() -> None:
    episode("A", 1, published_at=datetime(2020, 1, 1, 4, tzinfo=UTC))
    episode("B", 2, published_at=datetime(2020, 1, 1, 6, tzinfo=UTC))
    published = Episode.objects.published().newest_first()
    assert by_year(published, ZoneInfo("UTC")) == [YearCount(2020, 2)]
    assert by_year(published, ZoneInfo("America/New_York")) == [
        YearCount(2020, 1),
        YearCount(2019, 1),
    ]


def test_names_sort_whatever_their_capitals() -> None:
    episode("A", 1, technologies=["nginx", "AWS", "jQuery", "Python"])
    assert [row.name for row in technologies_in_use()] == ["AWS", "jQuery", "nginx", "Python"]


def test_used_with_and_libraries_with() -> None:
    episode("A", 1, technologies=["Django", "Redis", "AWS"], libraries=[LIBRARY])
    episode("B", 2, technologies=["Django", "Redis"])
    episode("C", 3, technologies=["Redis", "AWS"])
    django = technology("Django")
    beside = used_with(django, Episode.objects.published())
    assert [(row.name, row.together) for row in beside] == [("Redis", 2), ("AWS", 1)]
    assert [(row.name, row.together) for row in libraries_with(django)] == [("celery", 1)]
    assert [row.name for row in libraries_with(technology("AWS"))] == ["celery"]


def test_main_first_looks_at_the_first_position_whatever_its_number() -> None:
    episode("A", 1, technologies=["Django", "Redis"])
    main = episode("B", 2, technologies=["Gone", "Redis", "Django"])
    main.uses.get(technology__slug="gone").delete()
    episode("C", 3, technologies=["Django", "Redis"])
    rows = main_first(Episode.objects.filter(uses__technology__slug="redis"), technology("Redis"))
    assert [(row.title, row.is_main) for row in rows] == [("B", True), ("C", False), ("A", False)]


def test_similar_episodes_share_most_technologies() -> None:
    row = episode("A", 1, technologies=["Django", "Redis", "AWS"])
    episode("B", 2, technologies=["Redis", "Go"])
    episode("C", 3, technologies=["Django", "AWS"])
    episode("D", 4, technologies=["Go"])
    similar = similar_episodes(row)
    assert [(other.title, other.shared) for other in similar] == [
        ("C", ["AWS", "Django"]),
        ("B", ["Redis"]),
    ]


def test_a_rare_technology_says_more_than_two_common_ones() -> None:
    row = episode("A", 1, technologies=["Django", "AWS", "Elixir"])
    rare = episode("Rare", 2, technologies=["Elixir"])
    common = episode("Common", 3, technologies=["AWS", "Django"])
    for number in range(10, 16):
        episode("Others", number, technologies=["Django", "AWS"], kind=Episode.Kind.INTERVIEW)
    assert similar_episodes(row) == [rare, common]
    assert [other.shared for other in similar_episodes(row)] == [["Elixir"], ["AWS", "Django"]]
    assert episodes_with_stack([technology("Elixir"), technology("Django")])[:2] == [row, rare]


def test_similar_episodes_are_recent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("episodes.related.RECENT", 3)
    rows = [episode("E", number, technologies=["Django", f"Tool {number}"]) for number in range(5)]
    assert similar_episodes(rows[0]) == [rows[4], rows[3], rows[2]]
    assert similar_episodes(rows[4]) == [rows[3], rows[2]]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_not_public_is_not_like_any_stack(hidden: dict) -> None:
    public = episode("Public", 1, technologies=["Django", "Go"])
    episode("Hidden", 2, technologies=["Django"], **hidden)
    (found,) = episodes_with_stack([technology("Django"), technology("Redis")])
    assert (found, found.shared) == (public, ["Django"])
    assert episodes_with_stack([]) == []


@pytest.mark.parametrize("count", [3, 12])
def test_stacks_come_with_what_their_cards_show(django_assert_num_queries, count: int) -> None:
    for number in range(count):
        episode("E", number, technologies=["Django", "Redis"], guests=["Ann"])
    episode("Interview", 1, technologies=["Django"], seconds=None, kind=Episode.Kind.INTERVIEW)
    django = technology("Django")
    with django_assert_num_queries(4):
        for row in episodes_with_stack([django]):
            assert row.seconds in (3000, None)
            assert [use.technology.name for use in row.uses.all()]
            assert len(row.appearances.all()) <= 1


def test_neighbours_on_the_same_day_go_by_number() -> None:
    day = datetime(2020, 1, 1, tzinfo=UTC)
    first, second, third = (episode(f"E{n}", n, published_at=day) for n in (1, 2, 3))
    episode("Interview", 2, kind=Episode.Kind.INTERVIEW, published_at=day)
    assert neighbours(first) == (None, second)
    assert neighbours(second) == (first, third)
    assert neighbours(third) == (second, None)


def test_similar_guests_by_technologies_in_common() -> None:
    episode("A", 1, technologies=["Django", "Redis"], guests=["Ann"])
    episode("B", 2, technologies=["Django", "Redis"], guests=["Bob"])
    episode("C", 3, technologies=["Redis"], guests=["Cem"])
    episode("D", 4, technologies=["Go"], guests=["Dee"])
    similar = similar_guests(guest("Ann"))
    assert [(row.name, row.common) for row in similar] == [("Bob", 2), ("Cem", 1)]


def test_guests_of_one_episode_have_no_similar_stacks() -> None:
    episode("A", 1, technologies=["Django", "Redis"], guests=["Ann", "Max"])
    episode("B", 2, technologies=["Django"], guests=["Bob"])
    assert [row.name for row in similar_guests(guest("Ann"))] == ["Bob"]


def test_similar_guests_are_of_recent_episodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("episodes.related.RECENT", 1)
    for number, name in enumerate(["Ann", "Bob", "Cem"]):
        episode(name, number, technologies=["Django"], guests=[name])
    assert [row.name for row in similar_guests(guest("Ann"))] == ["Cem"]


@pytest.mark.parametrize("count", [3, 12])
def test_one_query_each(django_assert_num_queries, count: int) -> None:
    rows = [
        episode(f"E{n}", n, technologies=["Django", "Redis"], guests=[f"G{n}"], libraries=[LIBRARY])
        for n in range(count)
    ]
    django, someone = technology("Django"), guest("G1")
    for read in (
        totals,
        lambda: list(technologies_in_use()),
        lambda: list(libraries_in_use()),
        lambda: list(public_guests()),
        lambda: [(row.guest.name, row.episode.title) for row in public_appearances()],
        lambda: list(used_with(django, Episode.objects.published())),
        lambda: list(libraries_with(django)),
        lambda: similar_episodes(rows[1]),
        lambda: neighbours(rows[1]),
        lambda: list(similar_guests(someone)),
    ):
        with django_assert_num_queries(1):
            read()
