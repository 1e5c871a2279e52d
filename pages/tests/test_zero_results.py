"""Zero-result queries are counted once, and only if a person searched."""

import pytest
from django.test import Client

from pages.tests.factories import catalogue
from search.models import ZeroResultQuery

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def counted() -> dict[str, int]:
    return dict(ZeroResultQuery.objects.values_list("query", "count"))


def test_a_search_without_results_is_counted(client: Client) -> None:
    catalogue(1)
    for _ in range(2):
        client.get("/search?q=Gleam", headers={"user-agent": FIREFOX})
    assert counted() == {"gleam": 2}


@pytest.mark.parametrize("query", ["q=redis", "", "q=", "q=%21", "q=gleam&page=2"])
def test_a_search_with_results_or_without_words_is_not_counted(client: Client, query: str) -> None:
    catalogue(1)
    client.get(f"/search?{query}", headers={"user-agent": FIREFOX})
    assert counted() == {}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "curl/8.0"},
        {"user-agent": FIREFOX, "sec-purpose": "prefetch;prerender"},
        {"user-agent": FIREFOX, "purpose": "prefetch"},
    ],
)
def test_bots_and_prefetches_are_not_counted(client: Client, headers: dict[str, str]) -> None:
    client.get("/search?q=gleam", headers=headers)
    assert counted() == {}


def test_a_head_request_is_no_search(client: Client) -> None:
    client.head("/search?q=gleam", headers={"user-agent": FIREFOX})
    assert counted() == {}


def test_programs_and_suggestions_are_not_counted(client: Client) -> None:
    for path in ("/search.json?q=gleam", "/search/suggest?q=gleam"):
        client.get(path, headers={"user-agent": FIREFOX})
    assert counted() == {}
