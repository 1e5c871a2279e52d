"""The lexicon of a query: names, synonyms and document frequencies."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from episodes.models import Episode
from episodes.tests.factories import guest, technology
from search.retrieval.lexicon import look_up
from search.tests.factories import indexed

pytestmark = pytest.mark.django_db


def test_any_name_of_a_technology_finds_all_its_names() -> None:
    indexed("Diary", 1, technologies=["Kubernetes"])
    technology("Kubernetes").add_names("k8s")
    lexicon = look_up("k8s", ["k8s"], ["k8s"])
    name = lexicon.names["k8s"]
    assert (name.kind, name.name) == ("technology", "Kubernetes")
    assert set(name.stems) == {("kubernet",), ("k8s",)}
    assert lexicon.frequencies["kubernet"] == 1


def test_words_of_scheduled_episodes_are_unknown_until_their_minute() -> None:
    indexed("Docker", 1, topics=[(1, "Docker and deploys")])
    words = ["docker", "deploying", "jonquil"]
    before = look_up("docker", words, [])
    assert before.frequencies == {"docker": 1, "deploy": 1}
    due = datetime(2999, 1, 1, tzinfo=UTC)
    topics = [(1, "Jonquil deployed"), (2, "Deploying")]
    indexed("Jonquil", 2, topics=topics, published_at=due)
    assert look_up("docker", words, []) == before
    with time_machine.travel(due, tick=False):
        after = look_up("docker", words, [])
    assert after.frequencies == {"docker": 1, "deploy": 3, "jonquil": 1}
    assert after.documents == 2


def test_names_of_unpublished_episodes_are_unknown() -> None:
    names = ["annjonquil", "jonquildb"]
    draft = {"technologies": ["JonquilDB"], "guests": ["Ann Jonquil"]}
    indexed("Draft", 2, **draft, status=Episode.Status.DRAFT)
    assert look_up("", [], names).names == {}
    indexed("Scheduled", 3, **draft, published_at=datetime(2999, 1, 1, tzinfo=UTC))
    assert look_up("", [], names).names == {}
    indexed("Published", 4, **draft)
    assert set(look_up("", [], names).names) == set(names)


def test_names_without_a_word_are_skipped() -> None:
    long = "x" * 110
    indexed(technologies=[".NET"], guests=["Ann", long])
    technology(".NET").add_names("〇")
    guest("Ann").add_names("々")
    lexicon = look_up("ann .net", ["ann", "dotnet"], ["ann", "dotnet", long])
    assert {key: name.stems for key, name in lexicon.names.items()} == {
        "ann": (("ann",),),
        "dotnet": (("dotnet",),),
    }


def test_frequencies_are_read_by_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_word (word, stem, documents, near)"
            " SELECT 'w' || n, 'w' || n, 1, '{}' FROM generate_series(1, 20000) AS n"
        )
        cursor.execute("ANALYZE search_word")
    with CaptureQueriesContext(connection) as queries:
        assert look_up("w7", ["w7"], []).frequencies == {"w7": 1}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        plan = "\n".join(line for (line,) in cursor)
    assert "Seq Scan on search_word " not in plan
