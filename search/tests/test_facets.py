"""Facets: what of each kind the results of a search share, counted."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from episodes.models import Episode
from search.engine import search
from search.index import refresh
from search.retrieval.facets import MOST, FacetValue, facet_values
from search.tests.factories import indexed
from topics.models import Transcript

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Europe/Vienna")


def counted(query: str, key: str) -> dict[str, int]:
    found = search(query, zone=ZONE)
    return {each.value: each.count for each in facet_values(found.found, ZONE) if each.key == key}


@pytest.fixture
def rows() -> None:
    old = datetime(2018, 12, 31, 23, 30, tzinfo=UTC)  # in Vienna it is 2019
    indexed("Queues", 1, technologies=["Django", "Redis"], guests=["Ann"], published_at=old)
    row = indexed("Queues", 2, technologies=["Django"], guests=["Ann"])
    indexed("Queues", 3, technologies=["Django", "Flask"], kind=Episode.Kind.INTERVIEW)
    indexed("Other", 4, technologies=["Redis"], guests=["Bob"])
    Transcript.objects.create(episode=row)
    refresh([row.pk])


def test_only_values_that_some_results_lack_are_counted(rows: None) -> None:
    assert counted("queues", "stack") == {"Redis": 1, "Flask": 1}
    assert counted("queues", "guest") == {"Ann": 2}
    assert counted("queues", "kind") == {"podcast": 2, "interview": 1}
    assert counted("queues", "has") == {"transcript": 1}
    assert counted("queues", "year") == {"2019": 1, "2020": 2}


def test_filters_alone_have_facets_of_all_their_results(rows: None) -> None:
    assert counted("stack:redis", "guest") == {"Ann": 1, "Bob": 1}


def test_each_count_is_that_of_the_narrowed_search(rows: None) -> None:
    found = search("queues", zone=ZONE)
    values = facet_values(found.found, ZONE)
    assert len(values) == 8
    for each in values:
        assert search(f"queues {each.key}:{each.value}", zone=ZONE).count == each.count


def test_one_result_has_no_facets(rows: None) -> None:
    assert facet_values(search("other").found, ZONE) == facet_values((), ZONE) == []


def test_the_frequent_and_then_those_of_better_results_come_first() -> None:
    tools = [f"Tool {number}" for number in range(MOST)]
    rows = [
        indexed("One", 1, technologies=["Zig", *tools]),
        indexed("Two", 2, technologies=["Ada"]),
    ]
    rows += [indexed("Three", 3, technologies=["Ada"])]
    keys = [row.pk for row in rows]
    stack = [each for each in facet_values(keys, ZONE) if each.key == "stack"]
    assert stack[0] == FacetValue("stack", "Ada", 2)
    assert len(stack) == MOST
    stack = [each for each in facet_values([keys[1], keys[0]], ZONE) if each.key == "stack"]
    assert stack[0].value == "Ada"


@pytest.mark.parametrize(
    ("query", "count"),
    [("kind:interview", 1), ("kind:Podcast", 3), ("-kind:podcast", 1), ("queues kind:podcast", 2)],
)
def test_kinds_filter(rows: None, query: str, count: int) -> None:
    assert search(query).count == count


def test_an_unknown_kind_is_an_unknown_filter(rows: None) -> None:
    (chip,) = search("queues kind:video").chips
    assert not chip.is_known
