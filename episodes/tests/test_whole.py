"""All that an episode's page shows, read at once, is what Django reads for itself."""

from typing import Any

import pytest
from django.db.models import Model

from episodes.models import Enclosure, Episode, Reference, Sponsor
from episodes.tests.factories import episode
from episodes.whole import RELATIONS, relations, whole
from topics.models import Transcript

pytestmark = pytest.mark.django_db

# What JSON has a value for; times are read from their text.
KINDS = {
    "BigAutoField", "BooleanField", "CharField", "DateTimeField", "FileField", "ForeignKey",
    "OneToOneField", "PositiveBigIntegerField", "PositiveIntegerField",
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
    kept = full()
    other = episode("Other", 2, technologies=["Redis"], topics=[(1, "Not this one's")])
    with django_assert_num_queries(2):
        found = whole(Episode.objects.filter(pk=kept.pk))
        assert found == kept
        read = {name: rows_of(found, name) for name in RELATIONS}
        for name, joined in RELATIONS.items():
            assert all(row.episode is found for row in read[name])
            assert not joined or all(getattr(row, joined).pk for row in read[name])
    for name, joined in RELATIONS.items():
        expected = rows_of(Episode.objects.get(pk=kept.pk), name)
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
    found = whole(Episode.objects.filter(pk=row.pk))
    assert [name for name in RELATIONS if rows_of(found, name)] == []
    assert whole(Episode.objects.none()) is None


def test_every_column_comes_through_json() -> None:
    for relation in relations():
        for columns in filter(None, (relation.own, relation.joined)):
            kinds = {each.get_internal_type() for each in columns.model._meta.concrete_fields}
            assert kinds <= KINDS, f"{columns.model.__name__}: tell episodes.whole how to read it"
