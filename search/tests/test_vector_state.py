"""The vectors where the extension is there, where it isn't, and what the doctor says of it."""

import pytest
from django.core.management import call_command
from django.db import connection

from episodes.models import Episode
from episodes.tests import factories
from notes.apply import finish_edit
from ops.doctor import database as doctor
from search.models import Passage
from search.vectors import VectorState, vector_state

pytestmark = pytest.mark.django_db

COUNT = "SELECT count(*) FROM search_vectors.passages"


def ask(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return str(cursor.fetchone()[0]) if cursor.description else ""


def state() -> VectorState:
    with connection.cursor() as cursor:
        return vector_state(cursor)


@pytest.fixture
def episode() -> Episode:
    if state() == VectorState.NO_EXTENSION:
        pytest.skip("this server has no pgvector")
    row = factories.episode(topics=[(60, "Redis queues lost jobs"), (90, "Postgres backups")])
    finish_edit(row, None, source="test")
    return row


def test_missing_vectors_are_made_once(
    episode: Episode, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor.search().remedy == "./run manage rebuild_search"
    call_command("rebuild_search", missing=True)
    assert "vectors of search by meaning are new" in capsys.readouterr().out
    assert state() == VectorState.COMPLETE
    assert not doctor.search().remedy
    call_command("rebuild_search", missing=True)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM search_vectors.passages",
        "DELETE FROM search_vectors.passages"
        " WHERE passage_id = (SELECT min(passage_id) FROM search_vectors.passages)",
        "COMMENT ON TABLE search_vectors.words IS 'other'",
    ],
    ids=["passages lack one", "a single passage lacks one", "words of another release"],
)
def test_vectors_that_are_incomplete(episode: Episode, statement: str) -> None:
    call_command("rebuild_search", missing=True)
    count = ask(COUNT)
    ask(statement)
    assert doctor.search().remedy == "./run manage rebuild_search"
    call_command("rebuild_search", missing=True)
    assert ask(COUNT) == count
    assert state() == VectorState.COMPLETE


def test_passages_of_unknown_words_lack_nothing(episode: Episode) -> None:
    call_command("rebuild_search", missing=True)
    Passage.objects.filter(text="Redis queues lost jobs").update(vector="'xyzzyxyz':1")
    ask(
        "DELETE FROM search_vectors.passages WHERE passage_id IN "
        "(SELECT id FROM search_passage WHERE text = 'Redis queues lost jobs')"
    )
    assert state() == VectorState.COMPLETE


def test_without_the_extension_search_works_by_words() -> None:
    ask("DROP EXTENSION IF EXISTS vector CASCADE")
    row = factories.episode(topics=[(60, "Redis queues lost jobs")])
    finish_edit(row, None, source="test")
    call_command("rebuild_search", missing=True)
    ask("SET CONSTRAINTS ALL IMMEDIATE")
    call_command("rebuild_search")
    assert doctor.search().text.startswith("by words alone")
    assert not doctor.search().remedy


def test_an_extension_that_was_dropped_later(episode: Episode) -> None:
    call_command("rebuild_search", missing=True)
    ask("DROP EXTENSION vector CASCADE")
    finish_edit(episode, None, source="test")
    assert state() == VectorState.NO_EXTENSION
    ask("CREATE EXTENSION vector")
    finish_edit(episode, None, source="test")
    assert state() == VectorState.INCOMPLETE
    call_command("rebuild_search", missing=True)
    assert int(ask(COUNT)) >= 2
    assert state() == VectorState.COMPLETE
