"""A crash between storing a file and committing leaves nothing that `tick` doesn't find."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from episodes.models import DiscardedFile, Episode, SocialCard
from episodes.tests import factories
from guests.models import Guest
from media.storages import listing
from notes.apply import finish_edit
from ops.models import Installation
from ops.owner import this_owner
from ops.storage import orphans
from pages.page_cards import draw_some_cards
from podcast.management.commands import tick
from show.models import Page, Show
from tests.production import MACHINE, REQUIRED, ROOT, database_url

DAY = timedelta(days=1)
KILLED = """
import os, signal, sys
import django; django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from episodes.models import Enclosure

def content():
    yield b"half"
    os.kill(os.getpid(), signal.SIGKILL)

with transaction.atomic():
    audio = Enclosure.objects.get()
    audio.file.save("a.mp3", ContentFile(b"audio"), save=False)
    audio.url = ""
    audio.save()
    if "early" in sys.argv:
        file = ContentFile(b"")
        file.chunks = content
        default_storage.save("guests/zoe.png", file)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def _without_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The social cards that `tick` draws are named, and would be counted among the files."""
    jobs = tuple(job for job in tick.JOBS if job is not draw_some_cards)
    monkeypatch.setattr(tick, "JOBS", jobs)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as now:
        yield now


def ticks(clock: time_machine.Traveller, days: int) -> None:
    for _ in range(days):
        clock.shift(DAY)
        call_command("tick")


def stored() -> set[str]:
    root = Path(default_storage.path(""))
    paths = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix() for path in paths} - {orphans.OWNER}


def store(name: str) -> str:
    return default_storage.save(name, ContentFile(b"bytes"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["early", "late"])
def test_a_crash_leaves_nothing(when: str, settings: Any):
    factories.show()
    factories.episode()
    env = MACHINE | REQUIRED | {
        "DJANGO_SETTINGS_MODULE": "podcast.settings",
        "DATABASE_URL": database_url(),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }  # fmt: skip
    ran = subprocess.run([sys.executable, "-c", KILLED, when], cwd=ROOT, env=env, check=False)
    assert ran.returncode == -signal.SIGKILL
    assert len(stored()) == 1 + (when == "early")
    assert len(list(listing())) == 1, "no backup copies what is unfinished"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ticks(clock, orphans.GRACE.days)
        assert len(stored()) == 1 + (when == "early")
        ticks(clock, 2)
    assert stored() == set()


def test_the_public_file_of_the_owner_tells_no_key(db):
    call_command("tick")
    assert this_owner().installation not in default_storage.open(orphans.OWNER).read().decode()


def test_whatever_is_named_stays(db, clock: time_machine.Traveller):
    names = {store(f"{folder}/a.png") for folder in ("show", "guests", "episodes", "cards")}
    recording, former, picture = (
        store("audio/1f/a.mp3"),
        store("episodes/b.png"),
        store("show/b.png"),
    )
    elsewhere = {store("pictures/a.png"), store("mine.txt")}
    factories.show()
    Show.objects.update(artwork="show/a.png")
    row = factories.episode(guests=["Phil Gyford"])
    Guest.objects.update(avatar="guests/a.png")
    row.image, row.enclosure.file, row.enclosure.url = former, recording, ""
    row.enclosure.save()
    row.save()
    finish_edit(row, None, "desk")  # the revision names the former image
    Episode.with_deleted.filter(pk=row.pk).update(image="episodes/a.png", deleted_at=timezone.now())
    SocialCard.objects.create(key="k", episode=row, file="cards/a.png")
    Page.objects.create(title="About", slug="about", body=f"![Us](/media/{picture})")
    ticks(clock, 12)
    assert stored() == names | elsewhere | {recording, former, picture}
    assert not DiscardedFile.objects.exists()


def test_a_file_that_is_named_after_all_stays(db, clock: time_machine.Traveller):
    factories.show()
    name = store("guests/zoe.png")
    ticks(clock, 1)
    assert DiscardedFile.objects.get().name == name
    Guest.objects.create(name="Zoë", slug="zoe", avatar=name)
    ticks(clock, 1)
    assert not DiscardedFile.objects.exists()
    ticks(clock, 10)
    assert stored() == {name}


def test_a_replaced_image_goes_after_the_days_of_grace(db, clock: time_machine.Traveller):
    factories.show()
    store("show/old.png")
    ticks(clock, orphans.GRACE.days)
    assert stored()
    ticks(clock, 2)
    assert not stored()


def test_one_sweep_a_day_of_bounded_work(db, clock: time_machine.Traveller, monkeypatch):
    monkeypatch.setattr(orphans, "MOST", 2)
    for number in range(5):
        store(f"cards/{number}.png")
    assert orphans.sweep() == "Nothing names 2 stored files: they are removed in 7 days."
    assert orphans.sweep() == ""
    for count in (4, 5):
        clock.shift(DAY)
        orphans.sweep()
        assert DiscardedFile.objects.count() == count
    clock.shift(-400 * DAY)
    orphans.sweep()
    assert Installation.objects.get().swept_at == timezone.now()


def test_a_copy_of_the_site_removes_none_of_its_files(
    db, clock: time_machine.Traveller, settings: Any, caplog
):
    ticks(clock, 1)
    store("guests/zoe.png")
    settings.SITE_URL = "https://staging.example.org"
    ticks(clock, 12)
    assert stored() == {"guests/zoe.png"}
    assert "and this is staging.example.org: files that nothing names stay" in caplog.text
