"""Concurrent edits, renames, deletions and rebuilds lose nothing and don't deadlock."""

from collections.abc import Callable
from threading import Event

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from episodes.models import Episode
from guests.models import Guest
from search.index import rebuild, refresh
from search.models import Document, Word
from search.tests.background import (
    TIMEOUT,
    in_background,
    in_background_transaction,
    wait_until_blocked,
)
from search.tests.factories import indexed

pytestmark = pytest.mark.django_db(transaction=True)


def set_topic(row: Episode, topic: str) -> None:
    row.topics.update(text=topic, plain=topic, html=topic)
    refresh([row.pk])


def words(row: Episode) -> set[str]:
    return set(Document.objects.get(pk=row.pk).words)


def lock_word(word: str) -> None:
    """Lock its row until the transaction ends."""
    Word.objects.select_for_update().get(word=word)


def test_a_rename_includes_a_concurrent_edit() -> None:
    row = indexed("Diary", 1, topics=[(5, "Redis")], guests=["Phil Gyford"])

    def rename() -> None:
        guest = Guest.objects.get()
        guest.name = "Samuel Pepys"
        guest.save()

    with transaction.atomic():
        set_topic(row, "Celery")
        renaming = in_background(rename)
        wait_until_blocked()
    renaming.result(TIMEOUT)
    assert words(row) == {"diary", "celery", "samuel", "pepys"}
    assert Word.objects.get(word="celery").documents == 1


def test_a_rebuild_waits_for_an_edit_of_several_episodes() -> None:
    rows = [indexed("Diary", number, topics=[(5, "Redis")]) for number in (1, 2)]
    with transaction.atomic():
        set_topic(rows[1], "Broccoli")
        rebuilding = in_background(lambda: rebuild(lambda *_: None))
        wait_until_blocked()
        set_topic(rows[0], "Celery")
    rebuilding.result(TIMEOUT)
    assert [words(row) for row in rows] == [{"diary", "celery"}, {"diary", "broccoli"}]
    assert Word.objects.get(word="diary").documents == 2


def test_an_edit_that_has_begun_does_not_delay_a_rebuild() -> None:
    row = indexed("Diary", 1, topics=[(5, "Redis")])
    with transaction.atomic():
        row.save()
        in_background(lambda: rebuild(lambda *_: None)).result(TIMEOUT)
        set_topic(row, "Celery")
    assert words(row) == {"diary", "celery"}


def test_an_episode_deleted_during_a_rebuild_leaves_the_index() -> None:
    row = indexed("Diary", 1)
    begun, going_on = Event(), Event()

    def pause(*_: int) -> None:
        begun.set()
        going_on.wait(TIMEOUT)

    rebuilding = in_background(lambda: rebuild(pause))
    assert begun.wait(TIMEOUT)
    binning = in_background(lambda: Episode.objects.update(deleted_at=timezone.now()))
    wait_until_blocked()
    going_on.set()
    rebuilding.result(TIMEOUT)
    binning.result(TIMEOUT)
    assert not Document.objects.filter(pk=row.pk).exists()
    assert not Word.objects.filter(documents__gt=0).exists()


def bin_all(chosen: QuerySet[Episode], host: Client) -> None:
    chosen.update(deleted_at=timezone.now())


def remove_all(chosen: QuerySet[Episode], host: Client) -> None:
    Document.objects.filter(episode__in=chosen).delete()


def bin_at_the_desk(chosen: QuerySet[Episode], host: Client) -> None:
    act(host, "delete_selected", chosen)


def restore_at_the_desk(chosen: QuerySet[Episode], host: Client) -> None:
    act(host, "restore", chosen, state="bin")


def act(host: Client, action: str, chosen: QuerySet[Episode], **query: str) -> None:
    keys = [row.pk for row in chosen]
    url = reverse("admin:episodes_episode_changelist", query=query)
    response = host.post(url, {"action": action, "_selected_action": keys, "post": "yes"})
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("take_out", "first", "second"),
    [
        (bin_all, "m", "a"),
        (remove_all, "m", "a"),
        (bin_at_the_desk, "a", "m"),  # the list is newest first
        (restore_at_the_desk, "a", "m"),
    ],
)
def test_words_are_always_locked_in_the_same_order(
    host: Client,
    take_out: Callable[[QuerySet[Episode], Client], None],
    first: str,
    second: str,
) -> None:
    """One edit holds `a` and wants `m`; another that wants both starts with `a` and waits."""
    indexed("X", 1, topics=[(5, first)])
    indexed("X", 2, topics=[(5, second)])
    edited = indexed("X", 3, topics=[(5, "x")])
    indexed("X", 4, topics=[(5, "k")])
    chosen = Episode.with_deleted.filter(number__in=[1, 2])
    back = take_out is restore_at_the_desk
    if back:
        chosen.update(deleted_at=timezone.now())
    with transaction.atomic():
        lock_word("k")
        editing = in_background_transaction(lambda: set_topic(edited, "a k m"))
        wait_until_blocked()
        leaving = in_background(lambda: take_out(chosen, host))
        wait_until_blocked(2)
    editing.result(TIMEOUT)
    leaving.result(TIMEOUT)
    counts = dict(Word.objects.values_list("word", "documents"))
    expected = 2 if back else 1
    assert counts == {"a": expected, "k": 2, "m": expected, "x": 4 if back else 2}
