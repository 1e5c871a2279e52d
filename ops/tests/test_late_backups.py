"""Hourly backups that stop are noticed after hours, not after two days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ops.backups.postgres import exclusive
from ops.doctor import backups, checks
from ops.models import BackupRecord, JobRun

pytestmark = pytest.mark.django_db


def backups_made(*, hours_ago: int, every: int = 1) -> None:
    """All of two days, the newest of them so many hours ago, as after `backup`."""
    newest = timezone.now() - timedelta(hours=hours_ago)
    for hours in range(0, 48, every):
        made_at = newest - timedelta(hours=hours)
        BackupRecord.objects.create(name=f"{made_at}", made_at=made_at)
    JobRun.objects.create(name="hourly_backup", ended_at=newest, succeeded_at=newest)


def said() -> list[str]:
    return [each.text for each in backups.hourly() if each.remedy]


def test_hourly_backups_that_stopped():
    backups_made(hours_ago=5)
    (found,) = backups.hourly()
    assert found.text == "there was one every hour, and none for 5\xa0hours"
    assert "podcast-hourly.timer" in found.remedy
    assert "docker compose up --detach nightly" in found.remedy
    assert found in checks.watched()
    assert found in checks.diagnose()
    BackupRecord.objects.create(name="newest", made_at=timezone.now())
    assert said() == []


def test_hourly_backups_that_stopped_although_a_nightly_one_goes_on():
    backups_made(hours_ago=12)
    BackupRecord.objects.create(name="nightly", made_at=timezone.now() - timedelta(hours=5))
    assert len(said()) == 1


def test_a_pause_of_a_few_hours_is_none():
    backups_made(hours_ago=3)
    assert said() == []


@pytest.mark.parametrize("every", [24, 4, 2])
def test_backups_that_never_were_hourly(every: int):
    """Without a check, one at night has the name of an hourly one; so has one by hand."""
    backups_made(hours_ago=5, every=every)
    assert said() == []


def test_a_restored_copy_without_its_timers():
    backups_made(hours_ago=5)
    JobRun.objects.all().delete()
    assert said() == []


def test_a_long_check_is_no_pause_but_one_that_hangs_is():
    backups_made(hours_ago=6)
    with exclusive():
        assert said() == []
    assert len(said()) == 1
    BackupRecord.objects.filter(made_at__gt=timezone.now() - timedelta(hours=12)).delete()
    with exclusive():
        assert len(said()) == 1


def test_after_a_long_check_the_next_hour_comes_first():
    backups_made(hours_ago=6)
    now = timezone.now()
    JobRun.objects.create(name="backup", ended_at=now, succeeded_at=now)
    assert said() == []
    JobRun.objects.filter(name="backup").update(succeeded_at=now - timedelta(hours=3))
    assert len(said()) == 1


def test_a_backup_dated_in_the_future_hides_nothing():
    backups_made(hours_ago=5)
    BackupRecord.objects.create(name="future", made_at=timezone.now() + timedelta(days=1))
    assert len(said()) == 1
