"""The facets on the search page."""

from typing import Any

import pytest
from django.test import Client

from pages.search_facets import Facet
from pages.tests.factories import catalogue, full_episode, interview

pytestmark = pytest.mark.django_db


def facets(client: Client, query: str, **parameters: Any) -> dict[str, Facet]:
    response = client.get("/search", {"q": query, **parameters})
    assert response.status_code == 200
    return {each.key: each for each in response.context["facets"]}


def test_facets_narrow_the_search_and_keep_its_order(client: Client) -> None:
    catalogue(3)
    interview(2, topics=[(1, "Recap of AWS")])
    stack = facets(client, "recap aws", sort="newest")["stack"]
    counts = {each.label: (each.count, each.path) for each in stack.links}
    assert counts["Django"] == (3, "/search?q=recap+aws+stack%3ADjango&sort=newest")
    assert counts["Tool 1"] == (1, "/search?q=recap+aws+stack%3A%22Tool+1%22&sort=newest")
    html = client.get("/search?q=recap+aws").content.decode()
    assert "<bdi>Written interview</bdi>" in html
    assert '<nav aria-label="Narrow these results">' in html


def test_an_active_facet_can_be_removed(client: Client) -> None:
    catalogue(3)
    stack = facets(client, "recap stack:django")["stack"]
    assert [(chip.label, path) for chip, path in stack.active] == [
        ("with django", "/search?q=recap")
    ]
    assert "Django" not in [each.label for each in stack.links]


def test_nothing_to_narrow_shows_no_facets(client: Client) -> None:
    catalogue(1)
    assert facets(client, "recap") == facets(client, "gleam") == {}
    assert b"Narrow these results" not in client.get("/search?q=recap").content


def test_a_name_that_a_filter_cannot_say_is_no_facet(client: Client) -> None:
    catalogue(1)
    full_episode(7, technologies=['Say "hi"', "Django"])
    full_episode(8, technologies=["Redis"])
    labels = [each.label for each in facets(client, "recap")["stack"].links]
    assert "Django" in labels
    assert 'Say "hi"' not in labels


def test_a_query_that_would_be_too_long_has_no_facets(client: Client) -> None:
    catalogue(3)
    assert facets(client, f"recap {'-phoenix ' * 21}aws") == {}
