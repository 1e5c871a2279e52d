"""Renditions follow their originals: made when one is stored, removed when it is."""

import io
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from episodes.audio_files import remove_discarded
from episodes.bin import RETENTION, empty_bin
from episodes.models import Episode
from episodes.pictures import MOST, make_some_renditions
from episodes.tests.factories import episode, guest, show
from guests.models import Guest
from media.pictured import make_for
from media.storages import AtomicWrites, listing
from notes.apply import finish_edit
from notes.rendering import rerender
from show.models import Show

pytestmark = pytest.mark.django_db


def png(size: tuple[int, int] = (128, 128)) -> ContentFile:
    content = io.BytesIO()
    Image.new("RGB", size).save(content, "PNG")
    return ContentFile(content.getvalue())


def renditions() -> set[str]:
    return {file.name for file in listing("renditions/")}


def fresh(row: Any) -> Any:
    return type(row)._base_manager.get(pk=row.pk)


@pytest.mark.parametrize("kind", ["guest", "episode", "show"])
def test_they_are_made_after_the_commit(kind: str, django_capture_on_commit_callbacks):
    rows = {"guest": guest("Ann Lee"), "episode": episode("One"), "show": show()}
    row = rows[kind]
    with django_capture_on_commit_callbacks(execute=True):
        row.picture.save("a.png", png())
        assert renditions() == set()
    name = str(row.picture)
    assert f"renditions/{name}/128.webp" in renditions()
    assert fresh(row).picture_addresses[128] == f"/media/renditions/{name}/128.webp"
    with django_capture_on_commit_callbacks() as callbacks:
        fresh(row).save()
    assert callbacks == []


