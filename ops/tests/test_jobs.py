"""How jobs end is recorded, and a dead man's switch is told."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from ops.doctor.jobs import pings
from ops.jobs import InvalidatorMissing, recorded, see_invalidators
from ops.models import JobRun
from podcast.management.commands import tick
from podcast.version import RELEASE
from tests.production import database_url, python

pytestmark = pytest.mark.django_db


class Switch(BaseHTTPRequestHandler):
    asked: list[str] = []
    status = 200

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def switch(settings: Any) -> Iterator[type[Switch]]:
    Switch.asked, Switch.status = [], 200
    with HTTPServer(("127.0.0.1", 0), Switch) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.PING_URL = f"http://127.0.0.1:{server.server_port}/secret/{{job}}"
        yield Switch
        server.shutdown()


def test_a_tick_that_went_well_pings(switch: type[Switch], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tick, "JOBS", (lambda: "",))
    call_command("tick")
    assert switch.asked == ["/secret/tick"]
    assert JobRun.objects.get().succeeded_at


def test_a_minute_without_work_pings(
    switch: type[Switch], settings: Any, monkeypatch: pytest.MonkeyPatch, transactional_db: None
):
    settings.RELEASE = RELEASE
    monkeypatch.setattr(tick, "JOBS", (tick.check_clock,))
    call_command("tick")
    given = {"DATABASE_URL": database_url(), "PING_URL": settings.PING_URL, "RELEASE": RELEASE}
    assert python("-m", "podcast.tick", **given).returncode == 0
    Switch.status = 500
    ran = python("-m", "podcast.tick", **given)
    assert ran.returncode == 0
    assert "PING_URL didn't answer after tick" in ran.stderr
    assert switch.asked == ["/secret/tick"] * 3


def test_a_tick_that_failed_does_not(switch: type[Switch], monkeypatch: pytest.MonkeyPatch):
    def broken() -> str:
        raise RuntimeError("no luck")

    monkeypatch.setattr(tick, "JOBS", (broken,))
    with pytest.raises(CommandError):
        call_command("tick")
    assert switch.asked == []
    row = JobRun.objects.get()
    assert row.succeeded_at is None and row.problem.startswith("Failed: broken")


@pytest.mark.parametrize("case", ["answers 500", "is away", "is no address", "has no scheme"])
def test_a_switch_that_is_away_fails_nothing(
    switch: type[Switch], settings: Any, caplog: pytest.LogCaptureFixture, case: str
):
    switch.status = 500
    if case == "is away":
        settings.PING_URL = "http://127.0.0.1:1/secret"
    if case == "is no address":
        settings.PING_URL = "http://127.0.0.1:80/secret with spaces"
    if case == "has no scheme":
        settings.PING_URL = "ping.example/secret"
    with recorded("tick"):
        pass
    assert "PING_URL didn't answer after tick" in caplog.text
    (found,) = pings()
    assert found.text.startswith("PING_URL didn't answer after tick: ") and found.remedy
    assert "secret" not in caplog.text + found.text


def test_the_doctor_names_the_ping_that_failed_until_the_next_one(switch: type[Switch]):
    switch.status = 404
    with recorded("tick"):
        pass
    assert [each.text for each in pings()] == [
        "PING_URL didn't answer after tick: HTTP Error 404: Not Found"
    ]
    switch.status = 200
    with recorded("tick"):
        pass
    assert list(pings()) == []


def test_a_job_ends_as_it_would_where_its_end_cannot_be_recorded(
    switch: type[Switch], caplog: pytest.LogCaptureFixture
):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ops_jobrun RENAME TO gone")
    with recorded("tick"):
        pass
    assert "couldn't be recorded" in caplog.text
    assert switch.asked == ["/secret/tick"]


def test_tick_fails_some_minutes_after_the_last_invalidator():
    assert see_invalidators() == ""  # a site without nginx
    row = JobRun.objects.create(name="invalidator", ended_at=timezone.now())
    assert see_invalidators() == ""  # it restarts
    JobRun.objects.update(ended_at=timezone.now() - timedelta(minutes=6))
    with pytest.raises(InvalidatorMissing, match="No invalidator has run since"):
        see_invalidators()
    JobRun.objects.update(ended_at=timezone.now() - timedelta(days=31))
    assert see_invalidators() == ""
    row.refresh_from_db()
    assert row.ended_at < timezone.now() - timedelta(days=30)
