"""The index follows the rows within the same transaction, without a job."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from episodes.models import Episode
from episodes.tests.factories import guest, technology
from guests.models import Guest
from notes.apply import finish_edit
from search.engine import search
from search.index import rebuild, refresh
from search.models import Content, Document, Passage, Word
from search.retrieval.entity_moments import latest_entity_moments
from search.tests.factories import indexed

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    return [result.episode.title for result in search(query, verbatim=True).results]


def test_a_renamed_guest_is_found_at_once() -> None:
    indexed("Diary", 1, guests=["Phil Gyford"])
    row = Guest.objects.get()
    row.name = "Samuel Pepys"
    row.save()
    assert found("pepys") == ["Diary"]
    row.names.exclude(name="Samuel Pepys").delete()
    assert found("gyford") == []


def test_a_renamed_technology_is_found_at_once() -> None:
    indexed("Diary", 1, technologies=["Djagno"])
    indexed("Other", 2, technologies=["Redis"])
    row = technology("Djagno")
    row.name = "Django"
    row.save()
    row.names.exclude(name="Django").delete()
    assert found("django") == ["Diary"]
    assert found("djagno") == []
    words = Word.objects.filter(documents__gt=0, word__startswith="dja")
    assert [word.word for word in words] == ["django"]


def test_an_alias_acts_on_queries_without_touching_the_index() -> None:
    indexed("Diary", 1, technologies=["Kubernetes"])
    before = list(Document.objects.values_list("vector", flat=True))
    technology("Kubernetes").add_names("k8s")
    assert found("k8s") == ["Diary"]
    assert list(Document.objects.values_list("vector", flat=True)) == before


def test_a_renamed_library_is_found_at_once() -> None:
    row = indexed("Diary", 1, libraries=["https://github.com/celery/celery"])
    library = row.library_uses.get().library
    library.name = "Broccoli"
    library.save()
    assert found("broccoli") == ["Diary"]


def test_filters_follow_uses_and_appearances_at_once() -> None:
    row = indexed("Diary", 1, technologies=["Django"], guests=["Phil Gyford"])
    indexed("Other", 2, technologies=["Redis"])
    assert found("stack:django") == found("guest:gyford") == ["Diary"]
    assert found("-stack:django") == found("-guest:gyford") == ["Other"]
    row.uses.all().delete()
    row.appearances.all().delete()
    finish_edit(row, None, source="desk")
    assert found("stack:django") == found("guest:gyford") == []
    assert found("-stack:redis") == ["Diary"]
    assert found("-stack:django") == found("-stack:invented") == []  # unknown by now


def test_a_scheduled_episode_is_found_from_its_date_on() -> None:
    due = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
    with time_machine.travel("2026-03-04T09:59:59Z", tick=False) as clock:
        indexed("Diary", 1, published_at=due, topics=[(5, "Redis")])
        assert found("redis") == []
        assert latest_entity_moments(["Redis"], Episode.objects.all(), limit=1)[0] == []
        clock.move_to(due)
        assert found("redis") == ["Diary"]
        assert len(latest_entity_moments(["Redis"], Episode.objects.all(), limit=1)[0]) == 1


def test_an_episode_leaves_the_index_with_the_bin_and_comes_back() -> None:
    row = indexed("Diary", 1, topics=[(5, "Redis")])
    row.deleted_at = timezone.now()
    row.save(update_fields=["deleted_at"])
    assert found("redis") == []
    assert not Passage.objects.exists()
    assert not Content.objects.exists()
    assert not Word.objects.filter(documents__gt=0).exists()
    row.deleted_at = None
    row.save(update_fields=["deleted_at"])
    assert found("redis") == ["Diary"]
    assert Word.objects.get(word="redis").documents == 1


def test_a_deleted_episode_takes_its_words_along() -> None:
    indexed("Diary", 1, topics=[(5, "Redis")])
    indexed("Other", 2, topics=[(5, "Redis and Celery")])
    Episode.objects.get(number=1).delete()
    assert found("redis") == ["Other"]
    assert Word.objects.get(word="redis").documents == 1


@pytest.mark.parametrize("status", [Episode.Status.DRAFT, Episode.Status.WITHDRAWN])
def test_an_edit_updates_the_index_in_its_transaction(status: str) -> None:
    row = indexed("Diary", 1, topics=[(5, "Redis")])
    row.topics.update(text="Celery", plain="Celery", html="Celery")
    finish_edit(row, None, source="desk")
    assert found("celery") == ["Diary"]
    assert found("redis") == []
    row.status = status
    row.save()
    finish_edit(row, None, source="desk")
    assert found("celery") == []


def state() -> list:
    """The index without generated keys."""
    passages = Passage.objects.values_list("episode", "source", "seconds", "text", "vector")
    return [
        list(Document.objects.order_by("pk").values_list()),
        list(Content.objects.order_by("pk").values_list()),
        sorted(passages, key=str),
        list(Word.objects.filter(documents__gt=0).order_by("pk").values_list()),
    ]


def test_refreshing_twice_changes_nothing() -> None:
    row = indexed("Diary", 1, topics=[(5, "Redis"), (5, "Redis")], guests=["Ann"])
    guest("Ann").save()
    before = state(), list(Passage.objects.order_by("pk").values_list("pk"))
    refresh([row.pk, row.pk])
    refresh([])
    assert (state(), list(Passage.objects.order_by("pk").values_list("pk"))) == before


def test_refresh_restores_the_plan_cache_mode() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = auto")
        refresh([indexed("Diary", 1).pk])
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("auto",)


def test_a_repeated_word_retains_its_deletes() -> None:
    indexed("Diary", 1)
    deletes = Word.objects.get(word="diary").deletes
    indexed("Diary again", 2)
    word = Word.objects.get(word="diary")
    assert (word.documents, word.deletes) == (2, deletes)
    assert "dary" in deletes


@pytest.mark.django_db(transaction=True)  # triggers can't be disabled while others are pending
def test_a_rebuild_gives_what_refreshes_gave() -> None:
    indexed("Diary", 1, topics=[(5, "Redis"), (5, "Redis")], guests=["Ann"])
    indexed("Other", 2, topics=[(5, "Redis and Celery")], summary="A summary")
    row = indexed("Third", 3, status=Episode.Status.DRAFT)
    before = state()
    Word.objects.update(documents=7)
    Document.objects.filter(episode__number=1).update(words=[])
    Document.objects.create(episode=row, published_at=timezone.now(), vector="", words=["left"])
    told: list[tuple[int, int]] = []
    assert rebuild(lambda done, of: told.append((done, of))) == 2
    assert state() == before
    assert told == [(3, 3)]


def test_several_episodes_go_to_the_bin_at_once() -> None:
    rows = [indexed("Diary", number, topics=[(5, "Redis")]) for number in (1, 2, 3)]
    Episode.objects.filter(number__gt=1).update(deleted_at=timezone.now())
    assert found("redis") == ["Diary"]
    assert Word.objects.get(word="redis").documents == 1
    Episode.with_deleted.filter(pk__in=[row.pk for row in rows]).update(deleted_at=None)
    assert Word.objects.get(word="redis").documents == 3


def test_words_too_long_for_an_index_are_skipped() -> None:
    long = "x" * 9000
    indexed("Diary", 1, topics=[(5, f"Redis {long}")], introduction=f"{'ab1' * 1000} {'㌀' * 700}")
    assert found("redis") == ["Diary"]
    assert {len(word) <= 100 for word in Word.objects.values_list("word", flat=True)} == {True}
    assert found("㌀" * 200) == []


def test_rendering_again_refreshes_the_index() -> None:
    row = indexed("Diary", 1, topics=[(5, "Redis")])
    row.topics.update(plain="stale")
    Episode.objects.update(renderer=0)
    refresh([row.pk])
    assert found("redis") == []
    call_command("rerender")
    assert found("redis") == ["Diary"]
