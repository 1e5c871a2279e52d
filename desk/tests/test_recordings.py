"""Withdrawing, deleting and replacing recordings: the address stays, the old file goes."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from desk.tests.forms import errors, form_data
from episodes.audio_files import remove_discarded
from episodes.models import DiscardedFile, Enclosure, Episode
from episodes.tests import factories
from notes.apply import finish_edit

AUDIO = b"spoken words" * 100
PUBLIC = "/audio/podcast-1.mp3"


@pytest.fixture
def episode(db) -> Episode:
    """Published at the desk, with a stored recording."""
    factories.show()
    row = factories.episode()
    row.enclosure.url = ""
    row.enclosure.file.save("a.mp3", ContentFile(AUDIO))
    finish_edit(row, None, "desk")
    return row


@pytest.fixture
def save(host: Client, episode: Episode, django_capture_on_commit_callbacks):
    """Posts the episode's form with these changes."""

    def post(**changes: Any) -> None:
        url = reverse("admin:episodes_episode_change", args=[episode.pk])
        data = form_data(host.get(url)) | changes
        with django_capture_on_commit_callbacks(execute=True):
            response = host.post(url, data)
        assert response.status_code == 302, errors(response)

    return post


def key() -> str:
    return Enclosure.objects.get().file.name or ""


def stored() -> set[str]:
    """The recordings; saving also draws a social card."""
    root = Path(default_storage.path(""))
    return {str(file.relative_to(root)) for file in root.glob("audio/**/*") if file.is_file()}


def downloaded(client: Client) -> bytes | None:
    """The public address's content; None if there is none."""
    response = client.get(PUBLIC, follow=True)
    return response.getvalue() if response.status_code == 200 else None


def test_withdrawn_and_published_again(client: Client, episode: Episode, save):
    before = key()
    save(status="withdrawn")
    hidden = key()
    assert hidden != before
    assert stored() == {hidden}
    assert downloaded(client) is None
    assert client.get(f"/media/{before}").status_code == 404
    save(status="published")
    assert key() == hidden
    assert downloaded(client) == AUDIO


NEXT_YEAR = f"{timezone.now().year + 1}-01-01"


@pytest.mark.parametrize(
    "changes", [{"status": "draft"}, {"published_at_0": NEXT_YEAR, "published_at_1": "00:00"}]
)
def test_unpublished(client: Client, episode: Episode, save, changes):
    before = key()
    save(**changes)
    assert stored() == {key()} != {before}
    assert downloaded(client) is None


def test_into_the_bin_and_back(
    client: Client, host: Client, episode: Episode, django_capture_on_commit_callbacks
):
    before = key()
    with django_capture_on_commit_callbacks(execute=True):
        url = reverse("admin:episodes_episode_delete", args=[episode.pk])
        assert host.post(url, {"post": "yes"}).status_code == 302
    assert stored() == {key()} != {before}
    assert downloaded(client) is None
    data = {"action": "restore", "_selected_action": episode.pk}
    host.post("/admin/episodes/episode/?state=bin", data)
    assert downloaded(client) == AUDIO


def test_deleted_with_its_form(client: Client, episode: Episode, save):
    Episode.objects.update(status=Episode.Status.DRAFT, first_published_at=None)
    save(**{"enclosure-0-DELETE": "on"})
    assert not Enclosure.objects.exists()
    assert stored() == set()
    assert downloaded(client) is None


def test_other_edits_do_not_change_the_key(episode: Episode, save):
    before = key()
    save(title="Another title")
    assert stored() == {key()} == {before}


def test_publishing_a_draft_does_not_change_the_key(episode: Episode, save):
    save(status="draft")
    before = key()
    save(status="published")
    save(status="published", summary="More")
    assert key() == before


def test_a_failed_write_loses_nothing(client: Client, episode: Episode):
    before = key()
    episode.status = Episode.Status.WITHDRAWN
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        episode.save()
        finish_edit(episode, None, "desk")
        assert key() != before
        raise ZeroDivisionError
    assert key() == before
    assert downloaded(client) == AUDIO
    assert not DiscardedFile.objects.exists()


def test_a_failing_storage_changes_nothing_and_is_a_message(
    client: Client, host: Client, episode: Episode
):
    """The folder of recordings is replaced by a file."""
    before = key()
    folder = Path(default_storage.path("audio"))
    elsewhere = folder.rename(folder.with_name("elsewhere"))
    folder.write_text("")
    url = reverse("admin:episodes_episode_change", args=[episode.pk])
    response = host.post(url, form_data(host.get(url)) | {"status": "withdrawn"}, follow=True)
    assert "Nothing was saved: the file could not be stored" in response.content.decode()
    assert Episode.objects.get().status == "published"
    folder.unlink()
    elsewhere.rename(folder)
    assert key() == before
    assert downloaded(client) == AUDIO


def test_an_episode_with_a_lost_file_can_be_withdrawn(episode: Episode, save):
    default_storage.delete(key())
    save(status="withdrawn")
    assert Episode.objects.get().status == "withdrawn"


def test_a_file_that_a_row_names_again_is_not_removed(client: Client, episode: Episode):
    DiscardedFile.objects.create(name=key())
    remove_discarded()
    assert downloaded(client) == AUDIO
    assert not DiscardedFile.objects.exists()
