"""The list of episodes, and the bin."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from episodes.models import Episode
from episodes.tests import factories
from search.tests.background import TIMEOUT, in_background, wait_until_blocked

LIST = "/admin/episodes/episode/"


@pytest.fixture
def _catalogue(db) -> None:
    factories.show()
    later = timezone.now() + timedelta(days=3)
    factories.episode("Out", 1, guests=["Phil Gyford", "Ada Lovelace"], technologies=["Django"])
    factories.episode("Soon", 2, published_at=later)
    factories.episode("Not yet", 3, status="draft", published_at=None)
    factories.episode("Taken back", 4, status="withdrawn")
    factories.episode("Thrown away", 5, deleted_at=timezone.now())


def titles(host: Client, query: str) -> set[str]:
    response: Any = host.get(LIST + query)
    assert response.status_code == 200
    return {episode.title for episode in response.context_data["cl"].result_list}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Out", "Soon", "Not yet", "Taken back"}),
        ("?state=published", {"Out"}),
        ("?state=scheduled", {"Soon"}),
        ("?state=draft", {"Not yet"}),
        ("?state=withdrawn", {"Taken back"}),
        ("?state=bin", {"Thrown away"}),
        ("?q=lovelace", {"Out"}),
        ("?q=django", {"Out"}),
        ("?q=2", {"Soon"}),
        ("?q=nobody", set()),
    ],
)
def test_filters_and_search(host: Client, _catalogue, query: str, expected: set[str]):
    assert titles(host, query) == expected


def test_columns(host: Client, _catalogue):
    page = host.get(LIST).content.decode()
    for shown in (
        "Phil Gyford, Ada Lovelace",
        "Scheduled",
        "Withdrawn",
        "50:00",
        "8 Jun 2020, 00:00",
    ):
        assert shown in page


def test_as_many_queries_for_twelve_as_for_three(host: Client, db, django_assert_num_queries):
    factories.show()
    for number in range(3):
        factories.episode(number=number, guests=["Phil Gyford"], technologies=["Django"])
    with django_assert_num_queries(10):
        host.get(LIST)
    for number in range(3, 12):
        factories.episode(number=number, guests=["Phil Gyford", f"Guest {number}"])
    with django_assert_num_queries(10):
        host.get(LIST)


def test_a_deleted_episode_goes_to_the_bin(host: Client, _catalogue):
    episode = Episode.objects.get(title="Out")
    url = reverse("admin:episodes_episode_delete", args=[episode.pk])
    assert "moves to the bin" in host.get(url).content.decode()
    page = host.post(url, {"post": "yes"}, follow=True).content.decode()
    assert f'is <a href="{LIST}?state=bin">in the bin</a>. You can restore it for 30 days' in page
    assert not Episode.objects.filter(pk=episode.pk).exists()
    binned = Episode.with_deleted.get(pk=episode.pk)
    assert binned.deleted_at is not None
    assert binned.appearances.count() == 2


def test_a_form_in_the_bin_says_so_and_where_to_restore(host: Client, _catalogue):
    episode = Episode.with_deleted.get(title="Thrown away")
    page = host.get(reverse("admin:episodes_episode_change", args=[episode.pk])).content.decode()
    assert f'<a href="{LIST}?state=bin">the bin</a>' in page
    delete = reverse("admin:episodes_episode_delete", args=[episode.pk])
    assert delete not in page
    assert host.post(delete, {"post": "yes"}).status_code == 403
    episode_then = Episode.with_deleted.get(pk=episode.pk)
    assert episode_then.deleted_at == episode.deleted_at


def act(host: Client, action: str, *episodes: Episode, **more: str) -> str:
    data = {"action": action, "_selected_action": [row.pk for row in episodes]} | more
    response = host.post(f"{LIST}?state=bin" if action == "restore" else LIST, data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_several_are_deleted_and_restored_at_once(host: Client, _catalogue):
    chosen = list(Episode.objects.filter(number__in=[1, 2]))
    assert "Move to the bin" in act(host, "delete_selected", *chosen)
    act(host, "delete_selected", *chosen, post="yes")
    assert titles(host, "") == {"Not yet", "Taken back"}
    act(host, "restore", *chosen)
    assert titles(host, "") == {"Out", "Soon", "Not yet", "Taken back"}


def test_a_number_taken_since_is_an_error(host: Client, _catalogue):
    factories.episode("The new fifth", 5, seconds=None)
    deleted = Episode.with_deleted.get(title="Thrown away")
    page = act(host, "restore", deleted)
    assert "Another episode has this number." in page
    deleted.refresh_from_db()
    assert deleted.deleted_at is not None


def test_a_refused_restore_is_an_error_and_the_others_are_restored(host: Client, _catalogue):
    chosen = list(Episode.objects.filter(number__in=[1, 2]))
    act(host, "delete_selected", *chosen, post="yes")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no check of a key waits for the commit
        cursor.execute(
            "ALTER TABLE episodes_episode ADD CHECK (deleted_at IS NOT NULL OR number <> 1)"
        )
    page = act(host, "restore", *chosen)
    assert "Out was not restored: the database refused it." in page
    assert "Nothing was saved" not in page
    assert titles(host, "") == {"Soon", "Not yet", "Taken back"}


@pytest.mark.django_db(transaction=True)
def test_an_episode_deleted_for_good_meanwhile_is_an_error(host: Client, _catalogue):
    others = Episode.objects.filter(number__in=[3, 4])
    deleted = Episode.with_deleted.get(title="Thrown away")
    act(host, "delete_selected", *others, post="yes")
    with transaction.atomic():
        Episode.with_deleted.filter(pk=deleted.pk).delete()
        page = in_background(lambda: act(host, "restore", deleted, *others))
        wait_until_blocked()
    assert "Thrown away has been deleted for good." in str(page.result(TIMEOUT))
    assert titles(host, "") == {"Out", "Soon", "Not yet", "Taken back"}


def test_only_public_episodes_link_to_the_site(host: Client, _catalogue):
    for episode in Episode.objects.all():
        page = host.get(reverse("admin:episodes_episode_change", args=[episode.pk]))
        public = episode.title in ("Out", "Taken back")
        assert (f'href="{episode.get_absolute_url()}"' in page.content.decode()) is public


@pytest.mark.parametrize(
    "query",
    [
        "?published_at__year=2020&published_at__month=2&published_at__day=31",
        "?published_at__year=99999",
        "?state=%FF", "?o=99.x", "?p=-1", "?p=999999999999", "?id__in=a,b", "?kind__exact[]=1",
        "?q=%27%22%5C%25%F0%9F%8E%99", "?number__gt=99999999999999999999", "?all=",
    ],
)  # fmt: skip
def test_no_query_breaks_the_list(host: Client, _catalogue, query: str):
    assert host.get(LIST + query, follow=True).status_code in (200, 400)


def test_no_address_of_an_episode_breaks(host: Client, _catalogue):
    for key in ("abc", "999999999999999999999999", "_5F", "1/2", "%F0%9F%8E%99"):
        response = host.get(f"{LIST}{key}/change/", follow=True)
        assert response.status_code in (200, 404)