def test_a_rollback_makes_none(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        guest("Ann Lee").delete()
    assert renditions() == set()


def test_another_picture_is_shown_itself_until_its_own_are_made():
    row = guest("Ann Lee")
    row.avatar.save("a.png", png())
    make_for(Guest, row.pk)
    Guest.objects.update(avatar=default_storage.save("guests/b.png", png()))
    row = fresh(row)
    assert row.picture_addresses == {}
    assert make_some_renditions() == "Made renditions for 1 row."
    assert fresh(row).picture_addresses == {
        64: "/media/renditions/guests/b.png/64.webp",
        96: "/media/renditions/guests/b.png/96.webp",
        128: "/media/renditions/guests/b.png/128.webp",
    }
    assert len(fresh(row).renditions) == 1


def test_tick_makes_what_is_missing_of_all_kinds_and_then_nothing():
    host, row = show(), guest("Ann Lee")
    binned = episode("Gone", 1, deleted_at=timezone.now())
    for each in (host, row, binned):
        each.picture.save("a.png", png())
    assert make_some_renditions() == "Made renditions for 3 rows."
    assert len(renditions()) == 3 + 1 + 1
    assert make_some_renditions() == ""


def test_tick_makes_some_in_each_minute():
    for number in range(MOST + 1):
        guest(f"Guest {number}").avatar.save("a.png", png((8, 8)))
    assert make_some_renditions() == f"Made renditions for {MOST} rows."
    assert make_some_renditions() == "Made renditions for 1 row."


def test_what_cant_be_read_is_tried_once_by_tick_and_again_by_the_command(capsys, caplog):
    row = guest("Ann Lee", avatar="guests/lost.png")
    assert make_some_renditions()
    assert make_some_renditions() == ""
    assert "the storage has lost it" in caplog.text
    default_storage.save("guests/lost.png", png())
    call_command("make_renditions")
    assert capsys.readouterr().out == "guest: Ann Lee\n1 made\n"
    assert 128 in fresh(row).picture_addresses
    call_command("make_renditions")
    assert capsys.readouterr().out == "0 made\n"


def interview(picture: str, **fields: Any) -> Episode:
    text = f"Before.\n\n![A drawing](/media/{picture})\n\n![x](https://example.org/media/a.png)"
    row = episode("On paper", 1, kind="interview", seconds=None, introduction=text, **fields)
    rerender(row)
    return fresh(row)


def test_an_interviews_pictures_have_theirs_in_its_page(client):
    show()
    name = default_storage.save("pictures/deep/a drawing.png", png((1000, 500)))
    row = interview("pictures/deep/a%20drawing.png")
    finish_edit(row, None, "desk")
    assert make_some_renditions()
    below = "/media/renditions/pictures/deep/a%20drawing.png"
    text = client.get(row.get_absolute_url()).content.decode()
    assert (
        f'<img src="/media/pictures/deep/a%20drawing.png" srcset="{below}/480.webp 480w, '
        f'{below}/960.webp 960w, {below}/1000.webp 1000w" '
        'sizes="(min-width: 46rem) 44rem, calc(100vw - 2rem)" width="1000" height="500" '
        'loading="lazy" alt="A drawing">'
    ) in text
    assert '<img src="https://example.org/media/a.png" alt="x">' in text
    assert default_storage.exists(name)
    feed = b"".join(client.get("/interviews/feed.xml"))
    assert b"drawing.png" in feed
    assert b"srcset" not in feed


@pytest.mark.parametrize("name", ["pictures/../secret.png", "show/a.png", "pictures/none.png"])
def test_a_text_that_names_what_is_no_picture_stays_as_it_is(client, name: str):
    show()
    row = interview(name)
    make_some_renditions()
    assert make_some_renditions() == ""
    assert "srcset" not in client.get(row.get_absolute_url()).content.decode()


def test_a_removed_picture_takes_its_renditions_along():
    show()
    row = episode("One", 1)
    row.image.save("a.png", png())
    make_for(Episode, row.pk)
    Episode.objects.update(deleted_at=timezone.now() - RETENTION * 2)
    with time_machine.travel(timezone.now() + RETENTION):
        empty_bin()
    remove_discarded()
    assert renditions() == set()


def test_the_sweep_treats_them_as_their_original():
    show()
    Show.objects.update(artwork=default_storage.save("show/now.png", png()))
    default_storage.save("show/replaced.png", png())
    default_storage.save("renditions/show/replaced.png/64.webp", ContentFile(b"webp"))
    default_storage.save("renditions/show/lost.png/64.webp", ContentFile(b"webp"))
    default_storage.save("renditions/pictures/a.png/64.webp", ContentFile(b"webp"))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for day in range(12):
            call_command("tick")
            if day == 5:
                assert "renditions/show/replaced.png/64.webp" in renditions()
            clock.shift(86_400)
    assert renditions() == {
        "renditions/show/now.png/128.webp", "renditions/pictures/a.png/64.webp",
    }  # fmt: skip
    assert not default_storage.exists("show/replaced.png")


def test_no_page_asks_the_storage(client, monkeypatch):
    show()
    row = episode("One", 1, guests=["Ann Lee"])
    row.guests.get().avatar.save("a.png", png())
    row.image.save("b.png", png())
    make_some_renditions()
    for method in ("open", "exists", "size", "listdir", "get_modified_time"):
        monkeypatch.setattr(AtomicWrites, method, None)
    for path in ("/", "/podcast/", row.get_absolute_url(), "/guests/", "/guests/ann-lee"):
        assert client.get(path).status_code == 200
    text = client.get("/guests/").content.decode()
    assert f'src="/media/renditions/{row.guests.get().avatar}/96.webp"' in text
    assert 'sizes="48px" width="48" height="48" alt="" loading="lazy"' in text


def test_a_large_portrait_is_served_small(client):
    show()
    row = episode("One", 1, guests=["Ann Lee"]).guests.get()
    noise = io.BytesIO()
    Image.effect_noise((2000, 3000), 90).convert("RGB").save(noise, "JPEG", quality=95)
    row.avatar.save("a.jpg", ContentFile(noise.getvalue()))
    make_some_renditions()
    row = fresh(row)
    sizes = {
        width: Path(default_storage.path(f"renditions/{row.avatar}/{width}.webp")).stat().st_size
        for width in row.picture_addresses
    }
    assert list(sizes) == [64, 96, 128, 192, 384, 640]
    assert sizes[128] < 12_000 < len(noise.getvalue()) / 100
    assert row.avatar.read() == noise.getvalue()
