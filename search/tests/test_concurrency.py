"""Edits, renames, the bin and a rebuild at the same time: nothing is lost, and nobody deadlocks."""

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
from search.tests.factories import indexed
from search.tests.second_connection import PATIENCE, beside, meanwhile, wait_until_waiting

pytestmark = pytest.mark.django_db(transaction=True)


def says(row: Episode, topic: str) -> None:
    row.topics.update(text=topic, plain=topic, html=topic)
    refresh([row.pk])


def words(row: Episode) -> set[str]:
    return set(Document.objects.get(pk=row.pk).words)


def hold_word(word: str) -> None:
    """Lock its row until the transaction ends."""
    Word.objects.select_for_update().get(word=word)


def test_a_rename_keeps_an_edit_made_meanwhile() -> None:
    row = indexed("Diary", 1, topics=[(5, "Redis")], guests=["Phil Gyford"])

    def rename() -> None:
        guest = Guest.objects.get()
        guest.name = "Samuel Pepys"
        guest.save()

    with transaction.atomic():
        says(row, "Celery")
        renaming = beside(rename)
        wait_until_waiting()
    renaming.result(PATIENCE)
    assert words(row) == {"diary", "celery", "samuel", "pepys"}
    assert Word.objects.get(word="celery").documents == 1


def test_a_rebuild_lets_an_edit_of_several_end() -> None:
    rows = [indexed("Diary", number, topics=[(5, "Redis")]) for number in (1, 2)]
    with transaction.atomic():
        says(rows[1], "Broccoli")
        rebuilding = beside(lambda: rebuild(lambda *_: None))
        wait_until_waiting()
        says(rows[0], "Celery")
    rebuilding.result(PATIENCE)
    assert [words(row) for row in rows] == [{"diary", "celery"}, {"diary", "broccoli"}]
    assert Word.objects.get(word="diary").documents == 2


def test_an_edit_that_has_begun_delays_no_rebuild() -> None:
    row = indexed("Diary", 1, topics=[(5, "Redis")])
    with transaction.atomic():
        row.save()
        beside(lambda: rebuild(lambda *_: None)).result(PATIENCE)
        says(row, "Celery")
    assert words(row) == {"diary", "celery"}


def test_what_is_binned_during_a_rebuild_is_gone() -> None:
    row = indexed("Diary", 1)
    begun, going_on = Event(), Event()

    def pause(*_: int) -> None:
        begun.set()
        going_on.wait(PATIENCE)

    rebuilding = beside(lambda: rebuild(pause))
    assert begun.wait(PATIENCE)
    binning = beside(lambda: Episode.objects.update(deleted_at=timezone.now()))
    wait_until_waiting()
    going_on.set()
    rebuilding.result(PATIENCE)
    binning.result(PATIENCE)
    assert not Document.objects.filter(pk=row.pk).exists()
    assert not Word.objects.filter(documents__gt=0).exists()


def bin_all(chosen: QuerySet[Episode], host: Client) -> None:
    chosen.update(deleted_at=timezone.now())


def remove_all(chosen: QuerySet[Episode], host: Client) -> None:
    Document.objects.filter(episode__in=chosen).delete()


def bin_at_the_desk(chosen: QuerySet[Episode], host: Client) -> None:
    act(host, "delete_selected", chosen)


def put_back_at_the_desk(chosen: QuerySet[Episode], host: Client) -> None:
    act(host, "put_back", chosen, state="bin")


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
        (bin_at_the_desk, "a", "m"),  # the list begins with the newest
        (put_back_at_the_desk, "a", "m"),
    ],
)
def test_words_are_locked_in_one_order(
    host: Client,
    take_out: Callable[[QuerySet[Episode], Client], None],
    first: str,
    second: str,
) -> None:
    """One edit holds `a` and wants `m`: whoever takes both starts with `a`, and waits."""
    indexed("X", 1, topics=[(5, first)])
    indexed("X", 2, topics=[(5, second)])
    edited = indexed("X", 3, topics=[(5, "x")])
    indexed("X", 4, topics=[(5, "k")])
    chosen = Episode.with_deleted.filter(number__in=[1, 2])
    back = take_out is put_back_at_the_desk
    if back:
        chosen.update(deleted_at=timezone.now())
    with transaction.atomic():
        hold_word("k")
        editing = meanwhile(lambda: says(edited, "a k m"))
        wait_until_waiting()
        leaving = beside(lambda: take_out(chosen, host))
        wait_until_waiting(2)
    editing.result(PATIENCE)
    leaving.result(PATIENCE)
    counts = dict(Word.objects.values_list("word", "documents"))
    said = 2 if back else 1
    assert counts == {"a": said, "k": 2, "m": said, "x": 4 if back else 2}
