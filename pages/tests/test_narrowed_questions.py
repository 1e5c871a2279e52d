"""Questions and technologies cross: the answers of guests who run one."""

import pytest
from django.test import Client

from episodes.tests.factories import show, technology
from pages.tests.factories import full_episode
from pages.views import questions as views
from search.models import Question

pytestmark = pytest.mark.django_db


def disasters() -> None:
    show()
    Question.objects.create(title="Handling disasters", slug="disasters", query="outage or backups")
    Question.objects.create(title="Best tips", slug="tips", query="tips", position=1)
    django = {"technologies": ["Django", "Redis"], "guests": ["Ann Other"]}
    full_episode(1, topics=[(5, "An outage"), (9, "Backups")], **django)
    full_episode(2, topics=[(7, "An outage")], technologies=["Rails", "Redis"], guests=["Ben Bo"])


def test_a_technology_narrows_the_answers(client: Client) -> None:
    disasters()
    path = "/questions/disasters?stack=django"
    whole = client.get("/questions/disasters")
    link = f'<a href="{path}" rel="nofollow">'
    assert link in whole.content.decode()
    assert [(row.name, row.episode_count) for row, _ in whole.context["technologies"]] == [
        ("Redis", 2), ("Django", 1), ("Rails", 1),
    ]  # fmt: skip
    narrowed = client.get(path)
    assert [each.plain for each in narrowed.context["moments"]] == ["An outage", "Backups"]
    page = narrowed.content.decode()
    assert "<title>Handling disasters, with Django" in page
    assert "2 moments in 1 episode" in page
    assert f'data-plays-all="{path}"' in page
    assert '<meta name="robots" content="noindex, follow">' in page
    assert 'rel="canonical" href="http://testserver/questions/disasters"' in page
    assert 'content="noindex' not in whole.content.decode()
    assert '<a href="/questions/disasters" aria-label="Remove the filter with Django"' in page


def test_a_technology_leads_to_what_its_guests_answer(client: Client) -> None:
    disasters()
    page = " ".join(client.get("/stack/django").content.decode().split())
    section = page.partition("Questions they answer</h2>")[2].partition("</section>")[0]
    assert (
        '<a href="/questions/disasters?stack=django" rel="nofollow">'
        "<bdi>Handling disasters</bdi> <small>2" in section
    )
    assert "Best tips" not in section
    full_episode(3, technologies=["Go"], topics=[(5, "Welcome")])
    assert "Questions they answer" not in client.get("/stack/go").content.decode()


def test_a_question_with_filters_of_its_own_is_narrowed_too(client: Client) -> None:
    disasters()
    Question.objects.create(title="With Redis", slug="redis", query="outage or backups stack:redis")
    moments = client.get("/questions/redis?stack=rails").context["moments"]
    assert [each.guests for each in moments] == [("Ben Bo",)]


def test_nobody_who_runs_it_answered(client: Client) -> None:
    disasters()
    response = client.get("/questions/tips?stack=django")
    assert response.status_code == 200
    assert "Nobody who runs it has answered this yet." in response.content.decode()
    technology("Fortran")
    for path in ("?stack=fortran", "?page=2&stack=django"):
        assert client.get(f"/questions/disasters{path}").status_code == 404, path
    moved = client.get("/questions/disasters?stack=Django&page=1").headers["Location"]
    assert moved == "/questions/disasters?stack=django"


def test_its_pages_stay_narrowed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    disasters()
    monkeypatch.setattr(views, "PER_PAGE", 1)
    first = client.get("/questions/disasters?stack=django").content.decode()
    assert 'rel="next" href="/questions/disasters?page=2&amp;stack=django"' in first
    second = client.get("/questions/disasters?page=2&stack=django")
    assert [each.plain for each in second.context["moments"]] == ["Backups"]
    assert 'rel="prev" href="/questions/disasters?stack=django"' in second.content.decode()
