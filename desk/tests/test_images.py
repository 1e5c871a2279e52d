"""Images uploaded at the desk: of an episode, of the show, of a guest."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from desk.tests.forms import form_data
from episodes.models import Episode
from episodes.tests import factories
from guests.models import Guest
from media.tests.test_exif import NAME, image_with_metadata
from media.tests.test_uploads import bomb, picture
from show.models import Show

REFUSED = [
    (bomb(60_000, 60_000), "a.png", "million pixels"),
    (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "a.svg",
        "upload a JPEG",
    ),
    (b"<script>alert(1)</script>", "<script>.png", "upload a JPEG"),
    (picture("TIFF"), "a.png", "upload a JPEG"),
    (picture("GIF"), "a.png", "GIF file"),
    (picture("PNG") + bytes(11 * 1024 * 1024), "a.png", "larger than 10 MB"),
    (picture("PNG")[:40], "a.png", "upload a JPEG"),
]


@pytest.fixture(params=["episode", "show", "guest"])
def form(request: pytest.FixtureRequest, db) -> tuple[str, str, Any]:
    """The address of a form, its image field, and its row."""
    show, episode = factories.show(), factories.episode(guests=["Phil Gyford"])
    row, field = {
        "episode": (episode, "image"),
        "show": (show, "artwork"),
        "guest": (Guest.objects.get(name="Phil Gyford"), "avatar"),
    }[request.param]
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk]), field, row


def upload(host: Client, form: tuple[str, str, Any], content: bytes, name: str) -> Any:
    url, field, _ = form
    data = form_data(host.get(url)) | {field: SimpleUploadedFile(name, content)}
    return host.post(url, data)


def test_stored(host: Client, form: tuple[str, str, Any]):
    response = upload(host, form, picture("JPEG", (1400, 1400)), "a.jpg")
    assert response.status_code == 302
    row: Episode | Show | Guest = form[2]
    row.refresh_from_db()
    with default_storage.open(getattr(row, form[1]).name) as stored:
        assert stored.read() == picture("JPEG", (1400, 1400))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_metadata_is_not_stored(host: Client, form: tuple[str, str, Any], kind: str):
    tagged = image_with_metadata(kind, turn=6, size=(1400, 1400))
    assert NAME.encode() in tagged
    response = upload(host, form, tagged, f"a.{kind.lower()}")
    assert response.status_code == 302
    form[2].refresh_from_db()
    with default_storage.open(getattr(form[2], form[1]).name) as stored:
        content = stored.read()
    assert NAME.encode() not in content
    with Image.open(BytesIO(content)) as shown:
        assert dict(shown.getexif()) == {0x0112: 6}  # how it is turned, no more


@pytest.mark.parametrize(("content", "name", "reason"), REFUSED)
def test_refused(host: Client, form: tuple[str, str, Any], content: bytes, name: str, reason: str):
    response = upload(host, form, content, name)
    assert response.status_code == 200
    assert reason in response.content.decode()
    assert b"<script>alert" not in response.content
    form[2].refresh_from_db()
    assert not getattr(form[2], form[1])


def test_nobody_guesses_where_images_of_drafts_are(db: None):
    row = factories.episode("Draft", 9, guests=["Zelda Hidden"], status="draft")
    guest = row.guests.get()
    guest.avatar.save("zelda.png", ContentFile(picture()))
    row.image.save("zelda.png", ContentFile(picture()))
    assert re.fullmatch(r"guests/[0-9a-f]{32}/zelda\.png", str(guest.avatar.name))
    assert re.fullmatch(r"episodes/[0-9a-f]{32}/zelda\.png", str(row.image.name))


@pytest.mark.django_db
@pytest.mark.parametrize("size", [(200, 200), (1600, 900), (3001, 3001)])
def test_artwork_that_apple_refuses_is_refused(host: Client, size: tuple[int, int]):
    row = factories.show()
    url = reverse("admin:show_show_change", args=[row.pk])
    response = upload(host, (url, "artwork", row), picture("PNG", size), "cover.png")
    width, height = size
    assert f"This picture has {width:,} × {height:,} pixels." in response.content.decode()
    row.refresh_from_db()
    assert not row.artwork
