"""The feeds of a part of the show: interviews, one technology, one guest."""

import pytest

from episodes.models import Episode
from episodes.tests import factories
from feeds.tests.reading import all_of, channel, items, text
from search.models import Question
from search.tests.factories import indexed

pytestmark = pytest.mark.django_db


def test_interviews_have_a_feed_without_audio(client):
    factories.show(interviews_title="Written Interviews", interviews_description="In writing.")
    factories.episode("Heard", 1)
    factories.episode("Read", 2, kind=Episode.Kind.INTERVIEW, seconds=None, introduction="Why?")
    found = channel(client, "/interviews/feed.xml")
    assert text(found, "title") == "Written Interviews"
    assert text(found, "description") == "In writing."
    assert text(found, "podcast:medium") == "blog"
    assert all_of(found, "podcast:guid") == []
    (item,) = found.findall("item")
    assert text(item, "link").endswith("/interviews/2-read")
    assert "<p>Why?</p>" in text(item, "content:encoded")
    for name in ("enclosure", "itunes:duration", "itunes:episode", "psc:chapters"):
        assert all_of(item, name) == []


def test_a_technology_has_a_feed_of_both_kinds(client):
    factories.episode("Heard", 1, technologies=["Django"])
    factories.episode("Read", 2, kind=Episode.Kind.INTERVIEW, technologies=["Django"], seconds=None)
    factories.episode("Other", 3, technologies=["Flask"])
    factories.episode("Draft", 4, technologies=["Django"], status=Episode.Status.DRAFT)
    found = channel(client, "/stack/django/feed.xml")
    assert text(found, "title") == "Websites using Django in production · Our podcast"
    assert [text(item, "title") for item in found.findall("item")] == ["Read", "Heard"]


def test_another_name_of_a_technology_leads_to_its_feed(client):
    factories.technology("Kubernetes").know_as("k8s")
    factories.episode("Heard", 1, technologies=["Kubernetes"])
    response = client.get("/stack/k8s/feed.xml")
    assert (response.status_code, response["Location"]) == (301, "/stack/kubernetes/feed.xml")
    assert client.get("/stack/gleam/feed.xml").status_code == 404


def test_a_technology_of_drafts_alone_has_no_feed(client):
    factories.episode("Draft", 1, technologies=["Secret"], status=Episode.Status.DRAFT)
    assert client.get("/stack/secret/feed.xml").status_code == 404


def test_a_guest_has_a_feed_while_something_with_them_is_published(client):
    row = factories.episode("Heard", 1, guests=["Phil Gyford", "Ann"])
    factories.episode("Other", 2, guests=["Ann"])
    found = channel(client, "/guests/phil-gyford/feed.xml")
    assert text(found, "title") == "Phil Gyford · Our podcast"
    assert [text(item, "title") for item in found.findall("item")] == ["Heard"]
    row.status = Episode.Status.WITHDRAWN
    row.save()
    assert client.get("/guests/phil-gyford/feed.xml").status_code == 404
    assert client.get("/guests/nobody/feed.xml").status_code == 404


def test_a_question_has_a_feed_of_the_episodes_that_answer(client):
    Question.objects.create(title="Best tips", slug="best-tips", query='"best tip"')
    empty = channel(client, "/questions/best-tips/feed.xml")
    assert (text(empty, "title"), empty.findall("item")) == ("Best tips · Our podcast", [])
    for number, said in enumerate(["Best tips?", "The best tip: test", "Best of all tips"], 1):
        indexed(f"Episode {number}", number, topics=[(5, said), (6, said)])
    indexed("Draft", 4, topics=[(5, "Best tips?")], status=Episode.Status.DRAFT)
    found = channel(client, "/questions/best-tips/feed.xml")
    assert [text(item, "title") for item in found.findall("item")] == ["Episode 2", "Episode 1"]
    assert client.get("/questions/nothing/feed.xml").status_code == 404


def test_the_feed_of_a_question_moves_with_it(client):
    question = Question.objects.create(title="Tips", slug="tips", query="tip")
    question.slug = "best-tips"
    question.save()
    response = client.get("/questions/tips/feed.xml")
    assert (response.status_code, response["Location"]) == (301, "/questions/best-tips/feed.xml")


@pytest.mark.parametrize("count", [3, 12])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/interviews/feed.xml", 11),
        ("/stack/django/feed.xml", 13),  # the technology, and whether it is in use
        ("/questions/tips/feed.xml", 13),  # the question, and who answers it
        ("/guests/phil-gyford/feed.xml", 13),  # the guest, and whether they are in anything
    ],
)
def test_the_number_of_queries_does_not_grow(
    client, django_assert_num_queries, path, queries, count
):
    Question.objects.create(title="Tips", slug="tips", query="one")
    for number in range(count):
        indexed(
            number=number,
            kind=Episode.Kind.INTERVIEW,
            technologies=["Django"],
            guests=["Phil Gyford"],
            topics=[(60, "One")],
            references=["https://example.org"],
            libraries=["https://github.com/a/b"],
        )
    with django_assert_num_queries(queries):
        assert len(items(client, path)) == count
