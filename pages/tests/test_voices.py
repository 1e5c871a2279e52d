"""What is said of a technology: one moment of each guest before “more from”."""

import pytest
from django.test import Client

from pages.tests.factories import catalogue, full_episode
from pages.voices import VOICES
from search.models import Question

pytestmark = pytest.mark.django_db


def gleam(number: int, guests: list[str], moments: int = 1) -> None:
    topics = [(second, f"Gleam {number}.{second}") for second in range(1, moments + 1)]
    full_episode(number, technologies=["Gleam"], guests=guests, topics=topics)


def test_a_guest_speaks_once_before_more_from_them(client: Client) -> None:
    gleam(1, ["Zoe Quill"])
    gleam(2, ["Ann Other", "Ben Bo"], moments=3)
    gleam(3, ["Zoe Quill"], moments=2)
    response = client.get("/stack/gleam")
    first = [each.first.plain for each in response.context["voices"]]
    assert first == ["Gleam 3.1", "Gleam 2.1"]
    page = " ".join(response.content.decode().split())
    assert "<summary>2 more from <bdi>Zoe Quill</bdi></summary>" in page
    assert "<summary>2 more from <bdi>Ann Other</bdi> and <bdi>Ben Bo</bdi></summary>" in page
    assert page.index("Gleam 3.2") < page.index("Gleam 1.1") < page.index("Gleam 2.1")


def test_an_episode_without_guests_is_a_voice_too(client: Client) -> None:
    gleam(1, [], moments=2)
    gleam(2, [])
    response = client.get("/stack/gleam")
    assert len(response.context["voices"]) == 2
    assert "<summary>1 more in this episode</summary>" in response.content.decode()


def test_a_guest_is_said_to_have_answered_only_what_nobody_else_may_have(client: Client) -> None:
    catalogue(0)
    Question.objects.create(title="Deploys", slug="deploys", query="deploys")
    topics = [(5, "Best tips (Zoe)?"), (20, "Deploys (Zoe)?"), (30, "Deploys (Max)?")]
    full_episode(1, guests=["Zoe Quill", "Max Reed"], topics=topics)
    page = client.get("/guests/zoe-quill").content.decode()
    assert "Best answers</h2>" in page
    assert "Play Zoe Quill’s best" in page
    assert "Deploys (Max)" not in page.partition("Best answers")[2].partition("</section>")[0]
    full_episode(2, guests=["Ann Other", "Ben Bo"], topics=[(20, "Deploys?")])
    for path in ("/guests/ann-other", "/guests/ben-bo"):
        page = client.get(path).content.decode()
        assert "Answers in this episode</h2>" in page
        assert "Play these answers" in page
        assert "’s best" not in page


def test_all_moments_lead_to_moments(client: Client) -> None:
    for number in range(VOICES + 1):
        gleam(number, [f"Guest {number}"])
    page = client.get("/stack/gleam").content.decode()
    link = '<a href="/stack/gleam/moments" rel="nofollow" data-all>All 6 moments</a>'
    assert link in page
    assert len(client.get("/stack/gleam/moments").context["moments"]) == 6


def test_its_cards_come_in_pages_of_24(client: Client) -> None:
    for number in range(1, 27):
        full_episode(number, technologies=["Gleam"] if number > 1 else ["Go", "Gleam"])
    first, second = client.get("/stack/gleam"), client.get("/stack/gleam?page=2")
    assert len(first.context["main"]) == 24
    assert first.context["others"] == []
    assert [each.number for each in second.context["main"]] == [2]
    assert [each.number for each in second.context["others"]] == [1]
    assert '<a rel="next" href="/stack/gleam?page=2">' in first.content.decode()
    page = second.content.decode()
    assert "What they say" not in page
    assert '/stack/gleam?page=2">' in page.partition('rel="canonical"')[2][:80]
    for path in ("/stack/gleam?page=3", "/stack/gleam?page=x", "/stack/gleam?page=0"):
        assert client.get(path).status_code == 404, path
    assert client.get("/stack/gleam?page=1").headers["Location"] == "/stack/gleam"
