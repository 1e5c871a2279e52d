"""All moments that mention a technology, a library or a guest."""

import pytest
from django.test import Client

from pages.tests.factories import catalogue, full_episode
from pages.views.entity_moments import PER_PAGE
from stack.models import Technology

pytestmark = pytest.mark.django_db


def test_the_page_of_a_technology_leads_to_all_of_its_moments(client: Client) -> None:
    topics = [(second, f"Redis {second}") for second in range(PER_PAGE + 1)]
    full_episode(1, topics=topics)
    path = "/stack/redis/moments"
    page = client.get("/stack/redis").content.decode()
    assert f'<a href="{path}" rel="nofollow" data-all>All 31 moments</a>' in page
    assert f'data-plays-all="{path}" data-noun="moment" data-total="31"' in page
    assert "Play 31 moments on Redis" in page
    first, second = client.get(path), client.get(f"{path}?page=2")
    assert len(first.context["moments"]) == PER_PAGE
    (last,) = second.context["moments"]
    assert last.plain == "Redis 30"
    assert 'data-first="31"' in second.content.decode()
    assert '<a rel="prev" href="/stack/redis/moments">Previous page</a>' in second.content.decode()
    assert '<meta name="robots" content="noindex, follow">' in first.content.decode()
    assert client.get(f"{path}?page=3").status_code == 404
    assert client.get(f"{path}?page=0").status_code == 404
    assert client.get(f"{path}?page=99999").status_code == 404


def test_libraries_and_guests_have_one_too(client: Client) -> None:
    catalogue(1)
    full_episode(9, topics=[(6, "Why Celery"), (7, "What Guest 1 said")])
    for path, second in (("/libraries/celery/moments", 6), ("/guests/guest-1/moments", 7)):
        (moment,) = client.get(path).context["moments"]
        assert moment.seconds == second


@pytest.mark.parametrize("path", ["/stack/django", "/libraries/celery", "/guests/ann-other"])
def test_without_moments_there_is_no_list(client: Client, path: str) -> None:
    full_episode(1, topics=[(5, "Welcome")])
    assert client.get(path).status_code == 200
    assert client.get(f"{path}/moments").status_code == 404
    assert client.get(f"{path}-unknown/moments").status_code == 404


def test_names_are_text(client: Client) -> None:
    full_episode(1, topics=[(5, "Why A & <b>")], technologies=["A & <b>"])
    page = client.get(f"{Technology.objects.get().get_absolute_url()}/moments").content.decode()
    assert "Play 1 moment on A &amp; &lt;b&gt;" in page
    assert "<b>" not in page


def test_every_card_of_a_list_plays(client: Client) -> None:
    catalogue(2)
    for path in ("/podcast/", "/stack/django", "/libraries/celery", "/search?q=recap"):
        page = client.get(path).content.decode()
        assert 'aria-pressed="false" data-play="/podcast/2-episode-2"' in page, path
        assert 'aria-label="Play Episode 2"' in page, path
