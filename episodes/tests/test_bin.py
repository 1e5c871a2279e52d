"""The bin: what visitors meet at a deleted episode's address, and what is left after a month."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.utils import timezone

from episodes.audio_files import remove_discarded
from episodes.bin import RETENTION, empty_bin
from episodes.models import Enclosure, Episode
from episodes.tests import factories
from show.models import Redirect

pytestmark = pytest.mark.django_db


def binned(number: int, days: float, first_published: bool = True) -> Episode:
    now = timezone.now()
    first = now - timedelta(days=400) if first_published else None
    return factories.episode(
        f"Episode {number}",
        number,
        topics=[(61, "One")],
        guests=["Phil Gyford"],
        first_published_at=first,
        deleted_at=now - timedelta(days=days),
    )


def test_after_a_month_only_the_address_is_left(client: Client):
    factories.show()
    old, recent = binned(1, RETENTION.days + 1), binned(2, RETENTION.days - 1)
    Redirect.objects.create(old_path="/podcast/older", new_path=old.get_absolute_url())
    assert client.get(old.get_absolute_url()).status_code == 410

    assert empty_bin() == "Removed 1 episode from the bin for good."
    assert empty_bin() == ""

    assert list(Episode.with_deleted.all()) == [recent]
    for path in (old.get_absolute_url(), "/podcast/older", recent.get_absolute_url()):
        assert client.get(path).status_code == 410
    assert client.get(f"{old.get_absolute_url()}/transcript").status_code == 410


@pytest.mark.parametrize("scheduled", [True, False])
def test_what_was_never_public_leaves_nothing(client: Client, scheduled: bool):
    factories.show()
    draft = binned(1, RETENTION.days + 1, first_published=False)
    if scheduled:  # for a day that came after it was deleted
        Episode.with_deleted.update(first_published_at=F("deleted_at") + timedelta(days=1))
    assert client.get(draft.get_absolute_url()).status_code == 404
    empty_bin()
    assert not Episode.with_deleted.exists()
    assert not Redirect.objects.exists()
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_an_address_given_to_another_stays_the_others(client: Client):
    factories.show()
    old = binned(1, RETENTION.days + 1)
    factories.episode("Episode 1", 1, seconds=None)
    empty_bin()
    assert client.get(old.get_absolute_url()).status_code == 200
    assert not Redirect.objects.exists()


def test_its_files_go_too(db):
    episode = binned(1, RETENTION.days + 1)
    audio = Enclosure.objects.get(episode=episode)
    audio.file.save("one.mp3", ContentFile(b"sound"))
    episode.image.save("one.png", ContentFile(b"picture"))
    names = [str(audio.file), str(episode.image)]
    assert all(map(default_storage.exists, names))
    empty_bin()
    remove_discarded()
    assert not any(map(default_storage.exists, names))


def test_tick_does_it(capsys):
    binned(1, RETENTION.days + 1)
    call_command("tick")
    assert "Removed 1 episode from" in capsys.readouterr().out
