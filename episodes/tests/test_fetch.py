"""An episode fetched in one query equals what Django fetches in several."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model, prefetch_related_objects
from django.utils import timezone

from episodes.fetch import RELATIONS, Columns, fetch_episode, relations, set_prefetched
from episodes.models import (
    NOT_DELETED,
    PUBLISHED,
    VIEWABLE,
    Enclosure,
    Episode,
    Reference,
    Sponsor,
)
from episodes.tests.factories import episode
from topics.models import Topic, Transcript

pytestmark = pytest.mark.django_db

# What JSON has a value for; times are read from their text.
KINDS = {
    "BigAutoField", "BooleanField", "CharField", "DateTimeField", "FileField", "ForeignKey",
    "JSONField", "OneToOneField", "PositiveBigIntegerField", "PositiveIntegerField",
    "PositiveSmallIntegerField", "TextField", "URLField",
}  # fmt: skip
LIBRARIES = ["https://docs.celeryq.dev", "https://example.org/?a=b&c=“\\"]


def rows_of(row: Episode, name: str) -> list[Any]:
    """One or several rows of a relation; none where there is no such row."""
    if name in ("enclosure", "sponsor", "transcript"):
        return [getattr(row, name)] if hasattr(row, name) else []
    return list(getattr(row, name).all())


def values(row: Model) -> dict[str, Any]:
    return {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}


def full() -> Episode:
    row = episode(
        "Füll", 1, technologies=["Redis", "C++"], guests=["Ann", "Bob"],
        topics=[(61, "Later *and* more"), (0, "Čas 🎙 \\n \"x\""), (61, "The same")],
        libraries=LIBRARIES,
    )  # fmt: skip
    Sponsor.objects.create(episode=row, name="Somebody", text="**Buy**")
    Transcript.objects.create(episode=row, language="en")
    Reference.objects.create(episode=row, url="https://example.org/", label="\u2028", position=0)
    return row


def test_the_same_rows_in_the_same_order(django_assert_num_queries) -> None:
    original = full()
    other = episode("Other", 2, technologies=["Redis"], topics=[(1, "Not this one's")])
    with django_assert_num_queries(1):
        found = fetch_episode(NOT_DELETED, id=original.pk)
        read = {name: rows_of(found, name) for name in RELATIONS}
        for name, joined in RELATIONS.items():
            assert all(row.episode is found for row in read[name])
            assert not joined or all(getattr(row, joined).pk for row in read[name])
    assert values(found) == values(Episode.objects.get(pk=original.pk))
    for name, joined in RELATIONS.items():
        expected = rows_of(Episode.objects.get(pk=original.pk), name)
        assert expected, name
        assert [values(row) for row in read[name]] == [values(row) for row in expected]
        if joined:
            assert [values(getattr(row, joined)) for row in read[name]] == [
                values(getattr(row, joined)) for row in expected
            ]
    assert found.topics.filter(text="Not this one's").count() == 0
    assert other.topics.count() == 1


def test_what_an_episode_has_none_of() -> None:
    row = episode("Bare", 1, topics=[], technologies=[])
    Enclosure.objects.filter(episode=row).delete()
    found = fetch_episode(NOT_DELETED, id=row.pk)
    assert [name for name in RELATIONS if rows_of(found, name)] == []


@pytest.mark.parametrize("status", Episode.Status.values)
@pytest.mark.parametrize("days", [-1, 1])
@pytest.mark.parametrize("is_deleted", [False, True])
def test_who_may_be_seen_is_who_the_methods_say(status: str, days: int, is_deleted: bool) -> None:
    now = timezone.now()
    date, deleted = now + timedelta(days=days), now if is_deleted else None
    row = episode("A", 1, status=status, published_at=date, deleted_at=deleted)
    for where, rows in (
        (NOT_DELETED, Episode.objects.all()),
        (PUBLISHED, Episode.objects.published()),
        (VIEWABLE, Episode.objects.viewable()),
    ):
        assert fetch_episode(where, kind=row.kind, slug=row.slug) == rows.filter(pk=row.pk).first()


def test_every_column_comes_through_json() -> None:
    read = [part for each in relations() for part in (each.own, each.joined) if part]
    for columns in [Columns.of(Episode), *read]:
        kinds = {each.get_internal_type() for each in columns.model._meta.concrete_fields}
        assert kinds <= KINDS, f"{columns.model.__name__}: tell episodes.fetch how to read it"


def test_django_takes_prefetched_rows_as_its_own(django_assert_num_queries) -> None:
    """Fails first should Django change where it looks for prefetched rows."""
    row = episode("A", 1, topics=[(0, "Read")])
    related = [Topic(episode=row, seconds=5, text="Set", position=0)]
    set_prefetched(row, "topics", related)
    with django_assert_num_queries(0):
        assert list(row.topics.all()) == related
        prefetch_related_objects([row], "topics")
        assert [topic.text for topic in row.topics.all()] == ["Set"]
    assert [topic.text for topic in row.topics.filter(seconds=0)] == ["Read"]
