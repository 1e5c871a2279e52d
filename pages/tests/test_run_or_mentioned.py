"""A technology's page tells guests who run it from guests who only speak of it."""

import pytest
from django.test import Client

from pages.tests.factories import full_episode
from pages.voices import MOMENTS

pytestmark = pytest.mark.django_db
HEADING = "Mentioned by guests who don’t run it</h2>"


def runs(number: int, guest: str, topic: str) -> None:
    full_episode(number, technologies=["Gleam"], guests=[guest], topics=[(5, topic)])


def mentions(number: int, guest: str, *topics: str) -> None:
    rows = list(enumerate(topics, 5))
    full_episode(number, technologies=["Rails"], guests=[guest], topics=rows)


def test_who_runs_it_speaks_first_however_many_mention_it_later(client: Client) -> None:
    runs(1, "Ann Other", "Why Gleam")
    mentions(2, "Ben Bo", *(f"Away from Gleam {number}" for number in range(MOMENTS + 1)))
    page = client.get("/stack/gleam").content.decode()
    own, _, others = page.partition(HEADING)
    assert "Why Gleam" in own
    assert "Away from Gleam" not in own
    assert "Away from Gleam 0" in others
    assert "Ben Bo" in others


def test_counts_agree_with_what_is_listed(client: Client) -> None:
    runs(1, "Ann Other", "Why Gleam")
    runs(2, "Cem Dee", "Gleam again")
    mentions(3, "Ben Bo", "Away from Gleam", "Gleam or Go", "Gleam and Go")
    page = " ".join(client.get("/stack/gleam").content.decode().split())
    facts = page.partition('<p class="facts">')[2].partition("</p>")[0]
    assert "<span>2 episodes</span>" in facts
    assert ">2 moments</a>" in facts
    for path, number, topics in (
        ("/stack/gleam/moments", 2, ["Gleam again", "Why Gleam"]),
        ("/stack/gleam/mentions", 3, ["Away from Gleam", "Gleam or Go", "Gleam and Go"]),
    ):
        assert f"All {number} moments</a>" in page
        assert f'data-plays-all="{path}" data-noun="moment" data-total="{number}"' in page
        listed = client.get(path)
        assert [each.plain for each in listed.context["moments"]] == topics
        assert f"{number} moments in" in listed.content.decode()


def test_only_mentioned_and_only_run(client: Client) -> None:
    full_episode(1, technologies=["Gleam"], guests=["Ann Other"], topics=[(5, "Welcome")])
    runs(2, "Ann Other", "Rails? No")
    assert HEADING not in client.get("/stack/gleam").content.decode()
    assert client.get("/stack/gleam/mentions").status_code == 404
    assert client.get("/stack/fortran/mentions").status_code == 404
    full_episode(3, technologies=["Rails"], guests=["Ben Bo"], topics=[(5, "No Gleam yet")])
    page = client.get("/stack/gleam").content.decode()
    assert HEADING in page
    assert "What they say" not in page
    assert "moment</a>" not in page.partition('<p class="facts">')[2].partition("</p>")[0]
    assert client.get("/stack/gleam/moments").status_code == 404


def test_a_mention_names_its_episode(client: Client) -> None:
    runs(1, "Ann Other", "Why Gleam")
    mentions(2, "Ben Bo", "Away from Gleam")
    own, _, others = client.get("/stack/gleam").content.decode().partition(HEADING)
    assert "Episode 1</a>" in own
    assert "Episode 2</a>" not in own
    assert "Episode 2</a>" in others
