"""The feeds of a part of the show: interviews, one technology, one guest."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid5

import pytest

from episodes.models import Episode
from episodes.tests import factories
from feeds import documents
from feeds.tests.parse import all_of, attributes, channel, items, text
from search.models import Question, SynonymGroup
from search.tests.factories import indexed

pytestmark = pytest.mark.django_db
INTERVIEW: dict[str, Any] = {"kind": Episode.Kind.INTERVIEW, "seconds": None}


def test_interviews_have_a_feed_without_audio(client):
    texts = {"interviews_title": "Written Interviews", "interviews_description": "In writing."}
    show = factories.show(**texts)
    factories.episode("Heard", 1)
    factories.episode("Read", 2, **INTERVIEW, introduction="Why?")
    found = channel(client, "/interviews/feed.xml")
    assert text(found, "title") == "Written Interviews"
    assert text(found, "description") == "In writing."
    assert text(found, "podcast:medium") == "blog"
    assert show.podcast_guid
    assert text(found, "podcast:guid") == str(uuid5(show.podcast_guid, "interviews"))
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
    factories.technology("Kubernetes").add_names("k8s")
    factories.episode("Heard", 1, technologies=["Kubernetes"])
    answer = client.get("/stack/k8s/feed.xml")
    assert (answer.status_code, answer["Location"]) == (301, "/stack/kubernetes/feed.xml")
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
    answer = client.get("/questions/tips/feed.xml")
    assert (answer.status_code, answer["Location"]) == (301, "/questions/best-tips/feed.xml")


@pytest.mark.parametrize("count", [3, 12])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/interviews/feed.xml", 11),
        ("/stack/django/feed.xml", 13),  # the technology, and whether it is in use
        ("/questions/tips/feed.xml", 13),  # the question, and who answers it
        ("/interviews/feed.xml?stack=django", 12),  # the technology
        ("/search/feed.xml?q=one", 13),
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


def titles(client, path: str) -> list[str]:
    return [text(item, "title") for item in items(client, path)]


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ("stack=django", "Episodes, with Django", ["C", "A"]),
        ("not=django", "Episodes, without Django", ["B"]),
        ("guest=phil-gyford", "Episodes, guest: Phil Gyford", ["A"]),
        ("year=2020", "Episodes, from 2020", ["B"]),
    ],
)
def test_any_single_filter_has_a_feed(client, query, title, expected):
    factories.show(title="Show")
    of_year = {year: datetime(year, 6, 1, tzinfo=UTC) for year in (2019, 2020, 2021)}
    factories.episode(
        "A", 1, technologies=["Django"], guests=["Phil Gyford"], published_at=of_year[2019]
    )
    factories.episode("B", 2, technologies=["Flask"], published_at=of_year[2020])
    factories.episode("C", 3, technologies=["Django"], published_at=of_year[2021])
    factories.episode("D", 4, technologies=["Django"], published_at=of_year[2021], **INTERVIEW)
    assert client.get(f"/podcast/feed.xml?{query}")["X-Robots-Tag"] == "noindex"
    found = channel(client, f"/podcast/feed.xml?{query}")
    assert text(found, "title") == f"{title} · Show"
    assert [text(item, "title") for item in found.findall("item")] == expected
    assert text(found, "link").endswith(f"/podcast/?{query}")
    assert attributes(found, "atom:link")["href"].endswith(f"/podcast/feed.xml?{query}")
    assert (text(found, "itunes:block"), text(found, "podcast:block")) == ("Yes", "yes")
    for name in ("podcast:guid", "podcast:locked", "podcast:trailer", "podcast:funding"):
        assert all_of(found, name) == []


def test_interviews_can_be_filtered_too(client):
    factories.episode("A", 1, technologies=["Django"], **INTERVIEW)
    factories.episode("B", 2, technologies=["Flask"], **INTERVIEW)
    assert titles(client, "/interviews/feed.xml?stack=flask") == ["B"]
    found = channel(client, "/interviews/feed.xml?stack=flask")
    assert text(found, "title") == "Our podcast: written interviews, with Flask"
    assert text(found, "link").endswith("/interviews/?stack=flask")
    assert text(found, "itunes:block") == "Yes"
    assert text(found, "podcast:medium") == "blog"
    assert all_of(found, "podcast:locked") == []


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/podcast/feed.xml?stack=Django", "/podcast/feed.xml?stack=django"),
        ("/podcast/feed.xml?year=2020&stack=dj", "/podcast/feed.xml?stack=django&year=2020"),
        ("/podcast/feed.xml?stack=django&stack=dj", "/podcast/feed.xml?stack=django"),
        ("/podcast/feed.xml?page=1", "/podcast/feed.xml"),
        ("/search/feed.xml?q=+Best++tips", "/search/feed.xml?q=Best+tips"),
        ("/search/feed.xml?sort=newest&q=tips&page=2", "/search/feed.xml?q=tips"),
    ],
)
def test_one_hop_leads_to_the_canonical_spelling(client, asked, canonical):
    factories.technology("Django").add_names("dj")
    factories.episode("A", 1, technologies=["Django"])
    answer = client.get(asked)
    assert (answer.status_code, answer["Location"]) == (301, canonical)


def test_parameters_of_others_change_nothing(client):
    factories.episode("A", 1)
    plain = client.get("/podcast/feed.xml").getvalue()
    assert client.get("/podcast/feed.xml?utm_source=app").getvalue() == plain


def test_a_search_has_a_feed_of_what_answers_all_of_it_newest_first(client):
    factories.show(title="Show")
    SynonymGroup.objects.update(active=False)  # a tip and the best tip are synonyms
    assert titles(client, "/search/feed.xml?q=best+tips") == []
    for number, said in enumerate(["Best tips?", "Best tips, and tips", "Best of all", "Tip"], 1):
        indexed(f"Episode {number}", number, topics=[(5, said)])
    indexed("Draft", 5, topics=[(5, "Best tips?")], status=Episode.Status.DRAFT)
    found = channel(client, "/search/feed.xml?q=best+tips")
    assert text(found, "title") == "Search: best tips · Show"
    assert text(found, "link").endswith("/search?q=best+tips")
    assert [text(item, "title") for item in found.findall("item")] == ["Episode 2", "Episode 1"]
    assert text(found, "itunes:block") == "Yes"


def test_a_search_by_filters_alone_has_a_feed_too(client):
    indexed("A", 1, technologies=["Django"])
    indexed("B", 2, technologies=["Flask"])
    assert titles(client, "/search/feed.xml?q=stack%3Adjango") == ["A"]
    assert titles(client, "/search/feed.xml?q=stack%3Agleam") == []


def test_a_part_holds_its_newest_hundred(client, monkeypatch):
    monkeypatch.setattr(documents, "PART_LIMIT", 2)
    for number in (1, 2, 3):
        factories.episode(f"E{number}", number, technologies=["Django"])
    assert titles(client, "/stack/django/feed.xml") == ["E3", "E2"]
    assert titles(client, "/podcast/feed.xml") == ["E3", "E2", "E1"]


def test_a_long_feed_has_pages(client, monkeypatch):
    monkeypatch.setattr(documents, "PER_PAGE", 2)
    monkeypatch.setattr(documents, "BATCH", 1)
    for number in range(1, 6):
        factories.episode(f"E{number}", number)
    assert titles(client, "/podcast/feed.xml") == ["E5", "E4"]
    assert titles(client, "/podcast/feed.xml?page=2") == ["E3", "E2"]
    assert titles(client, "/podcast/feed.xml?page=3") == ["E1"]
    assert client.get("/podcast/feed.xml?page=4").status_code == 404
    links = {
        each.get("rel"): each.get("href", "").partition("/podcast/")[2]
        for each in all_of(channel(client, "/podcast/feed.xml?page=2"), "atom:link")
    }
    assert links == {
        "self": "feed.xml?page=2",
        "first": "feed.xml",
        "prev": "feed.xml",
        "next": "feed.xml?page=3",
        "last": "feed.xml?page=3",
    }
    Episode.objects.filter(number__gt=2).delete()
    assert len(all_of(channel(client), "atom:link")) == 1
