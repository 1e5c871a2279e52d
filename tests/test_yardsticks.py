"""What the benches compare the site with is right itself, and what they lack is named."""

import urllib.request

import pytest
from django.test import Client

from bench.nginx import constant, require
from bench.search_corpus import FAMILIAR, Source, distractors
from bench.uncached import alike, queries, straightforward
from pages.tests.factories import catalogue, full_episode

pytestmark = pytest.mark.django_db


def test_the_straightforward_page_is_the_same_for_more_queries(client: Client) -> None:
    catalogue(3)
    path = full_episode(9).get_absolute_url()
    own, asked = client.get(path).content, queries(client, path)
    with straightforward():
        assert alike(client.get(path).content) == alike(own)
        assert queries(client, path) > asked


def test_the_view_with_a_constant_answers() -> None:
    with constant() as port, urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
        assert len(answer.read()) == 30_000


def test_missing_packages_are_named() -> None:
    packages = {"dash": "sh", "passwd": "/etc/passwd", "wrk": "no-wrk", "jekyll": "/no/jekyll"}
    with pytest.raises(SystemExit, match="needs wrk, jekyll.*apt-get install wrk jekyll$"):
        require(packages)


def test_distractors_of_a_show_without_summaries() -> None:
    real = Source(
        kind="interview",
        title="Queues",
        summary="",
        sentences=("We use queues.",),
        paragraphs=1,
        topics=("Queues",),
        guests=("Ada Byron",),
        technologies=("Celery", "Redis", "RabbitMQ"),
    )
    made = [*distractors([real] * FAMILIAR, 2)]
    assert [(each.title, each.summary) for each in made] == [("Queues", "")] * 2
