"""The operator learns of a failure by mail."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from ops.models import JobRun
from tests.production import python


@pytest.fixture
def outgoing(settings: Any, db: None) -> list[Any]:
    settings.MAIL = True
    User.objects.create_superuser("nick", "nick@example.org", "password")
    User.objects.create_superuser("mute", "", "password")
    User.objects.create_user("ann", "ann@example.org", "password")
    return mail.outbox


def test_superusers_are_mailed_what_failed_and_what_the_doctor_says(outgoing: list[Any]):
    now = timezone.now()
    JobRun.objects.create(name="tick", ended_at=now, problem="Failed: check_some.")
    call_command("report_failure", "podcast-tick.service")
    (sent,) = outgoing
    assert sent.to == ["nick@example.org"]
    assert sent.subject.startswith("podcast-tick.service failed on ")
    assert "journalctl -u podcast-tick.service" in sent.body
    assert "Failed: check_some." in sent.body


def test_the_operator_may_be_somebody_else(outgoing: list[Any], settings: Any):
    settings.OPERATOR_EMAIL = ["ops@example.org", "night@example.org"]
    call_command("report_failure", "nightly")
    assert outgoing[0].to == ["ops@example.org", "night@example.org"]


def test_without_mail_the_log_has_it_and_the_operator_reads_so(
    outgoing: list[Any], settings: Any, caplog: Any, capsys: Any
):
    settings.MAIL = False
    call_command("report_failure", "nightly")
    assert outgoing == [] and "nightly failed" in caplog.text
    assert "without EMAIL_URL nobody is mailed" in capsys.readouterr().out
    settings.MAIL = True
    User.objects.update(email="")
    call_command("report_failure", "nightly")
    assert "neither OPERATOR_EMAIL nor a superuser has an address" in capsys.readouterr().out


@pytest.mark.parametrize("operator", ["ops@example.org", ""])
def test_a_database_that_is_away_is_reported_too(operator: str):
    ran = python(
        "manage.py", "report_failure", "podcast-web.service",
        EMAIL_URL="console://", OPERATOR_EMAIL=operator,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ("Database: connection to server" in ran.stdout) == bool(operator)
    assert "podcast-web.service failed" in ran.stderr


def test_a_mail_server_that_is_away_is_logged(outgoing: list[Any], settings: Any, caplog: Any):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    call_command("report_failure", "nightly")
    assert "mail could not be sent" in caplog.text
