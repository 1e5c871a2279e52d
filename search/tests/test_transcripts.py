"""What is said in transcripts: it never changes what the notes answer, and answers what no notes
hold.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine

from episodes.models import Episode
from search.engine import search
from search.index import refresh
from search.models import Word
from search.query.english import DICTIONARY
from search.suggest import suggest
from search.tests.factories import indexed
from topics.models import Cue, Transcript

pytestmark = pytest.mark.django_db

NOTES = [
    "Moving off Kubernetes to one server",
    "Deploying with Docker Compose and rolling back",
    "Background jobs with Celery and Redis",
    "Postgres replication across regions",
    "Alerts on call during the holidays",
    "Billing customers with Stripe",
]
QUERIES = [
    "kubernetes",
    "moved off kubernetes",
    "docker rolling back",
    "how do you deploy to one server",
    "background jobs in another region",
    "celery redis flooded",
    "postgres cheap hosting",
    "who bills customers",
    "kuberntes server",
    "alerts flooded the holidays",
    "docker vs kubernetes",
    "server",
]


def titles(query: str) -> list[str]:
    return [result.episode.title for result in search(query).results]


def spoken(row: Episode, *cues: str) -> None:
    transcript = Transcript.objects.create(episode=row)
    for position, text in enumerate(cues):
        start = 20_000 * position
        Cue.objects.create(
            transcript=transcript, position=position, start=start, end=start + 19_000, text=text
        )
    refresh([row.pk])


def test_prose_in_transcripts_changes_no_result_and_no_suggestion() -> None:
    rows = []
    for number, topic in enumerate(NOTES * 3, 1):
        other = NOTES[number * 5 % len(NOTES)].split()[-1]
        rows.append(indexed(f"Show {number}", number, topics=[(9, topic), (60, f"More {other}")]))

    def answers() -> dict[str, object]:
        found = {query: search(query) for query in QUERIES}
        return {
            query: (titles(query)[:3], result.corrected, result.proposed, suggest(query))
            for query, result in found.items()
        }

    before = answers()
    dice = random.Random(1)
    noted = [word for topic in NOTES for word in topic.split()]
    english = dice.sample(sorted(DICTIONARY), 500) + ["flooded", "cheap", "hosting", "alerted"]
    for row in rows[::2]:
        words = dice.choices(noted, k=60) + dice.choices(english, k=740)
        dice.shuffle(words)
        spoken(row, *(" ".join(words[start : start + 40]) for start in range(0, 800, 40)))
    assert answers() == before


def test_words_of_transcripts_count_in_no_document_frequency() -> None:
    indexed("Diary", 1, topics=[(9, "Redis")])
    spoken(indexed("Spoken", 2), "Redis and Celery")
    assert list(Word.objects.filter(word__in=["redis", "celery"]).values_list()) == [
        ("redis", "redi", 1, Word.objects.get(word="redis").deletes)
    ]


def test_a_transcript_answers_what_no_notes_hold() -> None:
    indexed("Noted", 1, topics=[(9, "A cluster of servers"), (60, "Basements")])
    spoken(indexed("Spoken", 2), "so it was", "a raspberry pie in a cluster", "in the basement")
    assert titles("raspberry pie") == ["Spoken"]
    # In one passage, what no notes hold together.
    found = search("raspberry cluster")
    assert [(each.episode.title, each.missing) for each in found.results] == [
        ("Spoken", ()),
        ("Noted", ("raspberry",)),
    ]
    assert found.dropped == ()
    assert titles("raspberry -pie") == []


def test_a_word_is_found_where_it_is_said_often_or_quoted() -> None:
    indexed("Noted", 1, topics=[(9, "Redis")])
    spoken(indexed("Once", 2), "we had Redis", "and more")
    spoken(indexed("Often", 3), *["x " * 120 + "Redis"] * 3)
    assert titles("redis") == ["Noted", "Often"]
    assert set(titles('"redis"')) == {"Noted", "Once", "Often"}


def test_an_episode_lacks_no_word_that_its_transcript_says() -> None:
    row = indexed("Noted", 1, topics=[(9, "Redis and Celery")])
    spoken(row, "we had a flood", "in the basement")
    assert [each.missing for each in search("redis flood zebra").results] == [("zebra",)]


def test_what_a_scheduled_episode_says_is_unknown() -> None:
    due = datetime(2999, 1, 1, tzinfo=UTC)
    indexed("Noted", 1, topics=[(9, "Redis")])
    spoken(indexed("Scheduled", 2, published_at=due), "a raspberry pie")
    assert search("raspberry") == replace(search("jonquil"), query="raspberry")
    with time_machine.travel(due, tick=False):
        assert titles("raspberry") == ["Scheduled"]
