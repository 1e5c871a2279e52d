"""Nights on which the clock is wrong: what a jump must not remove, and who says so."""

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

from desk.start.system_status import system_status
from episodes.audio_files import store_pending_upload
from episodes.models import Episode
from episodes.tests import factories
from ops.doctor import backups, database
from ops.models import BackupRecord, LogRead
from ops.tests.installations import command
from ops.tests.sites import Site, names, refusal

AHEAD = timedelta(days=400)
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as now:
        yield now


def ticks(clock: time_machine.Traveller, days: float) -> None:
    for _ in range(int(days * 4)):
        clock.shift(DAY / 4)
        call_command("tick")


@pytest.mark.slow
def test_a_backup_on_a_day_ahead_removes_none(site: Site, clock: time_machine.Traveller) -> None:
    for _ in range(7):
        clock.shift(DAY)
        command("backup")
    before = names()
    clock.shift(AHEAD)
    said = command("backup", check=True)
    assert "The clock jumped from " in said and "removed, as it is old" not in said
    ahead, *others = names()
    assert others == before

    clock.shift(DAY - AHEAD)  # right again
    for options in ({}, {"check": True}):
        said = refusal("backup", **options)
        assert f"Dated in the future, and so not counted, nor ever removed: {ahead}." in said
    assert set(names()) > {ahead, *before}
    assert names()[1] > before[0]  # named by today
    problems = [found.text for found in backups.backups() if found.remedy]
    assert problems == [f"dated in the future, and so not counted: {ahead}"]
    assert f"{ahead} is dated in the future" in system_status()[0].text
    assert ahead in command("restore", check=True)
    assert command("restore", list=True).splitlines()[0].endswith("dated in the future")


def test_doctor_counts_the_age_from_what_is_believable(db, clock: time_machine.Traveller):
    now = timezone.now()
    for at in (now - 3 * DAY, now + AHEAD):
        BackupRecord.objects.create(name=f"{at:%Y%m%d}", made_at=at, checked_at=at)
    old, future = backups.backups()
    assert "3\xa0days" in old.text and old.remedy
    assert "dated in the future" in future.text
    assert BackupRecord.objects.last_verified_at() == now - 3 * DAY


@pytest.fixture
def binned(db) -> Episode:
    factories.show()
    row = factories.episode()
    Episode.with_deleted.filter(pk=row.pk).update(deleted_at=timezone.now())
    return row


@pytest.mark.slow
@pytest.mark.parametrize("back", [False, True])
def test_a_jump_does_not_empty_the_bin(
    binned: Episode, clock: time_machine.Traveller, back: bool, capsys
):
    ticks(clock, 0.5)
    clock.shift(AHEAD)
    call_command("tick")
    assert "The clock jumped from" in capsys.readouterr().out
    assert any("Nothing is removed by its age" in found.text for found in database.jumps())
    if back:
        clock.shift(-AHEAD)
    ticks(clock, 27)
    assert Episode.with_deleted.filter(pk=binned.pk).exists()
    assert not list(database.jumps())
    ticks(clock, 6)
    assert not Episode.with_deleted.filter(pk=binned.pk).exists()


def test_a_jump_does_not_remove_an_upload(db, clock: time_machine.Traveller):
    call_command("tick")
    name = store_pending_upload(ContentFile(b"audio"), "a.mp3")
    clock.shift(AHEAD)
    ticks(clock, 0.75)
    assert default_storage.exists(name)
    ticks(clock, 2)
    assert not default_storage.exists(name)


def test_a_jump_does_not_forget_how_far_a_log_was_read(
    db, clock: time_machine.Traveller, tmp_path: Path, settings: Any
):
    factories.show()
    log = tmp_path / "access.log"
    log.write_text("a line that is no request\n")
    settings.DOWNLOADS_LOG = str(log)
    call_command("tick")
    row = LogRead.objects.get()
    clock.shift(AHEAD + DAY)
    call_command("tick")
    assert LogRead.objects.get().pk == row.pk
