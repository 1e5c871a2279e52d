"""The doctor finds what is wrong, and only that."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from net.tests.certificates import own_certificate
from ops.models import BackupRecord
from podcast import doctor
from tests.production import python

KEY = "qV8m2zR4tY6uW1xB9nC3dF5gH7jK0lP-aSeDrFtGyHuJ_iKoLp-ZxCv"


class Proxy(BaseHTTPRequestHandler):
    answers: dict[str, int] = {}
    request_id = "0" * 32
    header = "X-Request-ID"

    def do_GET(self) -> None:
        self.send_response(self.answers.get(self.path, 404))
        if self.request_id:
            self.send_header(self.header, self.request_id)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def site(settings, db) -> Iterator[type[Proxy]]:
    """A healthy installation, but without a certificate."""
    Proxy.answers, Proxy.request_id = {"/health": 200}, "0" * 32
    with HTTPServer(("127.0.0.1", 0), Proxy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"
        settings.ALLOWED_HOSTS = ["127.0.0.1"]
        settings.HTTPS = True
        settings.SECRET_KEY = KEY
        without_pgvector()
        now = timezone.now()
        BackupRecord.objects.create(name="newest", made_at=now, checked_at=now)
        yield Proxy
        server.shutdown()


def without_pgvector() -> None:
    """search/tests/test_vector_state.py has what the doctor says of vectors."""
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION IF EXISTS vector CASCADE")


def wrong() -> dict[str, str]:
    return {each.subject: each.text for each in doctor.diagnose() if each.remedy}


def test_a_healthy_installation_has_no_problems(site, capsys):
    call_command("doctor")
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok  ") for line in lines), lines
    subjects = [line[4:16].strip() for line in lines]
    assert subjects == [
        "Debugging", "Secret key", "Hosts", "Database", "Clock", "Migrations", "Role",
        "Search", "Backups", "Storage", "Disk", "Proxy", "Metrics",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "subject", "text"),
    [
        ("DEBUG", True, "Debugging", "visitors see errors"),
        ("SECRET_KEY", "short", "Secret key", "5 characters long"),
        ("SECRET_KEY", "a1b2" * 20, "Secret key", "can be guessed"),
        ("SECRET_KEY", f"django-insecure-{KEY}", "Secret key", "can be guessed"),
        ("ALLOWED_HOSTS", ["*"], "Hosts", "any name"),
        ("ALLOWED_HOSTS", ["podcast.example"], "Hosts", "podcast.example"),
        ("HTTPS", False, "Hosts", "not encrypted"),
        ("SITE_URL", "http://127.0.0.1:1", "Proxy", "doesn't answer"),
    ],
)
def test_settings_that_are_wrong(site, settings, name, value, subject, text):
    setattr(settings, name, value)
    assert text in wrong()[subject]


def test_a_private_installation_needs_neither_https_nor_backups(site, settings):
    settings.HTTPS, settings.BACKUP_URL = False, ""
    BackupRecord.objects.all().delete()
    assert set(wrong()) == {"Hosts", "Backups"}
    settings.PRIVATE = True
    assert wrong() == {}
    settings.BACKUP_URL = "file:///srv/backups"
    assert set(wrong()) == {"Backups"}


def test_a_wrong_proxy(site):
    site.answers = {"/health": 503}
    assert wrong() == {"Proxy": "/health answers 503"}
    site.answers, site.request_id = {"/health": 200, "/metrics": 200}, ""
    assert set(wrong()) == {"Proxy", "Metrics"}


@pytest.mark.parametrize("header", ["X-Request-Id", "x-request-id"])
def test_a_proxy_may_spell_headers_as_it_likes(site, monkeypatch, header: str):
    """Caddy, like all of Go, writes X-Request-Id; HTTP/2 has no capitals."""
    monkeypatch.setattr(site, "header", header)
    assert wrong() == {}


def test_an_untrusted_certificate(site, settings, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate(tmp_path))
    with HTTPServer(("127.0.0.1", 0), Proxy) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        settings.SITE_URL = f"https://127.0.0.1:{server.server_port}"
        said = wrong()
        server.shutdown()
    assert set(said) == {"Proxy"}
    assert "its certificate isn't trusted: self-signed certificate" in said["Proxy"]


def test_backups_that_are_old_or_missing(site):
    BackupRecord.objects.update(made_at=timezone.now() - timedelta(hours=49))
    assert wrong()["Backups"].startswith("the last verified one is 2\xa0days")
    BackupRecord.objects.update(problem="the dump can't be restored")
    assert wrong() == {"Backups": "there is no verified backup"}


def test_an_unwritable_storage(site, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "below"
    assert "NotADirectoryError" in wrong()["Storage"]


def test_nothing_remains_in_the_storage(site, settings):
    assert "Storage" not in wrong()
    assert list(settings.MEDIA_ROOT.iterdir()) == []


def test_a_database_with_few_connections_left(db):
    assert "2 connections free" in doctor.server(1, 2).text
    assert doctor.server(1, 2).remedy and not doctor.server(1, 50).remedy


def test_clocks_that_differ():
    assert doctor.clock(timedelta(seconds=-90)).text.startswith("90 seconds apart")
    assert not doctor.clock(timedelta(seconds=1)).remedy


def test_without_a_database_the_rest_is_checked():
    ran = python("manage.py", "doctor", SITE_URL="https://127.0.0.1:1")
    assert ran.returncode == 1
    assert "!!  Database    connection to server" in ran.stdout
    assert "Storage" in ran.stdout and "!!  Proxy" in ran.stdout
    assert "secret" not in ran.stdout + ran.stderr
