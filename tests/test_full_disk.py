"""A disk that fills up during a write has its room back at once, and earlier files are intact."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from desk.tests.forms import form_data
from desk.tests.uploads import draft, episode, upload
from desk.tests.uploads import text_of as desk_text
from episodes.models import Enclosure, Episode
from episodes.tests import factories
from media.storages import restore_file
from media.tests.recordings import mp3
from media.tests.test_uploads import picture
from tests.small_disk import MEGABYTE, EndlessFile, files_of, free, small_disk
from transfer.tests.checkouts import run as run_command

__all__ = ["draft", "episode"]  # fixtures

SMALL, LARGE = mp3(30), mp3(240)  # 0.2 and 1.9 MB


@pytest.fixture
def disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The storage of uploads, with room for a megabyte."""
    with small_disk(tmp_path / "disk") as folder:
        settings.MEDIA_ROOT = folder
        yield folder


def test_a_file_that_does_not_fit_leaves_nothing(disk: Path):
    name = default_storage.save("guests/zoe.png", ContentFile(b"first"))
    room = free(disk)
    for content in (ContentFile(bytes(2 * MEGABYTE)), uploaded(bytes(2 * MEGABYTE))):
        with pytest.raises(OSError, match="No space left"):
            default_storage.save(name, content)
        assert files_of(disk) == [name]
        assert free(disk) >= room - 4096  # a folder
    assert default_storage.open(name).read() == b"first"


def uploaded(content: bytes) -> TemporaryUploadedFile:
    """An upload that Django has written to its own folder."""
    file = TemporaryUploadedFile("zoe.png", "image/png", len(content), None)
    file.write(content)
    file.seek(0)
    return file


def test_any_failure_leaves_nothing():
    name = default_storage.save("guests/zoe.png", ContentFile(b"first"))
    with pytest.raises(OSError) as raised:
        default_storage.save(name, EndlessFile(b""))
    assert raised.value.errno == errno.ENOSPC
    assert files_of(Path(default_storage.path(""))) == [name]


def test_a_name_that_is_taken_gets_another():
    names = [default_storage.save("guests/zoe.png", ContentFile(text)) for text in (b"1", b"2")]
    assert len(set(names)) == 2
    assert [default_storage.open(name).read() for name in names] == [b"1", b"2"]


def test_a_restored_file_is_complete_or_not_there(disk: Path, tmp_path: Path):
    source = tmp_path / "source"
    source.write_bytes(bytes(2 * MEGABYTE))
    with pytest.raises(OSError, match="No space left"):
        restore_file("audio/1f/one.mp3", source)
    assert files_of(disk) == []


def test_an_upload(host: Client, draft: Episode, disk: Path):
    shown = upload(host, draft, LARGE)
    assert "could not be stored" in desk_text(shown)
    assert files_of(disk) == []
    assert "The recording was added." in desk_text(upload(host, draft, SMALL))


def test_an_upload_that_replaces_a_recording(host: Client, draft: Episode, disk: Path):
    upload(host, draft, SMALL)
    before = str(Enclosure.objects.get().file)
    shown = upload(host, draft, LARGE)
    assert "could not be stored" in desk_text(shown)
    assert files_of(disk) == [before]
    assert Enclosure.objects.get().file.read() == SMALL


def test_chapters_written_on_publication(host: Client, draft: Episode, disk: Path):
    upload(host, draft, mp3(93))
    (before,) = files_of(disk)
    url = reverse("admin:episodes_episode_change", args=[draft.pk])
    now = {"status": "published", "published_at_0": "2024-05-01", "published_at_1": "10:00"}
    host.post(url, form_data(host.get(url)) | now)
    assert Episode.objects.get().status == "draft"
    assert files_of(disk) == [before]


def test_an_image(host: Client, draft: Episode, disk: Path):
    default_storage.save("fill", ContentFile(bytes(MEGABYTE)))
    guest = factories.guest("Zoë")
    url = reverse("admin:guests_guest_change", args=[guest.pk])
    image = SimpleUploadedFile("zoe.png", picture("PNG"))
    shown = host.post(url, form_data(host.get(url)) | {"avatar": image}, follow=True)
    assert "could not be stored" in desk_text(shown)
    assert files_of(disk) == ["fill"]


def test_imported_recordings(draft: Episode, disk: Path, tmp_path: Path):
    audio = factories.episode("Another", 8, seconds=240).enclosure
    folder = tmp_path / "audio"
    folder.mkdir()
    (folder / audio.name).write_bytes(LARGE)
    Enclosure.objects.update(bytes=len(LARGE))
    assert "Could not be stored: No space left" in run_command("import_audio", str(folder))
    assert files_of(disk) == []


@pytest.mark.parametrize("command", ["export_catalogue", "freeze"])
def test_copies_of_the_site(episode: Episode, tmp_path: Path, command: str):
    Episode.objects.update(introduction="More than fits. " * 100_000)
    with small_disk(tmp_path / "disk") as disk:
        with pytest.raises((CommandError, OSError)):
            call_command(command, str(disk / "copy"))
        assert list(disk.iterdir()) == []
