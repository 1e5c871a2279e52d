"""A save that loses its connection: the old version stays, and the form comes back."""

import html
import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection
from django.test import Client

from desk.tests.forms import form_data
from desk.tests.outage import (
    BLOWS,
    break_off_saves,
    reconnect,
    retry_fields,
    spare,
)
from desk.tests.test_episode_form import change_url
from episodes.models import Episode
from episodes.tests import factories
from notes.apply import finish_edit
from notes.history import current_snapshot
from notes.models import Revision
from tests.wire import kill_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def episode() -> Episode:
    factories.show()
    row = factories.episode(topics=[(61, "One"), (400, "Two")], guests=["Phil Gyford"])
    finish_edit(row, None, "desk")
    return row


@pytest.fixture(params=BLOWS)
def killer(episode: Episode, request: pytest.FixtureRequest) -> Iterator[None]:
    break_off_saves(request.param)
    yield
    spare()


def test_an_interrupted_save_changes_nothing_and_returns_the_form(
    host: Client, episode: Episode, killer: None
):
    before = current_snapshot(Episode.objects.get(pk=episode.pk))
    typed = "</textarea><script>alert(1)</script>\n\nA second paragraph, “quoted”."
    data = form_data(host.get(change_url(episode)))
    data |= {"introduction": typed, "topics-0-text": "One database", "topics-1-DELETE": "on"}

    answer = host.post(change_url(episode), data)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    page = answer.content.decode()
    assert "The stored version is unchanged" in page
    assert "<script>alert" not in page
    reconnect()
    assert current_snapshot(Episode.objects.get(pk=episode.pk)) == before
    assert Revision.objects.filter(episode=episode).count() == 1

    spare()
    again = retry_fields(answer.content)
    assert {name: again[name] for name in data} == data
    action = html.unescape(re.findall(r'<form method="post" action="([^"]+)"', page)[0])
    assert host.post(action, again).status_code == 302
    saved = Episode.objects.get(pk=episode.pk)
    assert saved.introduction == typed
    assert list(saved.topics.values_list("text", flat=True)) == ["One database"]
    assert Revision.objects.filter(episode=episode).count() == 2


def test_a_get_without_a_database_asks_to_try_again(host: Client, episode: Episode, monkeypatch):
    def killed(self, request):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr("desk.episodes.admin.EpisodeAdmin.get_queryset", killed)
    answer = host.get(change_url(episode))
    assert answer.status_code == 503
    assert "Try again" in answer.content.decode()
    connection.close()  # as the end of a request does
    monkeypatch.undo()
    assert host.get(change_url(episode)).status_code == 200


def test_a_server_that_dies_between_two_queries_of_a_save(
    host: Client, episode: Episode, monkeypatch
):
    """psycopg2 then raises its base class alone."""
    data = form_data(host.get(change_url(episode))) | {"introduction": "Typed"}

    def save(*args, **options):
        kill_server()
        Episode.objects.exists()

    monkeypatch.setattr("desk.episodes.admin.EpisodeAdmin.save_model", save)
    answer = host.post(change_url(episode), data)
    assert answer.status_code == 503
    assert retry_fields(answer.content)["introduction"] == "Typed"
    reconnect()


def test_a_database_that_takes_no_writes_returns_what_was_typed(
    host: Client, client: Client, episode: Episode
):
    """A replica, or a provider's database whose disk is full."""
    data = form_data(host.get(change_url(episode))) | {"introduction": "Typed"}
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        answer = host.post(change_url(episode), data)
        signed_in = client.post("/admin/login/", {"username": "nick", "password": "password"})
        cursor.execute("SET default_transaction_read_only = off")
    assert (answer.status_code, signed_in.status_code) == (503, 503)
    assert retry_fields(answer.content)["introduction"] == "Typed"


def test_a_bug_is_no_outage(host: Client, episode: Episode, monkeypatch):
    def save(*args, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column FROM episodes_episode")

    data = form_data(host.get(change_url(episode)))
    monkeypatch.setattr("desk.episodes.admin.EpisodeAdmin.save_model", save)
    with pytest.raises(ProgrammingError):
        host.post(change_url(episode), data)


def test_a_large_upload_without_a_database_returns_what_was_typed(
    host: Client, episode: Episode, monkeypatch, tmp_path
):
    data = form_data(host.get(change_url(episode))) | {"introduction": "Typed"}
    image = SimpleUploadedFile("a.png", bytes(11 * 1024**2))
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", str(tmp_path))
        answer = host.post(change_url(episode), data | {"image": image})
        connection.close()
    assert answer.status_code == 503
    assert retry_fields(answer.content)["introduction"] == "Typed"
    assert "Files are not included" in answer.text
