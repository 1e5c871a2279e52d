"""Filters and pages of the episode lists."""

import re

import pytest
from django.conf import settings
from django.test import Client

from episodes.tests.factories import episode, technology
from pages.tests.factories import catalogue

pytestmark = pytest.mark.django_db


def titles(client: Client, query: str) -> list[str]:
    response = client.get(f"/podcast/{query}")
    assert response.status_code == 200, query
    return [row.title for row in response.context["found"]]


def test_filters_combine(client: Client) -> None:
    episode("A", 1, technologies=["Django", "Redis"], guests=["Phil Gyford"])
    episode("B", 2, technologies=["Django", "Redis", "AWS"])
    episode("C", 3, technologies=["Django"])
    assert titles(client, "?stack=django") == ["C", "B", "A"]
    assert titles(client, "?stack=django&stack=redis") == ["B", "A"]
    assert titles(client, "?not=aws&stack=django&stack=redis") == ["A"]
    assert titles(client, "?guest=phil-gyford&stack=django&year=2020") == ["A"]
    assert titles(client, "?not=django") == []


def test_other_spellings_lead_to_the_canonical_one(client: Client) -> None:
    episode("A", 1, technologies=["Kubernetes", "Django"], guests=["Phil Gyford"])
    technology("Kubernetes").add_names("k8s")
    for query in (
        "?stack=k8s&stack=Django&year=2020&guest=Phil+Gyford",
        "?year=2020&stack=kubernetes&stack=django&guest=phil-gyford&not=&page=1",
        "?guest=phil-gyford&stack=django&stack=django&stack=k8s&utm_source=x&year=2020",
    ):
        response = client.get(f"/podcast/{query}")
        assert response.status_code == 301
        assert (
            response.headers["Location"]
            == "/podcast/?guest=phil-gyford&stack=django&stack=kubernetes&year=2020"
        )


def test_unknown_parameters_are_ignored_and_not_canonical(client: Client) -> None:
    response = client.get("/podcast/?utm_source=x&whatever[]=1")
    assert response.status_code == 200
    assert f'href="{settings.SITE_URL}/podcast/">' in response.content.decode()


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [("stack=djagno", "Django"), ("not=djagno", "Django"), ("guest=ann-othr", "Ann Other")],
)
def test_unknown_names_are_404_with_suggestions(
    client: Client, query: str, suggestion: str
) -> None:
    catalogue(1)
    response = client.get(f"/podcast/?{query}")
    assert response.status_code == 404
    assert suggestion in [each.label for each in response.context["suggestions"]]


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=2", "page=-1", "page=x", "page=1.5", "page=9999999999999", "page=٢",
        "year=x", "year=-2020", "year=20200", "year=0000", "year=9999",
    ],
)  # fmt: skip
def test_impossible_pages_and_years_are_404(client: Client, query: str) -> None:
    catalogue(1)
    assert client.get(f"/podcast/?{query}").status_code == 404
    assert client.get(f"/interviews/?{query}").status_code == 404


def test_twenty_to_a_page(client: Client) -> None:
    for number in range(1, 46):
        episode("E", number, technologies=["Django"])
    first = client.get("/podcast/?stack=django").content.decode()
    assert 'rel="next" href="/podcast/?page=2&amp;stack=django"' in first
    assert 'rel="prev"' not in first
    last = client.get("/podcast/?page=3&stack=django").content.decode()
    assert 'rel="prev" href="/podcast/?page=2&amp;stack=django"' in last
    assert 'rel="next"' not in last
    assert last.count('<article class="card">') == 5
    assert client.get("/podcast/?page=4&stack=django").status_code == 404
    second = client.get("/podcast/?page=2").content.decode()
    assert 'rel="prev" href="/podcast/"' in second
    assert f'<link rel="canonical" href="{settings.SITE_URL}/podcast/?page=2">' in second


def test_every_filter_can_be_removed(client: Client) -> None:
    episode("A", 1, technologies=["Django", "Redis"])
    html = client.get("/podcast/?stack=django&stack=redis&year=2020").content.decode()
    assert (
        'href="/podcast/?stack=redis&amp;year=2020" aria-label="Remove the filter with Django"'
        in html
    )
    assert (
        'href="/podcast/?stack=django&amp;stack=redis" aria-label="Remove the filter from 2020"'
        in html
    )


def test_the_form_offers_options_with_counts(client: Client) -> None:
    episode("A", 1, technologies=["Django", "Redis", "AWS"], guests=["Ann"])
    episode("B", 2, technologies=["Django", "Redis"], guests=["Bob", "Ann"])
    episode("C", 80, technologies=["Go"], guests=["Cem"])  # of 2021
    response = client.get("/podcast/?guest=ann&stack=django&year=2020")
    options = response.context["options"]

    def offered(choices: list) -> list[tuple[str, int]]:
        return [(choice.label, choice.count) for choice in choices]

    assert offered(options.stack) == [("Redis", 2), ("AWS", 1)]
    assert offered(options.without) == [("AWS", 1)]
    assert offered(options.guests) == [("Bob", 1)]
    assert [(each.year, each.episodes) for each in options.years] == [(2020, 2)]
    html = response.content.decode()
    assert '<option value="redis">Redis (2)</option>' in html
    assert '<option value="aws">AWS (1 left)</option>' in html
    assert '<option value="2020" selected>2020 (2)</option>' in html
    everything = client.get("/podcast/").context["options"]
    assert [(each.year, each.episodes) for each in everything.years] == [(2021, 1), (2020, 2)]


