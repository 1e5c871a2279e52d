"""Saved questions, their answers and URLs; moments that name an entity."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from episodes.models import Enclosure, Episode
from pages.tests.factories import catalogue, full_episode, in_the_future
from search.models import Question
from stack.models import Technology

pytestmark = pytest.mark.django_db


def html(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_the_list_counts_what_answers(client: Client) -> None:
    catalogue(2)
    Question.objects.create(title="Regrets", slug="regrets", query="regret")
    page = html(client, "/questions/")
    assert '<a href="/questions/best-tips" dir="auto">Best tips</a>' in page
    assert "2 moments in 2 episodes" in page
    assert "Regrets" not in page  # it has no answer yet
    assert '<a href="/questions/" aria-current="true">Questions</a>' in page


@pytest.mark.parametrize("path", ["/", "/questions/", "/search"])
def test_no_heading_claims_that_every_guest_answers(client: Client, path: str) -> None:
    catalogue(1)
    page = html(client, path)
    assert "Questions guests answer</h" in page
    assert "every guest" not in page


def test_counts_follow_the_content(client: Client) -> None:
    catalogue(1)
    assert "1 moment in 1 episode" in html(client, "/questions/")
    Episode.objects.filter(number=1).delete()
    Question.objects.update(position=2)
    assert "moment in" not in html(client, "/questions/")


def test_a_question_shows_the_newest_answers_first(client: Client) -> None:
    catalogue(2)
    full_episode(3, published_at=in_the_future(), topics=[(5, "Best tips? Later")])
    Question.objects.update(introduction="What they *would* do.")
    question = Question.objects.get()
    question.save()
    response = client.get("/questions/best-tips")
    page = response.content.decode()
    assert [each.get_absolute_url() for each in response.context["moments"]] == [
        "/podcast/2-episode-2?t=2000",
        "/podcast/1-episode-1?t=2000",
    ]
    assert "Best tips? Ship &lt;early&gt;" in page
    assert "<small><bdi>Guest 2</bdi> and <bdi>Ann Other</bdi>, 2020</small>" in page
    assert "2 moments in 2 episodes" in page
    assert "What they <em>would</em> do." in page
    assert f'<link rel="canonical" href="{settings.SITE_URL}/questions/best-tips">' in page
    assert '"name": "Questions"' in page


def test_an_answer_is_credited_to_the_guest_it_names_or_to_all(client: Client) -> None:
    catalogue(0)
    guests = ["Clemens Wolff", "Ann Lee", "Shaun Bathgate"]
    full_episode(46, guests=guests, topics=[(5, "Best tips (Shaun)? Test"), (9, "Best tips?")])
    page = html(client, "/questions/best-tips")
    assert page.count("<small><bdi>Shaun Bathgate</bdi></small>") == 1
    everyone = "<bdi>Clemens Wolff</bdi>, <bdi>Ann Lee</bdi> and <bdi>Shaun Bathgate</bdi>, 2021"
    assert page.count(f"<small>{everyone}</small>") == 1
    assert page.count(">Episode 46</a>") == 1


def test_answers_come_in_pages(client: Client) -> None:
    Question.objects.create(title="Tips", slug="tips", query="tip")
    full_episode(1, topics=[(second, f"Tip {second}") for second in range(65)])
    first = html(client, "/questions/tips")
    assert 'rel="next" href="/questions/tips?page=2"' in first
    assert 'rel="prev"' not in first
    last = html(client, "/questions/tips?page=3")
    assert last.count('class="moment"') == 5
    assert "Tip 64" in last
    assert 'rel="next"' not in last
    assert f'href="{settings.SITE_URL}/questions/tips?page=3"' in last
    for number in ("4", "0", "x", "34", "35", "9999999"):
        assert client.get(f"/questions/tips?page={number}").status_code == 404
    assert client.get("/questions/tips?page=1").headers["Location"] == "/questions/tips"


def test_a_question_without_answers_has_a_page(client: Client) -> None:
    Question.objects.create(title="Regrets", slug="regrets", query="regret")
    assert "Nobody has answered this yet." in html(client, "/questions/regrets")


def test_other_spellings_and_old_addresses(client: Client) -> None:
    catalogue(1)
    question = Question.objects.get()
    for path in ("/questions", "/questions.html"):
        assert client.get(path).headers["Location"] == "/questions/"
    for path in ("/questions/best-tips/", "/questions/best-tips.html"):
        assert client.get(path).headers["Location"] == "/questions/best-tips"
    question.slug = "tips"
    question.save()
    assert client.get("/questions/best-tips").headers["Location"] == "/questions/tips"
    assert client.get("/questions/unknown").status_code == 404


def test_each_question_is_listed_with_its_newest_answers_one_of_each_guest(client: Client) -> None:
    catalogue(0)
    for number in range(1, 4):
        guests = ["Ann Other"] if number > 1 else ["Zoe Quill"]
        full_episode(number, guests=guests, topics=[(5, f"Best tips? Number {number}"), (9, "End")])
    page = html(client, "/questions/")
    assert page.index("Number 3") < page.index("Number 1")
    assert "Number 2" not in page
    assert 'data-at="5"' in page


def test_a_question_leads_to_the_others(client: Client) -> None:
    catalogue(1)
    assert "Other questions" not in html(client, "/questions/best-tips")
    Question.objects.create(title="Re<grets>", slug="regrets", query="regret")
    cache.clear()  # as an edit does once it is committed
    page = html(client, "/questions/best-tips")
    assert '<a href="/questions/regrets"><bdi>Re&lt;grets&gt;</bdi></a>' in page


def test_questions_are_in_the_sitemap(client: Client) -> None:
    catalogue(1)
    address = f"<loc>{settings.SITE_URL}/questions/best-tips</loc>"
    assert address in html(client, "/sitemap-questions.xml")
    assert f"<loc>{settings.SITE_URL}/questions/</loc>" in html(client, "/sitemap-indexes.xml")


def test_pages_show_moments_of_episodes_that_are_not_tagged(client: Client) -> None:
    catalogue(1)
    full_episode(
        9,
        technologies=["Go"],
        libraries=[],
        topics=[(5, "Off Redis"), (6, "Celery, again"), (7, "As Guest 1 said")],
    )
    context = client.get("/stack/redis").context
    assert context["mentions"][0].first.get_absolute_url() == "/podcast/9-episode-9?t=5"
    assert context["voices"][0].first.get_absolute_url() == "/podcast/1-episode-1?t=100"
    assert context["moment_count"].moments + context["mention_count"].moments == 2
    context = client.get("/libraries/celery").context
    assert context["voices"][0].first.get_absolute_url() == "/podcast/9-episode-9?t=6"
    assert context["moment_count"].moments == 1
    (named,) = client.get("/guests/guest-1").context["voices"]
    assert named.first.get_absolute_url() == "/podcast/9-episode-9?t=7"


def test_the_page_links_to_all_moments(client: Client) -> None:
    full_episode(1, technologies=["C#"], topics=[(second, f"C# {second}") for second in range(6)])
    path = Technology.objects.get().get_absolute_url()
    link = f'<a href="{path}/moments" rel="nofollow" data-all>All 6 moments</a>'
    assert link in html(client, path)


def test_a_list_that_is_all_there_says_how_long_it_plays(client: Client) -> None:
    """Each answer until the next topic or the end; without a sum where an end isn't known."""
    catalogue(0)
    topics = [(60, "Best tips? Ship"), (360, "Other"), (1000, "Best tips? Test")]
    full_episode(1, topics=topics, seconds=2200)
    assert "<small>25 min</small>" in client.get("/questions/best-tips").content.decode()
    Enclosure.objects.update(seconds=None)
    full_episode(2, topics=[(60, "Best tips? Ship"), (120, "Other")], seconds=500)
    html = client.get("/questions/best-tips").content.decode()
    assert "data-plays-all" in html
    assert " min</small>" not in html


def test_a_page_of_a_longer_list_claims_no_length(client: Client) -> None:
    catalogue(0)
    full_episode(1, topics=[(each * 60, "Best tips? Ship") for each in range(1, 40)], seconds=9000)
    page = client.get("/questions/best-tips")
    assert page.context["count"].moments > len(page.context["moments"])
    assert " min</small>" not in page.content.decode()
