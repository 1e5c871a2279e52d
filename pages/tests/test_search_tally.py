"""Searches that found something are counted, without a query for the visitor."""

from datetime import date
from typing import Any

import pytest
from django.db import Error, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pages.models import MAX_QUERIES, DailySearch
from pages.search_tally import MAX_WAITING, SearchTally, tally
from search.tests.factories import indexed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 3)
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def counting(settings: Any, monkeypatch: pytest.MonkeyPatch) -> SearchTally:
    """A tally that is only written when the test says so."""
    settings.DOWNLOADS_LOG = "/var/log/access.log"
    found = SearchTally(seconds=3600)
    monkeypatch.setattr("pages.views.search.tally", found)
    return found


def rows() -> dict[str, int]:
    return dict(DailySearch.objects.values_list("query", "count"))


def test_a_search_that_found_what_it_asked_for_is_counted(
    client: Client, counting: SearchTally
) -> None:
    indexed("Ship it with Django", 1, technologies=["Django"])
    for query in ("Django", " django ", "gleam", "me@example.org django", "djagno"):
        assert client.get("/search", {"q": query}, headers=BROWSER).status_code == 200
    client.get("/search", {"q": "django", "page": "2"}, headers=BROWSER)
    client.get("/search", {"q": "django", "sort": "newest"}, headers=BROWSER)
    client.get("/search", {"q": "django"}, headers={"User-Agent": "Googlebot/2.1"})
    assert rows() == {}
    counting.write()
    assert rows() == {"django": 2}
    counting.write()
    assert rows() == {"django": 2}


def test_it_costs_visitors_no_query(client: Client, counting: SearchTally, settings: Any) -> None:
    indexed("Ship it with Django", 1, technologies=["Django"])
    settings.DOWNLOADS_LOG = ""
    client.get("/search", {"q": "django"}, headers=BROWSER)  # what is read once
    with CaptureQueriesContext(connection) as without:
        client.get("/search", {"q": "django"}, headers=BROWSER)
    settings.DOWNLOADS_LOG = "/var/log/access.log"
    with CaptureQueriesContext(connection) as counted:
        client.get("/search", {"q": "django"}, headers=BROWSER)
    assert len(counted) == len(without)
    assert counting.counts.total() == 1


def test_a_day_keeps_its_most_frequent_searches() -> None:
    DailySearch.objects.add({(TODAY, f"query {number}"): 1 for number in range(MAX_QUERIES + 9)})
    DailySearch.objects.add({(TODAY, "django"): 5, (date(2026, 11, 4), "rust"): 1})
    assert DailySearch.objects.filter(day=TODAY).count() == MAX_QUERIES
    assert rows()["django"] == 5 and rows()["rust"] == 1


def test_searches_wait_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = SearchTally(seconds=3600)
    for number in range(MAX_WAITING + 5):
        waiting.record(f"query {number}", TODAY)
    waiting.record("query 1", TODAY)
    assert (len(waiting.counts), waiting.counts.total()) == (MAX_WAITING, MAX_WAITING + 1)

    def away(*arguments: Any) -> None:
        raise Error("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(type(DailySearch.objects), "add", away)
        waiting.write()
    assert waiting.counts.total() == MAX_WAITING + 1
    waiting.write()
    assert DailySearch.objects.filter(query="query 1").get().count == 2
    assert not waiting.counts


def test_without_counting_nothing_is_kept(client: Client) -> None:
    indexed("Ship it with Django", 1, technologies=["Django"])
    client.get("/search", {"q": "django"}, headers=BROWSER)
    assert not tally.counts
