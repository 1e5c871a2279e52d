"""Searches without results are counted, within bounds, and nothing else is stored."""

from datetime import date

import pytest
import time_machine

from search.models import ZeroResultQuery, zero_results
from show.models import ContentVersion

pytestmark = pytest.mark.django_db


def counts() -> dict[str, int]:
    return dict(ZeroResultQuery.objects.values_list("query", "count"))


@time_machine.travel("2026-03-04T23:00:00Z", tick=False)
def test_case_and_spaces_do_not_matter(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        ZeroResultQuery.objects.record("Gleam  lang")
    ZeroResultQuery.objects.record("gleam lang")
    ZeroResultQuery.objects.record("Fortran")
    assert counts() == {"gleam lang": 2, "fortran": 1}
    assert ZeroResultQuery.objects.get(query="fortran").last_on == date(2026, 3, 4)


@pytest.mark.parametrize("query", ["", "  ", "x" * 101, "ann@example.org gleam"])
def test_texts_that_are_no_search_are_not_counted(query: str) -> None:
    ZeroResultQuery.objects.record(query)
    assert counts() == {}


def test_the_least_frequent_and_oldest_are_deleted_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zero_results, "MAX_ROWS", 3)
    with time_machine.travel("2026-03-01T12:00:00Z") as clock:
        for query in ("twice", "twice", "old", "newer", "newest"):
            ZeroResultQuery.objects.record(query)
            clock.shift(86400)
    assert counts() == {"twice": 2, "newer": 1, "newest": 1}


@pytest.mark.django_db(transaction=True)
def test_counting_does_not_change_the_content_version() -> None:
    before = ContentVersion.objects.values_list("number", flat=True).first()
    ZeroResultQuery.objects.record("gleam")
    assert ContentVersion.objects.values_list("number", flat=True).first() == before
