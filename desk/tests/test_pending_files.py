"""A chosen file survives an error elsewhere in its form."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from desk.tests.forms import form_data
from desk.tests.test_images import form
from episodes.audio_files import remove_discarded
from episodes.models import DiscardedFile, Episode
from episodes.tests import factories
from guests.models import Guest
from media.tests.recordings import mp3
from media.tests.test_exif import NAME, image_with_metadata
from media.tests.test_uploads import picture

__all__ = ["form"]  # the fixture

WRONG = {"episode": "slug", "show": "website", "guest": "website"}


def post(host: Client, url: str, shown: Any, **typed: Any) -> Any:
    return host.post(url, form_data(shown) | typed)


def waiting() -> list[str]:
    root = Path(default_storage.path(""))
    return [str(path.relative_to(root)) for path in root.glob("uploads/**/*") if path.is_file()]


def refused(host: Client, url: str, wrong: str, **files: Any) -> Any:
    """The form's answer to a file and, in another field, a mistake."""
    response = post(host, url, host.get(url), **{wrong: "no such thing!"}, **files)
    assert response.status_code == 200
    return response


def photo(name: str = "my photo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture("PNG", (1400, 1400)), "image/png")


def test_an_image(host: Client, form: tuple[str, str, Any]) -> None:
    url, field, row = form
    wrong = WRONG[row._meta.model_name]
    response = refused(host, url, wrong, **{field: photo()})
    size = re.search(
        r"“my photo\.png”, [\d.]+.(KB|bytes), will be saved", response.content.decode()
    )
    assert size
    token = form_data(response)[f"{field}-pending"]
    again = post(host, url, response)  # the mistake is still there: so is the file
    assert form_data(again)[f"{field}-pending"] == token
    assert len(waiting()) == 1
    assert post(host, url, again, **{wrong: form_data(host.get(url))[wrong]}).status_code == 302
    row.refresh_from_db()
    stored = getattr(row, field)
    assert re.search(r"/my_photo[^/]*\.png$", stored.name)
    assert stored.read() == picture("PNG", (1400, 1400))
    stored.close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "stored"), [({"avatar-drop": "on"}, ""), ({"avatar": photo("b.png")}, "b.png")]
)
def test_it_can_be_left_out_or_replaced(host: Client, typed: dict[str, Any], stored: str) -> None:
    url, guest = guest_form()
    response = refused(host, url, "website", avatar=photo())
    assert post(host, url, response, website="", **typed).status_code == 302
    guest.refresh_from_db()
    assert Path(str(guest.avatar)).name == stored


def guest_form() -> tuple[str, Guest]:
    factories.show()
    guest = factories.guest("Phil Gyford")
    return reverse("admin:guests_guest_change", args=[guest.pk]), guest


@pytest.mark.django_db
def test_the_cards_of_an_episodes_guests(host: Client) -> None:
    factories.show()
    episode = factories.episode(guests=["Phil Gyford"])
    guest = episode.guests.get()
    url = reverse("desk_guests", args=[episode.pk])
    fields = f"guest-{guest.pk}"
    response = refused(host, url, f"{fields}-website", **{f"{fields}-avatar": photo()})
    assert "“my photo.png”" in response.content.decode()
    assert post(host, url, response, **{f"{fields}-website": ""}).status_code == 302
    guest.refresh_from_db()
    assert Path(str(guest.avatar)).name == "my_photo.png"


@pytest.mark.django_db
def test_a_refused_file_does_not_wait(host: Client) -> None:
    url, _ = guest_form()
    response = refused(host, url, "website", avatar=SimpleUploadedFile("a.png", b"no picture"))
    assert "will be saved" not in response.content.decode()
    assert waiting() == []


@pytest.mark.django_db
def test_what_waits_says_nothing_of_where_it_was_taken(host: Client) -> None:
    url, _ = guest_form()
    tagged = SimpleUploadedFile("a.jpg", image_with_metadata("JPEG", turn=6))
    refused(host, url, "website", avatar=tagged)
    with default_storage.open(waiting()[0]) as stored:
        assert NAME.encode() not in stored.read()


@pytest.mark.django_db
def test_tick_removes_it_after_a_day_and_the_form_asks_for_it_again(host: Client) -> None:
    url, guest = guest_form()
    response = refused(host, url, "website", avatar=photo())
    assert remove_discarded() == ""
    with time_machine.travel(timezone.now() + timedelta(hours=26)):
        assert remove_discarded() == "Deleted 1 unused file."
        assert (waiting(), DiscardedFile.objects.count()) == ([], 0)
    again = post(host, url, response)
    assert "no longer here: choose it again" in again.content.decode()
    assert post(host, url, again, website="").status_code == 302
    guest.refresh_from_db()
    assert not guest.avatar


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "x", "guests/secret.png", "é:1:2"])
def test_other_tokens_open_nothing(host: Client, token: str) -> None:
    url, guest = guest_form()
    typed = form_data(host.get(url)) | {"avatar-pending": token}
    assert host.post(url, typed).status_code == 302
    guest.refresh_from_db()
    assert not guest.avatar


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["\0.png", "(((.png", "a" * 90 + ".png", "..png", "é💥.png"])
def test_odd_names(host: Client, name: str) -> None:
    url, _ = guest_form()
    assert refused(host, url, "website", avatar=photo(name)).status_code == 200


@pytest.mark.django_db
def test_a_full_disk_is_said_at_the_field(host: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> str:
        raise OSError("No space left on device")

    url, _ = guest_form()
    monkeypatch.setattr(default_storage, "save", fail)
    response = refused(host, url, "website", avatar=photo())
    assert "choose it again" in response.content.decode()
    assert form_data(response)["website"] == "no such thing!"


@pytest.mark.django_db
def test_the_first_recording_of_an_episodes_form(host: Client) -> None:
    factories.show()
    episode = factories.episode(seconds=None, topics=[(0, "Hello")])
    url = reverse("admin:episodes_episode_change", args=[episode.pk])
    recording = SimpleUploadedFile("take 1.mp3", mp3(20), "audio/mpeg")
    rows = {"enclosure-TOTAL_FORMS": "1", "enclosure-0-file": recording,
            "enclosure-0-type": "audio/mpeg", "enclosure-0-episode": str(episode.pk)}  # fmt: skip
    response = refused(host, url, "slug", **rows)
    assert "“take 1.mp3”" in response.content.decode()
    assert post(host, url, response, slug=episode.slug).status_code == 302
    enclosure = Episode.objects.get().enclosure
    assert enclosure.seconds == 20
    assert enclosure.file.read().endswith(mp3(20)[-1000:])  # after its chapters
    enclosure.file.close()
