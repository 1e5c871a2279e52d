"""What a commit tells the caches of pages."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import psycopg2
import pytest
from django.db import connection, transaction

from episodes.models import Episode
from show.models import Show, VersionBump

pytestmark = pytest.mark.django_db(transaction=True)
Told = Callable[[], list[list[int] | None]]
PUBLISHED = {"status": "published", "published_at": datetime(2020, 1, 6, tzinfo=UTC)}


@pytest.fixture
def told() -> Iterator[Told]:
    """Reads what was told since it was last asked."""
    connection.ensure_connection()
    listener = psycopg2.connect(**connection.get_connection_params())
    listener.autocommit = True
    listener.cursor().execute("LISTEN content")

    def read() -> list[list[int] | None]:
        listener.cursor().execute("SELECT 1")
        found = [json.loads(note.payload)["touched"] for note in listener.notifies]
        listener.notifies.clear()
        return found

    yield read
    listener.close()


def make(number: int, **values: object) -> Episode:
    return Episode.objects.create(
        number=number, title=f"No {number}", slug=f"no-{number}", **values
    )


def test_an_episodes_own_texts_touch_its_own_pages(told: Told):
    row = make(1, **PUBLISHED)
    told()
    row.introduction = "Other words."
    row.save()
    assert told() == [[row.pk]]


@pytest.mark.parametrize(
    "change", [{"title": "Other"}, {"slug": "other"}, {"status": "withdrawn"}, {"number": 8}]
)
def test_what_lists_and_neighbours_show_touches_any_page(told: Told, change: dict):
    row = make(1, **PUBLISHED)
    told()
    Episode.objects.filter(pk=row.pk).update(**change)
    assert told() == [None]


def test_drafts_touch_nothing_until_they_are_published(told: Told):
    row = make(1)
    row.title, row.draft_text = "Better", "Notes"
    row.save()
    row.topics.create(seconds=60, text="Queues", position=0)
    assert told() == []
    Episode.objects.filter(pk=row.pk).update(**PUBLISHED)
    assert told() == [None]


def test_text_that_is_not_applied_yet_is_seen_by_nobody(told: Told):
    row = make(1, **PUBLISHED)
    told()
    Episode.objects.filter(pk=row.pk).update(
        draft_text="Half", draft_edit=6, draft_saved_at=datetime.now(UTC), edit_number=7
    )
    assert told() == []


def test_a_transaction_tells_once_and_all_of_it(told: Told):
    first, second = make(1, **PUBLISHED), make(2, **PUBLISHED)
    Show.objects.create(title="Show")
    told()
    with transaction.atomic():
        for row in (first, second):
            row.topics.create(seconds=60, text="Queues", position=0)
    assert [sorted(each or []) for each in told()] == [[first.pk, second.pk]]
    with transaction.atomic():
        first.topics.update(text="Jobs")
        Show.objects.update(title="Other")
        second.topics.update(text="Jobs")
    assert told() == [None]
    assert not VersionBump.objects.exists()


def test_what_is_rolled_back_was_not_told(told: Told):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make(1, **PUBLISHED)
        raise ZeroDivisionError
    assert told() == []
