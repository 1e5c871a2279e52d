"""Periodic jobs: each one runs, and a minute without any loads no Django."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from caching.nginx.presence import PREFIX
from episodes.models import DiscardedFile
from episodes.tests.factories import episode, show
from feeds.models import HubNotification
from linkcheck.models import Link
from ops.downloads.log_files import first_line
from ops.models import JobRun, LogRead
from podcast.management.commands import tick
from podcast.tick import EVERY, is_anything_due
from podcast.version import RELEASE
from show.models import ClockReading, Show
from tests.production import database_url, python

MINUTE = timedelta(minutes=1)


def test_a_failing_job_does_not_stop_the_others(db, monkeypatch, capsys):
    def broken() -> str:
        raise RuntimeError("no luck")

    monkeypatch.setattr(tick, "JOBS", (broken, lambda: "did it", lambda: ""))
    with pytest.raises(CommandError, match="Failed: broken"):
        call_command("tick")
    assert capsys.readouterr().out == "did it\n"


def is_due(log: str = "", later: timedelta = MINUTE) -> bool:
    with connection.cursor() as cursor:
        return is_anything_due(cursor, log, timezone.now() + later)


def run(monkeypatch: Any, *jobs: Callable[[], str]) -> None:
    monkeypatch.setattr(tick, "JOBS", (tick.check_clock, *jobs))
    call_command("tick")


@pytest.fixture
def idle(transactional_db: None, monkeypatch: Any, settings: Any) -> None:
    """The last tick found nothing to do; an episode is due in an hour."""
    settings.RELEASE = RELEASE
    show()
    episode("Later", 1, published_at=timezone.now() + timedelta(hours=1))
    run(monkeypatch)


def test_a_minute_without_work_is_recorded_as_a_run(idle: None):
    JobRun.objects.update(ended_at=timezone.now() - timedelta(hours=1), succeeded_at=None)
    assert not is_due()
    row = JobRun.objects.get()
    assert row.succeeded_at == row.ended_at > timezone.now()


def discard(**values: Any) -> Callable[[], object]:
    return lambda: DiscardedFile.objects.create(name="a.mp3", **values)


REASONS: dict[str, Callable[[], object]] = {
    "an edit": lambda: Show.objects.update(title="Another Show"),
    "a discarded file": discard(),
    "an upload nobody took": discard(keep_until=timezone.now()),
    "a link the host asked for": lambda: Link.objects.create(
        url="https://example.org", asked_at=timezone.now()
    ),
    "a hub to notify again": lambda: HubNotification.objects.create(path="/feed", failures=1),
    "no run": lambda: JobRun.objects.all().delete(),
    "a failed run": lambda: JobRun.objects.update(problem="Failed: notify_hub"),
    "a killed run": lambda: JobRun.objects.update(idle_etag=""),
    "a clock set back": lambda: ClockReading.objects.update(
        read_at=timezone.now() + timedelta(days=1)
    ),
    "an invalidator that ended": lambda: JobRun.objects.create(
        name="invalidator", ended_at=timezone.now() - timedelta(minutes=5)
    ),
}


@pytest.mark.parametrize("reason", REASONS)
def test_what_somebody_waits_for_is_due(idle: None, reason: str):
    REASONS[reason]()
    assert is_due()


def test_a_publication_is_due_in_its_minute(idle: None):
    ClockReading.objects.update(read_at=timezone.now() + timedelta(hours=1))
    assert not is_due(later=timedelta(minutes=59))
    assert is_due(later=timedelta(minutes=61))


def test_all_jobs_run_every_ten_minutes(idle: None):
    assert not is_due(later=EVERY - MINUTE)
    assert is_due(later=EVERY + MINUTE)


def test_what_is_due_later_waits(idle: None):
    discard(keep_until=timezone.now() + timedelta(days=1))()
    HubNotification.objects.create(
        path="/feed", failures=1, next_try=timezone.now() + timedelta(hours=1)
    )
    HubNotification.objects.create(path="/other")
    assert not is_due()


def test_work_is_followed_by_another_run(idle: None, monkeypatch: Any):
    run(monkeypatch, lambda: "Drew 10 of 20 missing social cards.")
    assert is_due()
    run(monkeypatch, lambda: "")
    assert not is_due()


def test_an_invalidator_is_seen_each_minute(idle: None):
    with connection.cursor() as cursor:
        cursor.execute("SET application_name = %s", [f"{PREFIX}7"])
        assert is_due()  # the first one
        seen = JobRun.objects.create(
            name="invalidator", ended_at=timezone.now() - timedelta(days=1)
        )
        assert not is_due()
        cursor.execute("RESET application_name")
    seen.refresh_from_db()
    assert seen.ended_at > timezone.now()
    assert not is_due()  # it may be restarting


def test_a_log_is_due_when_it_was_rotated_or_grew_long_ago(idle: None, tmp_path: Path):
    log = tmp_path / "access.log"
    assert not is_due(str(log))
    log.write_bytes(b"")
    assert not is_due(str(log))
    log.write_bytes(b"one\n")
    assert is_due(str(log))
    row = LogRead.objects.create(
        first=first_line(log), path=str(log), offset=4, read_at=timezone.now()
    )
    assert not is_due(str(log))
    log.write_bytes(b"one\ntwo\n")
    assert not is_due(str(log))
    row.read_at = timezone.now() - EVERY
    row.save()
    assert is_due(str(log))
    log.write_bytes(b"another file\n")
    assert is_due(str(log))


@pytest.mark.slow
def test_the_program_loads_django_only_for_work(transactional_db: None, tmp_path: Path):
    show()
    site = {"DATABASE_URL": database_url(), "MEDIA_ROOT": str(tmp_path)}
    program = (
        "import os, runpy, sys; os.execv = lambda *command: print('becomes', command[1][-1]); "
        "runpy.run_module('podcast.tick', run_name='__main__'); print('django' in sys.modules)"
    )
    assert python("-c", program, **site).stdout == "becomes tick\nFalse\n"
    assert python("-m", "podcast.tick", **site).returncode == 0
    while not JobRun.objects.get(name="tick").idle_etag:
        call_command("tick")
    assert python("-c", program, **site).stdout == "False\n"
    away = {**site, "DATABASE_URL": "postgres://podcast:secret@127.0.0.1:1/podcast"}
    ran = python("-m", "podcast.tick", **away)
    assert ran.returncode == 1
    assert "The database doesn't answer" in ran.stderr
