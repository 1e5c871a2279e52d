"""The host moves the square that pages show of a photo or of the show's artwork."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from desk.entities.kinds import KINDS
from desk.entities.merge import merge
from desk.tests.forms import form_data
from episodes.models import Episode
from episodes.social_cards import card_of
from episodes.tests import factories
from guests.models import Guest
from media.pictured import make_for
from media.renditions import remove_renditions
from media.storages import listing
from show.models import Show

RED, BLUE = (250, 10, 10), (10, 10, 250)
PHIL = "Phil Gyford"


def photo(name: str = "a.png") -> SimpleUploadedFile:
    """Red on the left, blue on the right."""
    image, file = Image.new("RGB", (900, 300), BLUE), BytesIO()
    image.paste(RED, (0, 0, 300, 300))
    image.save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


@pytest.fixture
def guest(db: None) -> Guest:
    factories.show()
    factories.episode(guests=[PHIL])
    row = Guest.objects.get(name=PHIL)
    row.avatar.save("a.png", ContentFile(photo().read()))
    make_for(Guest, row.pk)
    row.refresh_from_db()
    return row


def form_of(row: Any) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])


def save(host: Client, row: Any, **typed: Any) -> Any:
    url = form_of(row)
    response = host.post(url, form_data(host.get(url)) | typed)
    row.refresh_from_db()
    return response


def middle(address: str) -> Any:
    with default_storage.open(address.removeprefix("/media/")) as file, Image.open(file) as made:
        return made.getpixel((made.width // 2, made.height // 2))


def test_moving_it(
    host: Client, client: Client, guest: Guest, django_capture_on_commit_callbacks: Any
) -> None:
    """Pages and social cards have the other square at addresses of its own."""
    former = guest.picture_addresses[96]
    episode, show = Episode.objects.with_guests().get(), Show.objects.current()
    before = card_of(show, episode)
    assert middle(former)[2] > 200
    with django_capture_on_commit_callbacks(execute=True):
        assert save(host, guest, focal_x="10", focal_y="").status_code == 302
    guest.refresh_from_db()
    address = guest.picture_addresses[96]
    assert address != former
    assert address.endswith("/96-10-50.webp")
    assert middle(address)[0] > 200
    assert (
        f'src="{guest.picture_addresses[192]}"'
        in client.get(f"/guests/{guest.slug}").content.decode()
    )
    card = card_of(show, Episode.objects.with_guests().get())
    assert before and card and card.digest != before.digest
    assert card.pictures[0].endswith("-10-50.webp")
    assert default_storage.exists(card.pictures[0])


def test_what_is_shown_until_then_and_what_is_left(guest: Guest) -> None:
    """Pages that are still open show the former square; those before it are removed."""
    former = guest.picture_addresses
    for x in (10, 20, 30):
        Guest.objects.filter(pk=guest.pk).update(focal_x=x, focal_y=50)
        guest.refresh_from_db()
        assert guest.picture_addresses == former
        assert guest.lacks_renditions
        assert make_for(Guest, guest.pk)
        guest.refresh_from_db()
        former = guest.picture_addresses
    names = {file.name.rpartition("/")[2] for file in listing("renditions/")}
    assert names == {f"{width}-{x}-50.webp" for width in former for x in (20, 30)}
    assert not make_for(Guest, guest.pk)
    remove_renditions(str(guest.avatar))
    assert list(listing("renditions/")) == []


def test_what_cant_be_read_is_tried_once(guest: Guest) -> None:
    default_storage.delete(str(guest.avatar))
    Guest.objects.filter(pk=guest.pk).update(focal_x=10)
    assert make_for(Guest, guest.pk)
    assert not make_for(Guest, guest.pk)
    guest.refresh_from_db()
    assert guest.picture_addresses == {}
    assert not guest.lacks_renditions


def test_another_photo_has_the_proposed_square(host: Client, guest: Guest) -> None:
    save(host, guest, focal_x="10", focal_y="20")
    assert guest.focal_point == (10, 20)
    save(host, guest, avatar=photo("b.png"))
    assert Guest.objects.get(pk=guest.pk).focal_point is None
    save(host, guest, avatar=photo("c.png"), focal_x="70", focal_y="30")
    assert guest.focal_point == (70, 30)


@pytest.mark.parametrize("typed", ["101", "-1", "left", "1e9"])
def test_what_is_no_percentage(host: Client, guest: Guest, typed: str) -> None:
    response = save(host, guest, focal_x=typed)
    assert "focal_x" in response.context["adminform"].form.errors
    assert guest.focal_x is None


def test_the_shows_artwork(host: Client, guest: Guest) -> None:
    """One from before that isn't square: the form refuses a new one."""
    show = Show.objects.get()
    show.artwork.save("a.png", ContentFile(photo().read()))
    assert save(host, show, focal_x="0", focal_y="0").status_code == 302
    make_for(Show, show.pk)
    show.refresh_from_db()
    assert show.picture_addresses[128].endswith("/128-0-0.webp")


def test_merging_takes_the_square_with_its_photo(guest: Guest) -> None:
    Guest.objects.filter(pk=guest.pk).update(focal_x=10, focal_y=20)
    other, with_photo = factories.guest("Phil Giford"), factories.guest("Ann Lee")
    with_photo.avatar.save("b.png", ContentFile(photo().read()))
    third = factories.guest("Philip")
    third.avatar.save("c.png", ContentFile(photo().read()))
    Guest.objects.filter(pk=third.pk).update(focal_x=1, focal_y=2)
    merge(KINDS["guest"], third.pk, with_photo.pk, None)
    with_photo.refresh_from_db()
    assert with_photo.focal_point is None
    merge(KINDS["guest"], guest.pk, other.pk, None)
    other.refresh_from_db()
    assert other.focal_point == (10, 20)


def test_a_small_photo_is_said_after_the_save_and_the_list_tells_what_is_missing(
    host: Client,
) -> None:
    factories.show()
    guest = factories.guest("Phil Gyford")
    url = f"/admin/guests/guest/{guest.pk}/change/"
    listed = host.get("/admin/guests/guest/?lacks=any").text
    assert ">Photo, link</td>" in listed
    saved = host.post(url, form_data(host.get(url)) | {"avatar": photo()}, follow=True)
    assert "The photo of Phil Gyford is saved, but has 900 × 300 pixels" in saved.text
    assert ">Link</td>" in host.get("/admin/guests/guest/?lacks=any").text
    again = host.post(url, form_data(host.get(url)) | {"github": "philgyford"}, follow=True)
    assert "is saved, but has" not in again.text
    assert (
        "Phil Gyford"
        not in host.get("/admin/guests/guest/?lacks=any").text.partition('id="result_list"')[2]
    )
