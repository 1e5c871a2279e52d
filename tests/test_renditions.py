"""Renditions follow their originals: at the desk, in imports, exports, erasing, frozen copies."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from desk.erasing.erase import erase
from desk.erasing.spellings import Spellings
from desk.tests.forms import form_data
from episodes.audio_files import remove_discarded
from episodes.models import Episode
from episodes.pictures import make_some_renditions
from episodes.tests.factories import episode, guest, show
from episodes.tests.test_pictures import fresh, png, renditions
from guests.models import Guest
from notes.apply import finish_edit
from show.models import Show
from transfer.tests.checkouts import checkout, import_site, interview

pytestmark = pytest.mark.django_db


def test_an_uploaded_photo_has_them_at_once(host, django_capture_on_commit_callbacks):
    row = guest("Ann Lee")
    url = reverse("admin:guests_guest_change", args=[row.pk])
    photo = SimpleUploadedFile("me.png", png().read())
    with django_capture_on_commit_callbacks(execute=True):
        assert host.post(url, form_data(host.get(url)) | {"avatar": photo}).status_code == 302
    assert list(fresh(row).picture_addresses) == [64, 96, 128]
    first = str(fresh(row).avatar)
    with django_capture_on_commit_callbacks(execute=True):
        photo = SimpleUploadedFile("me.png", png((70, 70)).read())
        host.post(url, form_data(host.get(url)) | {"avatar": photo})
    assert list(fresh(row).picture_addresses) == [64, 70]
    assert str(fresh(row).avatar) != first


def test_a_storage_without_an_answer_refuses_no_photo(
    host, django_capture_on_commit_callbacks, monkeypatch, caplog
):
    row = guest("Ann Lee")
    url = reverse("admin:guests_guest_change", args=[row.pk])
    form = form_data(host.get(url)) | {"avatar": SimpleUploadedFile("me.png", png().read())}
    monkeypatch.setattr("media.renditions.listing", away)
    with django_capture_on_commit_callbacks(execute=True):
        assert host.post(url, form).status_code == 302
    assert "no answer" in caplog.text
    assert fresh(row).picture_addresses == {}
    monkeypatch.undo()
    assert make_some_renditions() == "Made renditions for 1 row."


def away(folder: str) -> None:
    raise OSError("no answer")


def test_an_import_of_a_checkout_makes_them(tmp_path, django_capture_on_commit_callbacks):
    show()
    images = tmp_path / "_assets" / "images"
    (images / "guests").mkdir(parents=True)
    for name in ("guests/ann.png", "drawing.png"):
        (images / name).write_bytes(png().read())
    facts = 'guest: "Ann Lee"\nguest_avatar: "ann.png"\n'
    checkout(tmp_path, interview("Hi.\n\n{% image drawing.png %}\n", guest=facts))
    with django_capture_on_commit_callbacks(execute=True):
        import_site(tmp_path)
    row = Episode.objects.get()
    assert row.is_interview
    assert list(row.guests.get().picture_addresses) == [64, 96, 128]
    assert len(row.renditions) == 1
    assert any(name.startswith("renditions/pictures/") for name in renditions())
    before = renditions()
    with django_capture_on_commit_callbacks(execute=True):
        import_site(tmp_path)
    assert renditions() == before


def test_an_export_leaves_them_out_and_its_import_makes_them(
    tmp_path, settings, django_capture_on_commit_callbacks
):
    show()
    row = episode("One", 1, guests=["Ann Lee"])
    row.guests.get().avatar.save("ann.png", png())
    finish_edit(row, None, "desk")
    make_some_renditions()
    assert renditions()
    call_command("export_catalogue", str(tmp_path / "export"), stdout=io.StringIO())
    exported = [path for path in (tmp_path / "export").rglob("*") if path.is_file()]
    assert any(path.name == "ann.png" for path in exported)
    assert not any("renditions" in str(path) or b"widths" in path.read_bytes() for path in exported)
    Episode.objects.all().delete()
    Show.objects.update(host=None)  # a host can't be deleted
    Guest.objects.all().delete()
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    with django_capture_on_commit_callbacks(execute=True):
        call_command("import_jekyll", str(tmp_path / "export"), stdout=io.StringIO())
    assert list(Guest.objects.get(name="Ann Lee").picture_addresses) == [64, 96, 128]


def test_an_erased_guests_photo_goes_with_its_renditions():
    show()
    row = episode("One", 1, guests=["Ann Lee"])
    ann = row.guests.get()
    ann.avatar.save("ann.png", png())
    finish_edit(row, None, "desk")
    make_some_renditions()
    spellings = Spellings.of(["Ann Lee"])
    erase(ann.pk, spellings, "A Guest", "show.example", None)
    remove_discarded()
    ann.refresh_from_db()
    assert (ann.name, ann.avatar.name, ann.renditions) == ("A Guest", "", {})
    assert renditions() == set()


def test_a_frozen_copy_has_those_of_its_pages(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path / "static"
    call_command("collectstatic", interactive=False, verbosity=0)
    show()
    row = episode("One", 1, guests=["Ann Lee"])
    row.guests.get().avatar.save("ann.png", png())
    make_some_renditions()
    call_command("freeze", str(tmp_path / "copy"), stdout=io.StringIO())
    copied = {path.name for path in (tmp_path / "copy" / "site" / "media").rglob("*.webp")}
    assert copied == {"64.webp", "96.webp", "128.webp"}
