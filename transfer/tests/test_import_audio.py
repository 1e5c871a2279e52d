"""The old recordings, stored under the addresses that apps know."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from episodes.models import Enclosure, Episode
from transfer.tests.checkouts import run as run_command
from transfer.tests.feeds import feed, item, run

pytestmark = pytest.mark.django_db
FIRST, SECOND = b"1" * 1000, b"2" * 2000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run(feed(item(1), item(2)))
    folder = tmp_path / "audio"
    (folder / "2020").mkdir(parents=True)
    (folder / "1.mp3").write_bytes(FIRST)
    (folder / "2020" / "2.mp3").write_bytes(SECOND)
    return folder


def audio(number: int) -> Enclosure:
    return Enclosure.objects.get(episode__guid=f"guid-{number}")


def import_audio(folder: Path, **options: object) -> str:
    return run_command("import_audio", str(folder), **options)


def test_files_are_stored_under_keys_nobody_guesses(client: Client, folder: Path):
    assert "2 items: 0 new, 2 changed" in import_audio(folder)
    stored = audio(2)
    name = str(stored.file.name)
    assert name.startswith("audio/")
    assert len(name.split("/")[1]) == 32
    with default_storage.open(name) as file:
        assert file.read() == SECOND
    assert client.get("/audio/2.mp3")["Location"] == stored.file.url
    assert stored.imported_url == "https://show.example/audio/2.mp3"
    assert b'url="https://show.example/audio/2.mp3"' in client.get("/podcast/feed.xml").getvalue()


def test_again_nothing_changes_and_an_interruption_is_gone_on_from(folder: Path):
    (folder / "2020" / "2.mp3").rename(folder / "waiting")
    out = import_audio(folder)
    assert "1 changed" in out and "No file of this name was found" in out
    key = audio(1).file.name
    (folder / "waiting").rename(folder / "2.mp3")
    assert "1 changed, 1 unchanged" in import_audio(folder)
    assert "2 unchanged" in import_audio(folder)
    assert audio(1).file.name == key


def test_a_file_of_another_size_is_refused(folder: Path):
    (folder / "1.mp3").write_bytes(FIRST[1:])
    out = import_audio(folder)
    assert "1.mp3: error: Has 999 bytes, but the episode's audio 1,000; left out." in out
    assert out.endswith("exit 1")
    assert not audio(1).file


def test_a_size_nobody_stated_is_filled_in(folder: Path):
    Enclosure.objects.update(bytes=None)
    import_audio(folder)
    assert audio(1).bytes == 1000
    assert set(Episode.objects.values_list("edit_number", flat=True)) == {2}  # finish_edit's


def test_a_file_of_no_episode_and_one_of_two_are_named(folder: Path):
    (folder / "cover.png").write_bytes(b"x")
    Enclosure.objects.update(imported_url="https://show.example/1.mp3")
    out = import_audio(folder)
    assert "No episode has a recording of this name; left out. [name: cover.png]" in out
    assert "2 episodes have a recording of this name; left out. [name: 1.mp3]" in out


def test_a_wrong_folder_is_an_error(folder: Path, tmp_path: Path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "holiday.jpg").write_bytes(b"1")
    out = import_audio(tmp_path / "other")
    assert "None of this folder's 1 files is the recording of an episode." in out
    assert out.endswith("exit 1")


def test_a_dry_run_stores_nothing(folder: Path):
    assert "2 changed" in import_audio(folder, dry_run=True)
    assert not audio(1).file
    assert not Path(default_storage.path("audio")).exists()


def test_a_storage_that_refuses_fails_that_file_alone(folder: Path, monkeypatch):
    save = default_storage.save

    def refusing(name, content, max_length=None):
        if name.endswith("1.mp3"):
            raise OSError("The bucket is full")
        return save(name, content, max_length)

    monkeypatch.setattr(default_storage, "save", refusing)
    out = import_audio(folder)
    assert "Could not be stored: The bucket is full." in out
    assert (bool(audio(1).file), bool(audio(2).file)) == (False, True)


def test_links_out_of_the_folder_are_not_followed(folder: Path, tmp_path: Path):
    (folder / "1.mp3").rename(tmp_path / "1.mp3")
    (folder / "1.mp3").symlink_to(tmp_path / "1.mp3")
    import_audio(folder)
    assert not audio(1).file
    assert Episode.objects.count() == 2
