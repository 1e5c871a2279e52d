"""Stacks like mine."""

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from episodes.tests.factories import episode, show, technology
from pages.tests.factories import catalogue

pytestmark = pytest.mark.django_db

STACKS = ["Django", "django", "AWS", "aws", "Redis", " "]


def test_closest_first_with_shared_and_other_technologies(client: Client) -> None:
    episode("Common", 1, technologies=["Django", "Redis"])
    episode("Rare", 2, technologies=["Redis", "Elixir", "Go"])
    episode("None", 3, technologies=["Go", "PHP"])
    response = client.get("/stack/mine?stack=elixir&stack=redis")
    matches = response.context["matches"]
    assert [(match.episode.title, match.shared) for match in matches] == [
        ("Rare", ["Elixir", "Redis"]),
        ("Common", ["Redis"]),
    ]
    assert [[each.name for each in match.others] for match in matches] == [["Go"], ["Django"]]
    html = response.content.decode()
    assert '<input type="checkbox" name="stack" value="elixir" checked>' in html
    assert '<input type="checkbox" name="stack" value="php">' in html
    assert "Shares <strong>Elixir, Redis</strong>." in html


def test_only_the_page_without_parameters_is_indexed(client: Client) -> None:
    catalogue(1)
    assert "noindex" not in client.get("/stack/mine").content.decode()
    html = client.get("/stack/mine?stack=django").content.decode()
    assert '<meta name="robots" content="noindex, follow">' in html
    assert f'<link rel="canonical" href="{settings.SITE_URL}/stack/mine?stack=django">' in html


def test_other_spellings_lead_to_the_sorted_one(client: Client) -> None:
    episode("A", 1, technologies=["Kubernetes", "Django"])
    technology("Kubernetes").add_names("k8s")
    for query in ("stack=k8s&stack=Django", "stack=kubernetes&stack=django&stack=&year=2020"):
        response = client.get(f"/stack/mine?{query}")
        assert response.status_code == 301
        assert response.headers["Location"] == "/stack/mine?stack=django&stack=kubernetes"


def test_unknown_and_unused_technologies_are_404_with_suggestions(client: Client) -> None:
    catalogue(1)
    technology("Djangoo")
    for slug in ("djagno", "djangoo"):
        response = client.get(f"/stack/mine?stack={slug}")
        assert response.status_code == 404
        assert "Django" in [each.label for each in response.context["suggestions"]]


def test_the_index_leads_there(client: Client) -> None:
    show()
    assert 'href="/stack/mine"' in client.get("/stack/").content.decode()
    assert "No published episode names" in client.get("/stack/mine").content.decode()


@pytest.fixture
def visitor(client: Client) -> Client:
    episode("A", 1, technologies=["Django", "AWS"])
    return client


@given(st.lists(st.one_of(st.sampled_from(STACKS), st.text(max_size=20)), max_size=6))
def test_any_stack_is_answered(visitor: Client, names: list[str]) -> None:
    response = visitor.get("/stack/mine", {"stack": names})
    assert response.status_code in (200, 301, 400, 404)
    if response.status_code == 301:
        assert visitor.get(response.headers["Location"]).status_code == 200
