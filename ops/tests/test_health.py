import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from episodes.tests.factories import show
from ops import probe
from ops.doctor import checks
from ops.health import check_migrations
from ops.models import BackupRecord, JobRun
from ops.tests.test_doctor import without_pgvector

ASK_WITHOUT_DATABASE = """
import django; django.setup()
from django.test import Client
response = Client().get("/health")
print(response.status_code, response.content.decode())
"""


@pytest.fixture(autouse=True)
def _forget_success():
    check_migrations.cache_clear()
    yield
    check_migrations.cache_clear()


def test_healthy(client: Client, db):
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]
    assert "Set-Cookie" not in response.headers


def test_only_success_is_remembered(client: Client, db, django_assert_num_queries):
    recorded = MigrationRecorder.Migration.objects.filter(app="episodes")
    row = recorded.get(name=max(MigrationLoader(None).graph.leaf_nodes("episodes"))[1])
    recorded.filter(pk=row.pk).delete()
    for _ in range(2):
        response = client.get("/health")
        assert response.status_code == 503
        assert response.json() == {"status": "failing", "failed": "migrations"}
    row.save(force_insert=True)
    assert client.get("/health").status_code == 200
    with django_assert_num_queries(1):
        assert client.get("/health").status_code == 200


def test_head_and_other_methods(client: Client, db):
    assert client.head("/health").status_code == 200
    assert client.post("/health").status_code == 405


def test_plain_http_is_not_redirected(client: Client, db, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health").status_code == 200
    assert client.get("/podcast/").status_code == 301


@pytest.fixture
def watched_site(db, settings, monkeypatch) -> None:
    """Whose tick and backup went well."""
    monkeypatch.setattr(checks, "_remembered", None)
    without_pgvector()
    now = timezone.now()
    JobRun.objects.create(name="tick", ended_at=now, succeeded_at=now)
    BackupRecord.objects.create(name="newest", made_at=now, checked_at=now)


def test_the_full_health_names_what_the_doctor_watches(watched_site, client: Client):
    show()
    response = client.get("/health?full")
    found = response.json()
    assert response.status_code == 200, found
    assert {"Database", "Tick", "Backups", "Search", "Disk"} <= {
        each["subject"] for each in found["checks"]
    }
    JobRun.objects.update(problem="Failed: check_some.")
    response = client.get("/health?full")
    assert response.status_code == 503
    assert [each["subject"] for each in response.json()["checks"] if each["remedy"]] == ["Tick"]
    assert client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize(
    "given",
    [
        {"HTTP_X_FORWARDED_FOR": "203.0.113.7"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"REMOTE_ADDR": "93.184.216.34"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_the_full_health_is_not_public(watched_site, client: Client, given: Any):
    assert client.get("/health?full", **given).json() == {"status": "ok"}


def test_metrics_say_which_checks_fail(watched_site, client: Client, settings):
    settings.METRICS_TOKEN = "token"
    show()
    JobRun.objects.update(problem="Failed: check_some.")
    text = client.get("/metrics", headers={"Authorization": "Bearer token"}).content.decode()
    assert 'podcast_check_failing{check="Tick"} 1.0' in text
    assert 'podcast_check_failing{check="Backups"} 0.0' in text
    tick = JobRun.objects.get().succeeded_at.timestamp()
    found = {line.split()[0]: line.split()[1] for line in text.splitlines()}
    assert float(found["podcast_tick_timestamp_seconds"]) == tick
    assert float(found["podcast_invalidators"]) == 0


def test_an_unreachable_database_is_reported_without_its_address():
    environment = os.environ | {
        "DATABASE_URL": "postgres://somebody:hunter2@127.0.0.1:1/secretname",
        "DJANGO_SETTINGS_MODULE": "podcast.settings",
    }
    ran = subprocess.run(
        [sys.executable, "-c", ASK_WITHOUT_DATABASE],
        env=environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    status, body = ran.stdout.strip().split(" ", 1)
    assert status == "503"
    assert json.loads(body) == {"status": "failing", "failed": "database"}
    assert "Health check failed: database" in ran.stderr


@pytest.mark.parametrize(("status", "exit_code"), [(200, 0), (503, 1)])
def test_the_containers_probe(monkeypatch, status: int, exit_code: int):
    hosts = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            hosts.append((self.path, self.headers["Host"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.handle_request, daemon=True).start()
    monkeypatch.setenv("PORT", str(server.server_port))
    monkeypatch.setenv("ALLOWED_HOSTS", ".example.org,localhost")
    assert probe.main() == exit_code
    server.server_close()
    assert hosts == [("/health", "example.org")]


def test_the_probe_fails_when_nothing_listens(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "1")
    assert probe.main() == 1
    assert "No answer on port 1" in capsys.readouterr().err