def test_the_filter_offers_guests_with_most_episodes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.views.episodes.GUESTS", 2)
    episode("A", 1, technologies=["Django"], guests=["Ann", "Bob"])
    episode("B", 2, technologies=["Django"], guests=["Cem"])
    episode("C", 3, technologies=["Django"], guests=["Cem"])
    for query, names in (("", ["Cem", "Ann"]), ("?guest=cem&stack=django", [])):
        options = client.get(f"/podcast/{query}").context["options"]
        assert [choice.label for choice in options.guests] == names


@pytest.mark.parametrize("count", [21, 45])
def test_the_unfiltered_list_is_counted_once(
    client: Client, django_assert_num_queries, count: int
) -> None:
    for number in range(count):
        episode(f"E {number}", number, technologies=["Django"], guests=["Ann"])
    assert client.get("/podcast/").context["found"].paginator.count == count
    # Content version, the show, the page's episodes, their guests and technologies.
    with django_assert_num_queries(5):
        client.get("/podcast/?page=2")
    episode("New", count, technologies=["Django"], guests=["Ann"])
    found = client.get("/podcast/").context
    assert found["found"].paginator.count == found["options"].guests[0].count == count + 1


def test_no_filter_option_empties_the_list(client: Client) -> None:
    catalogue(3)
    options = client.get("/podcast/?stack=redis").context["options"]
    offered = {"stack": options.stack, "not": options.without, "guest": options.guests}
    for parameter, choices in offered.items():
        for choice in choices:
            query = f"stack=redis&{parameter}={choice.value}"
            found = client.get(f"/podcast/?{query}", follow=True).context["found"]
            assert found.paginator.count == choice.count, query


def test_an_empty_filtered_list_offers_to_remove_filters(client: Client) -> None:
    episode("A", 1, technologies=["Django"])
    html = client.get("/podcast/?not=django&year=2020").content.decode()
    assert "Nothing matches all of these filters." in html
    assert 'href="/podcast/?not=django" aria-label="Remove the filter from 2020"' in html
    assert '<a href="/podcast/">Remove all filters</a>' in html


def test_the_form_preserves_the_filters(client: Client) -> None:
    episode("A", 1, technologies=["Django", "Redis"])
    html = client.get("/podcast/?stack=django").content.decode()
    assert '<input type="hidden" name="stack" value="django">' in html
    sent = client.get(
        "/podcast/", {"stack": ["django", "Redis"], "not": "", "guest": "", "year": ""}
    )
    assert sent.headers["Location"] == "/podcast/?stack=django&stack=redis"


def test_interviews_have_a_list_of_their_own(client: Client) -> None:
    catalogue(1)
    listed = client.get("/interviews/?stack=phoenix").context["found"]
    assert [row.title for row in listed] == ["Interview 1"]
    assert titles(client, "?stack=phoenix") == []


@pytest.fixture
def many_rows() -> None:
    """130 guests of two episodes each, and as many libraries."""
    names = [f"Guest {number:03}" for number in range(130)]
    addresses = [f"https://github.com/example/library-{number:03}" for number in range(130)]
    for number in (1, 2):
        episode("E", number, guests=names, libraries=addresses)


@pytest.mark.parametrize(
    ("path", "per_page", "pages"), [("/guests/", 60, 3), ("/libraries/", 120, 2)]
)
def test_lists_of_names_come_in_pages(
    client: Client, many_rows: None, path: str, per_page: int, pages: int
) -> None:
    links: list[str] = []
    for number in range(1, pages + 1):
        query = f"?page={number}" if number > 1 else ""
        html = client.get(f"{path}{query}").content.decode()
        assert f'<link rel="canonical" href="{settings.SITE_URL}{path}{query}">' in html
        assert ('rel="prev"' in html) == (number > 1)
        assert ('rel="next"' in html) == (number < pages)
        links += re.findall(rf'<a href="({path}[^"?#]+)"', html.partition("<main")[2])
        assert len(links) == min(number * per_page, 130)
    assert links == sorted(set(links))
    assert client.get(f"{path}?page={pages + 1}").status_code == 404
    assert client.get(f"{path}?page=x").status_code == 404
    assert client.get(f"{path}?page=1&year=x").headers["Location"] == path
    assert f'rel="prev" href="{path}"' in client.get(f"{path}?page=2").content.decode()


def test_many_guests_are_found_by_letter(client: Client) -> None:
    names = [f"{letter}{number}" for letter in "bAé" for number in range(35)]
    row = episode("E", 1, guests=names)
    letters = client.get("/guests/").context["letters"]
    assert letters == [
        ("A", "/guests/#of-a0"),
        ("B", "/guests/#of-b0"),
        ("É", "/guests/?page=2#of-e0"),
    ]
    html = client.get("/guests/?page=2").content.decode()
    assert '<a href="/guests/#of-a0">A</a>' in html
    assert '<li id="of-e0">' in html
    row.appearances.filter(guest__name__startswith="é").delete()
    row.appearances.filter(guest__name__startswith="b").delete()
    assert client.get("/guests/").context["letters"] == []


def test_a_guest_is_listed_with_all_their_episodes(client: Client, many_rows: None) -> None:
    people = client.get("/guests/?page=3").context["people"]
    assert [each.guest.name for each in people] == [f"Guest {number}" for number in range(120, 130)]
    for each in people:
        assert [appearance.episode.number for appearance in each.appearances] == [2, 1]
