"""The index of technologies: by use, by category, by letters."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from pages.tests.factories import catalogue, full_episode
from pages.views.stack import FIRST

pytestmark = pytest.mark.django_db


def names(client: Client, path: str) -> list[str]:
    return [row.name for row in client.get(path).context["technologies"]]


def test_letters_filter_it(client: Client) -> None:
    full_episode(1, technologies=["Node.js", "PostgreSQL", "Post CSS", "C#"])
    assert names(client, "/stack/?q=post") == ["Post CSS", "PostgreSQL"]
    assert names(client, "/stack/?q=node+JS") == ["Node.js"]
    assert names(client, "/stack/?q=c%23") == ["C#"]
    assert names(client, "/stack/?q=+") == names(client, "/stack/")
    page = client.get("/stack/?q=post").content.decode()
    assert 'name="q" type="search" value="post"' in page
    assert '<meta name="robots" content="noindex, follow">' in page
    assert '<p class="notice" data-nothing hidden>' in page


def test_what_nobody_named_is_said(client: Client) -> None:
    catalogue(1)
    page = client.get("/stack/?q=%3Cb%3E").content.decode()
    assert '<p class="notice" data-nothing>No guest has named such a technology.' in page
    assert "<b>" not in page


def test_a_category_is_kept_while_filtering(client: Client) -> None:
    full_episode(1, technologies=["Django", "Redis"])
    page = client.get("/stack/?category=other&q=red")
    assert [row.name for row in page.context["technologies"]] == ["Redis"]
    assert '<input type="hidden" name="category" value="other">' in page.content.decode()


@pytest.mark.parametrize("category", ["fortran", "database", "%F0%9F%8E%A7"])
def test_an_empty_or_unknown_category_is_not_found(client: Client, category: str) -> None:
    full_episode(1, technologies=["Django"])
    assert client.get(f"/stack/?category={category}").status_code == 404


def test_the_most_used_come_first_and_the_rest_is_folded(client: Client) -> None:
    many = [f"Tool {number:03}" for number in range(FIRST + 4)]
    full_episode(1, technologies=many)
    full_episode(2, technologies=[many[-1]])
    page = client.get("/stack/").content.decode()
    shown, _, folded = page.partition("<summary>4 more</summary>")
    assert many[-1] in shown
    assert re.findall(r"<bdi>(Tool \d+)</bdi>", folded) == many[-5:-1]


def test_a_filtered_list_is_in_no_cache_of_ours(client: Client) -> None:
    catalogue(1)
    for path, is_storable in (("/stack/?q=a", False), ("/stack/?category=other", True)):
        request: Any = client.get(path).wsgi_request
        assert request.is_storable is is_storable


def test_whoever_looks_for_one_finds_the_filter_above_charts_and_list(client: Client) -> None:
    catalogue(3)
    names = ["Django", "Redis", "Docker", "AWS"]
    for number, year in ((11, 2019), (12, 2020)):
        date = datetime(year, 6, 1, tzinfo=UTC)
        full_episode(number, published_at=date, technologies=names)
    page = client.get("/stack/").content.decode()
    order = ["<h1>", 'id="filter"', 'class="charts"', 'id="by-use"']
    places = [page.index(each) for each in order]
    assert places == sorted(places)
    assert page.index('href="#technologies">Skip to the list') < page.index('class="charts"')
    assert 'class="charts"' not in client.get("/stack/?q=d").content.decode()
