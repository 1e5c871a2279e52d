"""An episode's card, and moments below the episode that they are from."""

import re

import pytest
from django.test import Client

from episodes.models import Episode
from pages.charts.strip import topic_strip
from pages.tests.factories import catalogue, full_episode, interview
from search.models import Question

pytestmark = pytest.mark.django_db


def cards(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200, path
    return re.findall(r'<article class="card">.*?</article>', response.content.decode(), re.DOTALL)


def test_every_list_has_the_same_card(client: Client) -> None:
    catalogue(3)
    paths = ("/", "/podcast/", "/stack/redis", "/guests/ann-other", "/libraries/celery", "/search")
    for path in paths:
        query = "?q=django" if path == "/search" else ""
        found = [each for each in cards(client, path + query) if "Episode 2" in each]
        assert found, path
        for card in found:
            assert card.count('class="avatar"') == 2, path
            assert card.count('<div class="strip" data-strip="/podcast/2-episode-2"') == 1, path
            assert "#2</span>" in card, path


def test_a_card_shows_initials_strip_and_two_lines(client: Client) -> None:
    catalogue(0)
    full_episode(
        1, guests=["Ann Other", "Zoë Lee", "A Third"], topics=[(0, "A"), (450, "B"), (800, "C")]
    )
    (card,) = cards(client, "/podcast/")
    assert re.findall(r"<text [^>]*>(\w+)</text>", card) == ["AO", "ZL"]
    assert 'data-length="3000"' in card
    assert card.count("50 min") == 1
    assert '<path d="M0 0h150v10H0zM267 0h733v10H267z"/><path d="M150 0h117v10H150z"/>' in card
    assert '<p class="summary" dir="auto">Summary 1.</p>' in card
    assert 'aria-label="Play Episode 1"' in card


def test_an_interview_has_no_strip(client: Client) -> None:
    catalogue(0)
    interview(2)
    found = cards(client, "/interviews/")
    assert len(found) == 2
    assert not any("strip" in card for card in found)


def test_topics_of_one_second_are_one_part_of_the_strip(client: Client) -> None:
    catalogue(0)
    full_episode(1, topics=[(5, "A"), (5, "B"), (9, "C")])
    assert Episode.objects.podcast().for_cards().get().topic_starts == [5, 9]


@pytest.mark.parametrize(
    ("starts", "length", "paths"),
    [([], 60, 0), ([0, 5], 60, 0), ([0, 5, 9], 60, 2), ([0, 5, 70], 60, 2), ([0, 5, 9], None, 2)],
)
def test_few_topics_make_a_bare_bar(starts: list[int], length: int | None, paths: int) -> None:
    strip = topic_strip(starts, length)
    assert strip.count("<path") == paths
    assert strip.count('class="played" width="0"') == 1
    assert not re.search(r"h-|nan", strip)


def test_an_episode_stands_once_above_its_moments(client: Client) -> None:
    catalogue(0)
    full_episode(1, topics=[(5, "Redis one"), (9, "Redis two")])
    full_episode(2, topics=[(7, "Redis three")])
    Question.objects.create(title="Redis", slug="redis", query="redis")
    for path in ("/questions/redis", "/stack/redis", "/stack/redis/moments"):
        _, _, page = client.get(path).content.decode().partition("<main")
        assert page.count('<div class="from">') == 2, path
        assert page.count('<li class="moment">') == 3, path
        above = page.index('<a href="/podcast/2-episode-2" dir="auto">Episode 2</a>')
        assert above < page.index("Redis three") < page.index("Redis one") < page.index("Redis two")
        assert page.count('class="from"') == page.count('<ul class="topics" aria-label="Episode')
