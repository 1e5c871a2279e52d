"""What was searched for in vain is counted, within bounds, and nothing else is kept."""

from datetime import date

import pytest
import time_machine

from search import zero_results
from search.models import Miss
from search.zero_results import count_miss
from show.models import ContentVersion

pytestmark = pytest.mark.django_db


def kept() -> dict[str, int]:
    return dict(Miss.objects.values_list("query", "count"))


@time_machine.travel("2026-03-04T23:00:00Z", tick=False)
def test_spellings_of_one_search_are_one(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        count_miss("Gleam  lang")
    count_miss("gleam lang")
    count_miss("Fortran")
    assert kept() == {"gleam lang": 2, "fortran": 1}
    assert Miss.objects.get(query="fortran").last_on == date(2026, 3, 4)


@pytest.mark.parametrize("query", ["", "  ", "x" * 101, "ann@example.org gleam"])
def test_what_is_no_name_is_not_kept(query: str) -> None:
    count_miss(query)
    assert kept() == {}


def test_the_least_wanted_and_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zero_results, "MOST_KEPT", 3)
    with time_machine.travel("2026-03-01T12:00:00Z") as clock:
        for query in ("twice", "twice", "old", "newer", "newest"):
            count_miss(query)
            clock.shift(86400)
    assert kept() == {"twice": 2, "newer": 1, "newest": 1}


@pytest.mark.django_db(transaction=True)
def test_pages_stay_as_fresh_as_they_were() -> None:
    before = ContentVersion.objects.values_list("number", flat=True).first()
    count_miss("gleam")
    assert ContentVersion.objects.values_list("number", flat=True).first() == before
