"""Affiliate links are marked and disclosed."""

import pytest
from django.test import Client

from guests.models import Guest
from pages.tests.factories import catalogue, full_episode, sponsored
from search.models import Question
from show.models import Page, Promotion, Show
from stack.models import Technology

pytestmark = pytest.mark.django_db

TOLD = "Some of these links earn the show a commission."
BOOK = "https://amzn.to/353peDI"


def html(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_in_topics_introduction_and_references(client: Client) -> None:
    catalogue(0)
    row = full_episode(
        1,
        introduction=f"Read [this]({BOOK}).",
        topics=[(60, f"The [book]({BOOK})")],
        references=[BOOK, "https://example.org/read"],
    )
    page = html(client, row.get_absolute_url())
    assert page.count(f'<a href="{BOOK}" rel="sponsored noopener">') == 3
    assert '<a href="https://example.org/read" rel="noopener">' in page
    assert TOLD in page
    assert "About affiliate links" not in page
    Page.objects.create(slug="affiliate-links", title="Affiliate links", body="We may earn.")
    page = html(client, row.get_absolute_url())
    assert '<a href="/affiliate-links">About affiliate links</a>' in page


def test_nothing_is_notified_without_a_hub(client: Client) -> None:
    catalogue(1)
    assert TOLD not in html(client, "/podcast/1-episode-1")
    assert TOLD not in html(client, "/stack/django")


def test_a_technologys_homepage(client: Client) -> None:
    catalogue(1)
    address = "https://www.digitalocean.com/?refcode=1a2b3c"
    Technology.objects.filter(slug="django").update(homepage=address)
    page = html(client, "/stack/django")
    assert f'<a href="{address}" rel="sponsored noopener">' in page
    assert TOLD in page


def test_in_text_by_the_host(client: Client) -> None:
    catalogue(1)
    link = f'<a href="{BOOK}" rel="noopener">this</a>'
    Guest.objects.update(introduction_html=link)
    Question.objects.create(
        slug="tips", title="Tips", query="django", introduction=f"[this]({BOOK})"
    )
    Page.objects.create(slug="books", title="Books", body=f"Read [this]({BOOK}).")
    for path in ("/", "/guests/guest-1", "/questions/tips", "/books"):
        page = html(client, path)
        assert f'<a href="{BOOK}" rel="sponsored noopener">' in page
        assert page.count(TOLD) == 1


def test_what_sponsors_and_promotions_say(client: Client) -> None:
    first, second = catalogue(2)
    sponsored(first)
    first.sponsor.text_html = '<p><a href="https://acme.example" rel="noopener">Acme</a></p>'
    first.sponsor.save()
    assert '<a href="https://acme.example" rel="sponsored noopener">' in html(
        client, first.get_absolute_url()
    )
    Promotion.objects.update(text_html='<a href="https://c.example" rel="noopener">c</a>')
    Show.objects.update(support_html='<a href="/thanks" rel="noopener">t</a>')
    page = html(client, second.get_absolute_url())
    assert '<a href="https://c.example" rel="sponsored noopener">' in page
    assert '<a href="/thanks" rel="noopener">' in page
