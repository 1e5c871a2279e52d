"""Other spellings and moved addresses: one hop with the query; 410; 404 with suggestions."""

import difflib
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from episodes.models import Episode
from episodes.tests.factories import episode
from pages.tests.factories import catalogue, full_episode, in_the_future
from show.models import Redirect
from stack.models import Technology

pytestmark = pytest.mark.django_db

HOPS = {
    "/podcast": "/podcast/",
    "/podcast.html": "/podcast/",
    "/podcast/index.html": "/podcast/",
    "/index.html": "/",
    "/podcast/1-episode-1/": "/podcast/1-episode-1",
    "/podcast/1-episode-1.html": "/podcast/1-episode-1",
    "/podcast/1-episode-1/chapters.json/": "/podcast/1-episode-1/chapters.json",
    "/podcast//1-episode-1": "/podcast/1-episode-1",
    "/1": "/podcast/1-episode-1",
    "/1/": "/podcast/1-episode-1",
    "/1.html": "/podcast/1-episode-1",
    "/podcast/1": "/podcast/1-episode-1",
    "/podcast/1/": "/podcast/1-episode-1",
    "/1/25:26": "/podcast/1-episode-1?t=1526",
    "/1/1526": "/podcast/1-episode-1?t=1526",
    "/podcast/1/25m26s": "/podcast/1-episode-1?t=1526",
    "/interviews": "/interviews/",
    "/interviews/1-interview-1/": "/interviews/1-interview-1",
    "/tags/": "/stack/",
    "/tags": "/stack/",
    "/tags/django": "/stack/django",
    "/tags/django/": "/stack/django",
    "/tags/django.html": "/stack/django",
    "/tags/dj.html": "/stack/django",
    "/stack/dj": "/stack/django",
    "/stack/Django": "/stack/django",
    "/stack/dj/feed.xml": "/stack/django/feed.xml",
    "/libraries/celery/": "/libraries/celery",
    "/guests/guest-1.html": "/guests/guest-1",
    "/guests/old-name": "/guests/guest-1",
    "/guests/old-name/feed.xml": "/guests/guest-1/feed.xml",
    "/search/": "/search",
    "/follow.html": "/follow",
    "/thanks/": "/thanks",
    "/thanks.html": "/thanks",
    "/robots.txt/": "/robots.txt",
    "/admin": "/admin/",
}


@pytest.fixture
def rows() -> list[Episode]:
    found = catalogue(2)
    Technology.objects.get(slug="django").add_names("Dj")
    found[0].guests.get(slug="guest-1").add_names("Old Name")
    return found


def test_one_hop(client: Client, rows: list[Episode], subtests: pytest.Subtests) -> None:
    for path, target in HOPS.items():
        with subtests.test(path):
            response = client.get(path)
            assert (response.status_code, response.headers["Location"]) == (301, target)
            assert client.get(target).status_code in (200, 302)


def test_the_query_string_stays(client: Client, rows: list[Episode]) -> None:
    response = client.get("/podcast/1-episode-1.html?t=25:26&utm_source=x%20y")
    assert response.headers["Location"] == "/podcast/1-episode-1?t=25:26&utm_source=x%20y"
    joined = client.get("/1/25:26?utm_source=x")
    assert joined.headers["Location"] == "/podcast/1-episode-1?t=1526&utm_source=x"


def test_redirects_reach_their_target_from_every_spelling(client: Client, rows) -> None:
    Redirect.objects.create(old_path="/podcast/1-old", new_path="/podcast/1-episode-1")
    for path in ("/podcast/1-old", "/podcast/1-old/", "/podcast/1-old.html"):
        assert client.get(path).headers["Location"] == "/podcast/1-episode-1"
    below = client.get("/podcast/1-old/chapters.json")
    assert below.headers["Location"] == "/podcast/1-episode-1/chapters.json"


def test_a_page_that_exists_wins_over_a_redirect(client: Client, rows: list[Episode]) -> None:
    Redirect.objects.create(old_path="/podcast/1-episode-1", new_path="/podcast/2-episode-2")
    assert client.get("/podcast/1-episode-1").status_code == 200


def test_gone_for_good(client: Client, rows: list[Episode]) -> None:
    Redirect.objects.create(old_path="/podcast/9-gone", new_path="")
    for path in ("/podcast/9-gone", "/podcast/9-gone/", "/podcast/9-gone/chapters.json"):
        response = client.get(path)
        assert response.status_code == 410
        assert "This page is gone" in response.content.decode()


def test_deleted_episodes_are_gone_if_they_were_ever_public(client: Client) -> None:
    deleted = datetime(2024, 1, 1, tzinfo=UTC)
    deleted_episode = episode("Known", 1, deleted_at=deleted, first_published_at=deleted)
    never = episode("Never", 2, deleted_at=deleted)
    assert client.get(deleted_episode.get_absolute_url()).status_code == 410
    assert client.get(never.get_absolute_url()).status_code == 404


def test_unpublished_episodes_have_no_short_address(client: Client) -> None:
    full_episode(5, status=Episode.Status.DRAFT)
    full_episode(6, published_at=in_the_future())
    for path in (
        "/5",
        "/podcast/6",
        "/5/1:00",
        "/podcast/5-episode-5/",
        "/podcast/6-episode-6.html",
    ):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/stack/djagno", "Django"),
        ("/guests/ann-othr", "Ann Other"),
        ("/libraries/celry", "celery"),
        ("/podcast/1-episod-1", "Episode 1"),
        ("/djang", "Django"),
    ],
)
def test_suggestions(client: Client, rows: list[Episode], path: str, label: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert label in [suggestion.label for suggestion in response.context["suggestions"]]
    html = response.content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert 'rel="canonical"' not in html


def test_no_address_leads_off_the_site(client: Client, rows: list[Episode]) -> None:
    for path in ("//evil.example", "//evil.example/", "/\\evil.example/", "/https://evil.example/"):
        assert client.get("/", PATH_INFO=path).status_code == 404
    inside = client.get("/", PATH_INFO="//podcast//1-episode-1")
    assert inside.headers["Location"] == "/podcast/1-episode-1"


def test_an_unpublished_technology_has_no_page(client: Client) -> None:
    Technology.objects.create(name="Unused", slug="unused")
    assert client.get("/stack/unused").status_code == 404
    assert client.get("/stack/unused/").status_code == 404


def test_few_names_are_compared_however_many_there_are(
    client: Client, rows: list[Episode], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown address costs the same with 10 episodes as with 2,000."""
    compared: list[int] = []
    compare = difflib.get_close_matches

    def counted(word: str, names: Any, **given: Any) -> list[str]:
        compared.append(len(names))
        return compare(word, names, **given)

    monkeypatch.setattr("difflib.get_close_matches", counted)
    Episode.objects.bulk_create(
        Episode(title=f"Talk {number}", slug=f"{number}-talk", number=number,
                status=Episode.Status.PUBLISHED, published_at=rows[0].published_at)
        for number in range(100, 400)
    )  # fmt: skip
    for path in ("/podcast/nothing", "/podcast/1-episod-1", "/podcast/100-talk-talk", "/nothing"):
        assert client.get(path).status_code == 404
    assert len(compared) == 4 and max(compared) <= 160
    found = client.get("/podcast/1-episod-1").context["suggestions"]
    assert "Episode 1" in [each.label for each in found]
