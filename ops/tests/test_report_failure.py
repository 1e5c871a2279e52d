"""The operator learns of a failure by mail."""

import subprocess
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from ops.models import JobRun
from tests.production import database_url, python


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
    assert (ran.returncode == 0) == bool(operator), ran.stderr
    assert ("Database: connection to server" in ran.stdout) == bool(operator)
    assert "podcast-web.service failed" in ran.stderr


def test_a_report_that_cannot_be_sent_fails_and_is_logged(
    outgoing: list[Any], settings: Any, caplog: Any
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(CommandError, match="Nobody is mailed: "):
        call_command("report_failure", "nightly")
    assert "mail could not be sent" in caplog.text


@pytest.mark.parametrize(
    ("name", "value"),
    [("SITE_URL", "podcast.example"), ("BACKUP_DAYS", "abc"), ("DEFAULT_FROM_EMAIL", "Podcast")],
)
def test_settings_that_are_wrong_are_reported_by_mail(name: str, value: str):
    ran = refused(**{name: value}, OPERATOR_EMAIL="ops@example.org")
    assert ran.returncode == 0, ran.stderr
    assert "\nTo: ops@example.org\n" in ran.stdout
    assert "podcast-web.service failed on " in ran.stdout
    _, _, reason = ran.stdout.partition("The settings are wrong")
    assert name in reason


@pytest.mark.django_db(transaction=True)
def test_without_an_operator_superusers_learn_of_settings_that_are_wrong():
    User.objects.create_superuser("nick", "nick@example.org", "password")
    User.objects.create_user("ann", "ann@example.org", "password")
    ran = refused(SITE_URL="podcast.example", DATABASE_URL=database_url(), OPERATOR_EMAIL="wrong")
    assert ran.returncode == 0, ran.stderr
    assert "\nTo: nick@example.org\n" in ran.stdout


@pytest.mark.parametrize(
    ("why", "given"),
    [
        ("without EMAIL_URL", {"EMAIL_URL": ""}),
        ("neither OPERATOR_EMAIL nor a superuser", {}),
        ("begin it with submission://", {"EMAIL_URL": "smtp//mail.example"}),
        (
            "Connection refused",
            {"EMAIL_URL": "smtp://127.0.0.1:1", "OPERATOR_EMAIL": "a@b.example"},
        ),
    ],
)
def test_nobody_is_mailed_that_settings_are_wrong(why: str, given: dict[str, str]):
    ran = refused(SITE_URL="podcast.example", **given)
    assert ran.returncode == 1
    said = ran.stderr.splitlines()
    assert said[0].startswith("SITE_URL is “podcast.example”")
    assert said[-1].startswith("Nobody is mailed: ") and why in said[-1]


def refused(**environment: str) -> subprocess.CompletedProcess[str]:
    environment = {"EMAIL_URL": "console://"} | environment
    return python("manage.py", "report_failure", "podcast-web.service", **environment)
