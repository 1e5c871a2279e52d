"""The home page: where to start, and a quote under each question."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from episodes.models import Episode
from pages.tests.factories import catalogue, full_episode
from search.models import Question
from show.models import Highlight, Redirect

pytestmark = pytest.mark.django_db


def titles(client: Client) -> list[str]:
    return [each.title for each in client.get("/").context["start"].episodes]


def moments(client: Client) -> list[str]:
    return [each.plain for each in client.get("/").context["start"].moments]


def test_the_hosts_picks_stand_in_their_order(client: Client) -> None:
    catalogue(3)
    for position, path in enumerate(
        ["2-episode-2", "1-episode-1?t=1530", "1-episode-1", "3-episode-3?t=50"]
    ):
        Highlight.objects.create(path=f"/podcast/{path}", position=9 - position)
    assert titles(client) == ["Episode 1", "Episode 2"]
    ship = "Best tips? Ship <early>"
    # Below, another answer is quoted; the third is of a guest who is picked.
    assert moments(client) == ["Episode 3", "Recap of AWS services", ship]
    page = client.get("/").content.decode()
    assert 'href="/podcast/1-episode-1?t=1530"' in page
    assert 'data-at="1530"' in page


def test_without_picks_there_are_proposals(client: Client, monkeypatch) -> None:
    monkeypatch.setattr("pages.views.home.RECENT", 0)
    catalogue(2)
    full_episode(3, technologies=["Rails"], topics=[(5, "Best tips? Rest")], guests=["Zoe Quill"])
    full_episode(4, technologies=["Rails"], topics=[(5, "Nothing")])
    # The newest is shown above; the next with each main technology, most frequent first.
    assert titles(client) == ["Episode 2", "Episode 3"]
    ship = "Best tips? Ship <early>"
    assert moments(client) == [ship, ship]  # “Rest” is quoted below
    # Picks come first, and proposals fill what they leave, without the newest and without doubles.
    Highlight.objects.create(path="/podcast/4-episode-4")
    Highlight.objects.create(path="/podcast/1-episode-1")
    Highlight.objects.create(path="/podcast/3-episode-3")
    Highlight.objects.create(path="/podcast/3-episode-3?t=7")
    cache.clear()  # as an edit does once it is committed
    assert titles(client) == ["Episode 1", "Episode 3", "Episode 2"]
    assert moments(client) == ["Best tips? Rest", ship, ship]


def test_no_proposal_stands_on_the_page_twice(client: Client) -> None:
    catalogue(9)
    full_episode(10, technologies=["Rails"])
    context = client.get("/").context
    start = context["start"]
    listed = [context["newest"], *context["recent"], *start.episodes]
    assert start.episodes
    assert len({each.pk for each in listed}) == len(listed)
    quoted = [answer.get_absolute_url() for _, answer in context["quotes"]]
    proposed = [each.get_absolute_url() for each in start.moments]
    assert proposed
    assert not {*quoted} & {*proposed}
    assert len({each.people[0].name for each in start.moments}) == len(proposed)


def test_each_question_gives_a_moment_before_any_gives_two(client: Client) -> None:
    for title, query in (("Best tips", "tip"), ("Regrets", "regret")):
        Question.objects.create(title=title, slug=title.lower().replace(" ", "-"), query=query)
    for number in range(1, 6):
        topics = [(5, f"Best tips? Tip {number}"), (50, f"A regret, the {number}th")]
        full_episode(number, topics=topics, guests=[f"Guest {number}"])
    said = [each.split()[0] for each in moments(client)]
    assert sorted(said[:2]) == ["A", "Best"]


def test_a_topic_is_shown_once_and_only_until_the_episodes_end(client: Client) -> None:
    catalogue(3)
    for position, time in enumerate([1530, 1526, 1700, 9999, 3000]):
        Highlight.objects.create(path=f"/podcast/1-episode-1?t={time}", position=position)
    shown = [each.get_absolute_url() for each in client.get("/").context["start"].moments]
    assert shown == [
        "/podcast/1-episode-1?t=1530",
        "/podcast/1-episode-1?t=3000",
        "/podcast/2-episode-2?t=2000",
    ]


def test_only_what_is_published_is_picked(client: Client) -> None:
    catalogue(3)
    Highlight.objects.create(path="/podcast/2-episode-2")
    Highlight.objects.create(path="/podcast/nothing")
    Highlight.objects.create(path="/elsewhere")
    Highlight.objects.create(path="/podcast/1-episode-1", position=1)
    Episode.objects.filter(number=2).update(status=Episode.Status.WITHDRAWN)
    assert titles(client) == ["Episode 1"]


def test_a_pick_follows_its_episode_to_another_address(client: Client) -> None:
    catalogue(3)
    Highlight.objects.create(path="/podcast/1-episode-1?t=1526")
    Episode.objects.filter(number=1).update(slug="1-moved")
    Redirect.objects.create(old_path="/podcast/1-episode-1", new_path="/podcast/1-moved")
    moment, *_ = client.get("/").context["start"].moments
    assert moment.get_absolute_url() == "/podcast/1-moved?t=1526"


def test_each_question_has_an_answer_of_another_guest(client: Client) -> None:
    catalogue(0)
    Question.objects.create(title="Recap", slug="recap", query="recap", position=9)
    topics = [(5, "Best tips? Rest"), (9, "Recap of it all")]
    full_episode(1, guests=["Zoe Quill"], topics=topics)
    full_episode(2, guests=["Ann Other"], topics=topics)
    quotes = client.get("/").context["quotes"]
    assert [(each.question.title, answer.guests) for each, answer in quotes] == [
        ("Best tips", ("Ann Other",)),
        ("Recap", ("Zoe Quill",)),
    ]
    _, _, below = client.get("/").content.decode().partition('href="/questions/recap"><bdi>')
    assert "Recap of it all" in below


def test_an_empty_show_has_nowhere_to_start(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Start here" not in page
    assert "No episode has been published yet" in page


def test_the_browser_asks_at_once_for_all_that_blocks_its_first_drawing(client: Client) -> None:
    page = client.get("/").content.decode()
    (blocking,) = re.findall(r'<script type="module" src="[^"]*?js/(\w+)[^"]*" blocking', page)
    preloaded = set(re.findall(r'rel="modulepreload" href="[^"]*?js/(\w+)', page))
    assert imports_of(blocking) == preloaded


def imports_of(module: str) -> set[str]:
    """All that it imports, and they."""
    source = (settings.BASE_DIR / "static" / "js" / f"{module}.js").read_text()
    found = set(re.findall(r'^import .*? from "\./(\w+)\.js"', source, re.MULTILINE))
    return found.union(*map(imports_of, found))
