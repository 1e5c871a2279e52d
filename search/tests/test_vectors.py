"""Questions in other words than the notes': by vectors, where PostgreSQL has pgvector."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from episodes.models import Episode
from notes.apply import finish_edit
from search.engine import newest_answering, search
from search.index import rebuild, refresh
from search.models import ZeroResultQuery
from search.query.parse import parse_query
from search.tests.factories import indexed
from search.vectors import VectorState, vector_state
from show.models import Show
from topics.models import Cue, Topic, Transcript

pytestmark = pytest.mark.django_db

ASKED = "physicians prescribing tablets"
SAID = "The doctors give their patients medicine"


def rebuild_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as a commit would
    rebuild(lambda done, total: None)


@pytest.fixture
def rows() -> None:
    with connection.cursor() as cursor:
        if vector_state(cursor) == VectorState.NO_EXTENSION:
            pytest.skip("this server has no pgvector")
    rebuild_index()
    indexed("Diary", 1, topics=[(60, "Motivation"), (90, SAID)], technologies=["Django"])
    indexed("Garage", 2, topics=[(30, "Motivation"), (40, "Cars and their engines")])


def titles(query: str, **how: Any) -> list[str]:
    return [result.episode.title for result in search(query, **how).results]


def rows_of(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM search_vectors.{table}")
        return int(cursor.fetchone()[0])


def test_a_question_finds_the_moment_that_says_it_in_other_words(rows: None) -> None:
    found = search(ASKED)
    assert [result.episode.title for result in found.results] == ["Diary"]
    (result,) = found.results
    assert [moment.seconds for moment in result.moments] == [90]
    assert set(result.about) <= {"doctors", "patients", "medicine"}
    assert len(result.about) == 2
    assert (result.missing, found.dropped, result.comes_close) == ((), (), True)
    assert not found.says_it


def test_the_page_says_that_a_result_came_by_its_meaning(rows: None, client: Client) -> None:
    firefox = {
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    }
    page = client.get("/search", {"q": ASKED}, headers=firefox).content.decode()
    assert "No episode says it in these words. Closest in meaning:" in page
    assert "Or browse" in page  # as where nothing is found
    assert "Newest first" not in page
    assert ZeroResultQuery.objects.get().query == ASKED
    assert "about “<bdi>medicine</bdi>”" in page
    assert "without “" not in page


def test_an_episode_that_says_the_words_comes_before_one_that_means_the_same(rows: None) -> None:
    indexed("Pharmacy", 3, topics=[(10, "Physicians and tablets")])
    indexed("Glasses", 4, topics=[(10, "Prescribing glasses")])
    found = search(ASKED)
    shown = [each.episode.title for each in found.results]
    assert (shown[0], set(shown)) == ("Pharmacy", {"Pharmacy", "Glasses", "Diary"})
    assert found.says_it


def test_a_result_by_meaning_is_marked_among_those_by_words(rows: None, client: Client) -> None:
    indexed("Pharmacy", 3, topics=[(10, "Physicians and tablets")])
    page = client.get("/search", {"q": ASKED}).content.decode()
    assert page.count("close in meaning: about “<bdi>") == 1
    by_words, _, by_meaning = page.partition("close in meaning")
    assert "Pharmacy" in by_words and "Diary" in by_words
    assert SAID.split()[-1] in by_meaning


def test_an_episode_that_says_all_words_needs_none_that_means_the_same(rows: None) -> None:
    indexed("Pharmacy", 3, topics=[(10, "Physicians prescribing tablets")])
    assert titles(ASKED) == ["Pharmacy"]


@pytest.mark.parametrize(
    "query",
    [
        "zxcvb qwrtp",  # no word of English
        f'"{ASKED}"',
        'physicians "prescribing" tablets',
        f"{ASKED} -medicine",
        f"{ASKED} stack:flask",
        f"{ASKED} year:1999",
        "astronomers observing galaxies",  # nothing like it
    ],
)
def test_quotes_exclusions_filters_and_the_floor_bind(rows: None, query: str) -> None:
    assert titles(query) == []


def test_exact_searches_by_words_alone(rows: None) -> None:
    assert titles(ASKED, verbatim=True) == []


def test_names_and_feeds_are_searched_by_words_alone(rows: None) -> None:
    show = Show.objects.current()
    assert titles("django") == ["Diary"]
    assert titles(ASKED, newest=True) == titles(ASKED)  # an order leaves nothing out
    assert newest_answering(parse_query(ASKED), show.zone, limit=9) == []


def test_a_draft_is_not_found(rows: None) -> None:
    Episode.objects.update(published_at=datetime(2099, 1, 1, tzinfo=UTC))
    refresh(Episode.objects.values_list("pk", flat=True))
    assert titles(ASKED) == []


def test_an_edit_changes_the_vectors_in_its_transaction(rows: None) -> None:
    before = rows_of("passages")
    topic = Topic.objects.get(seconds=90)
    topic.text = "Nothing of the kind"
    topic.save()
    finish_edit(Episode.objects.get(title="Diary"), None, "test")
    assert titles(ASKED) == []
    assert rows_of("passages") == before


def test_a_deleted_episode_leaves_no_vectors(rows: None) -> None:
    Episode.objects.all().delete()
    assert rows_of("passages") == 0


def test_a_transcript_is_found_by_its_words_alone(rows: None) -> None:
    row = indexed("Ward", 3, topics=[(10, "Motivation")])
    before = rows_of("passages")
    transcript = Transcript.objects.create(episode=row)
    Cue.objects.create(transcript=transcript, position=0, start=0, end=4000, text=SAID)
    refresh([row.pk])
    assert rows_of("passages") == before
    assert "Ward" not in titles(ASKED)
    assert "Ward" in titles('"doctors"')


def test_a_rebuild_makes_the_vectors_of_all_episodes_and_loads_the_words_once(rows: None) -> None:
    passages, words = rows_of("passages"), rows_of("words")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_vectors.words WHERE stem = 'doctor'")
    rebuild_index()
    assert (rows_of("passages"), rows_of("words")) == (passages, words - 1)
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE search_vectors.words IS 'of another version'")
    rebuild_index()
    assert (rows_of("passages"), rows_of("words")) == (passages, words)


def test_without_the_extension_search_and_edits_go_by_words(rows: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION vector CASCADE")
    indexed("Later", 3, topics=[(10, "Nurses")])
    assert titles("nurses") == ["Later"]
    assert titles(ASKED) == []
    rebuild_index()
    assert titles("doctors") == ["Diary"]
    Episode.objects.all().delete()


def test_a_question_s_phrases_are_no_words_that_an_episode_lacks(rows: None) -> None:
    indexed("Bills", 3, topics=[(10, "Seven dollars a month for hosting")])
    (result,) = list(search("how much does it cost hosting quux").results)
    assert result.missing == ("quux",)
