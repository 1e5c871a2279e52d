"""The list of guests: who they are, when they were there, what they run."""

import re

import pytest
from django.test import Client

from episodes.models import Episode
from episodes.tests.factories import technology
from guests.models import Guest
from pages.tests.factories import full_episode
from pages.views import guests as views

pytestmark = pytest.mark.django_db


def rows(client: Client, path: str = "/guests/") -> dict[str, str]:
    """What is listed of each guest, by name."""
    found = {}
    for row in re.findall(r'<li id="of-.*?</div>', client.get(path).content.decode(), re.DOTALL):
        words = " ".join(re.sub(r"<[^>]+>", " ", row).split())
        found[re.search(r"<bdi>(.*?)</bdi>", row)[1]] = words  # type: ignore[index]
    return found


def two_guests() -> None:
    stack = ["Django", "Redis", "AWS", "Celery"]
    row = full_episode(1, guests=["Ann Other"], technologies=stack)
    row.appearances.update(title="CTO of Example")
    full_episode(2, guests=["Ben Bo"], technologies=["Rails"], kind=Episode.Kind.INTERVIEW)


def test_it_tells_job_year_kind_and_main_technologies(client: Client) -> None:
    two_guests()
    assert rows(client) == {
        "Ann Other": "AO Ann Other CTO of Example Episode 1 , 2020 Django Redis AWS",
        "Ben Bo": "BB Ben Bo Episode 2 , 2020, written interview Rails",
    }
    Guest.objects.filter(name="Ben Bo").update(website="https://www.example.org/")
    assert "Ben Bo example.org Episode 2" in rows(client)["Ben Bo"]


def test_a_technology_narrows_it(client: Client) -> None:
    two_guests()
    response = client.get("/guests/?stack=celery")
    assert rows(client, "/guests/?stack=celery") == {
        "Ann Other": "AO Ann Other CTO of Example Episode 1 , 2020 Celery Django Redis",
    }
    page = response.content.decode()
    assert "<title>Guests, with Celery" in page
    assert '<meta name="robots" content="noindex, follow">' in page
    assert 'rel="canonical" href="http://testserver/guests/"' in page
    assert 'aria-label="Remove the filter with Celery"' in page
    assert '<option value="celery" selected>Celery (1)</option>' in page
    whole = client.get("/guests/").content.decode()
    assert 'content="noindex' not in whole
    assert '<option value="rails">Rails (1)</option>' in whole


def test_only_episodes_with_the_technology_are_named(client: Client) -> None:
    full_episode(1, guests=["Ann Other"], technologies=["Django"])
    full_episode(2, guests=["Ann Other"], technologies=["Rails"])
    assert "Episode 2 , 2020 Episode 1 , 2020" in rows(client)["Ann Other"]
    assert "Episode 2" not in rows(client, "/guests/?stack=django")["Ann Other"]


def test_addresses_that_narrow_it_have_one_spelling(client: Client) -> None:
    two_guests()
    technology("Draft only")
    for path, to in (
        ("/guests/?stack=Django", "/guests/?stack=django"),
        ("/guests/?stack=", "/guests/"),
        ("/guests/?stack=django&page=1", "/guests/?stack=django"),
    ):
        assert client.get(path).headers["Location"] == to
    for path in ("?stack=draft-only", "?stack=x", "?page=2&stack=django"):
        assert client.get("/guests/" + path).status_code == 404, path


def test_pages_and_letters_stay_narrowed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PER_PAGE", 2)
    monkeypatch.setattr(views, "FEWEST_FOR_LETTERS", 2)
    for number, name in enumerate(["Ann A", "Ben B", "Cem C", "Dee D", "Eve E"], 1):
        full_episode(number, guests=[name], technologies=["Go", "Django" if number > 1 else "C"])
    first = client.get("/guests/?stack=django").content.decode()
    assert 'rel="next" href="/guests/?page=2&amp;stack=django"' in first
    assert 'href="/guests/?page=2&amp;stack=django#of-dee-d">D</a>' in first
    assert 'href="/guests/?stack=django#of-ben-b">B</a>' in first
    assert "#of-ann-a" not in first
    second = client.get("/guests/?page=2&stack=django").content.decode()
    assert 'rel="prev" href="/guests/?stack=django"' in second
