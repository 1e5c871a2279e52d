"""The request log, and metrics for Prometheus."""

import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from episodes.tests.factories import episode, show
from podcast.logs import JsonFormatter, request_id
from tests.nginx_harness import Response, free_port, get
from tests.production import MACHINE, REQUIRED, ROOT, database_url, eventually

TOKEN = "a-token-for-tests-only"
NUMBER = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _log_requests(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "podcast.request")


def lines(caplog: pytest.LogCaptureFixture) -> list[dict]:
    records = [record for record in caplog.records if record.name == "podcast.request"]
    return [json.loads(JsonFormatter().format(record)) for record in records]


def test_a_request_is_logged_without_its_query(client: Client, db, caplog):
    show()
    answer = client.get("/search?q=my-illness", headers={"X-Request-ID": NUMBER})
    (line,) = lines(caplog)
    assert (line["method"], line["path"], line["page"], line["status"]) == (
        "GET", "/search", "search", 200,
    )  # fmt: skip
    assert line["request_id"] == answer.headers["X-Request-ID"] == NUMBER
    assert line["bytes"] == len(answer.content)
    assert line["milliseconds"] > 0
    assert "my-illness" not in json.dumps(line)


@pytest.mark.parametrize("given", ["", "x" * 32, NUMBER + "\n", NUMBER.upper(), "a" * 33])
def test_invalid_request_ids_are_replaced(client: Client, db, given: str):
    show()
    answered = {client.get("/", headers={"X-Request-ID": given})["X-Request-ID"] for _ in "12"}
    assert len(answered) == 2
    assert all(re.fullmatch(r"[0-9a-f]{32}", number) for number in answered)
    assert given not in answered


def test_monitoring_is_logged_when_it_fails(client: Client, db, caplog):
    client.get("/health")
    client.post("/health")
    assert [line["message"] for line in lines(caplog)] == ["POST /health 405"]


def test_other_lines_have_the_request_id(client: Client, db):
    request_id.set(NUMBER)
    record = logging.makeLogRecord({"name": "feeds", "levelname": "WARNING", "msg": "odd"})
    assert json.loads(JsonFormatter().format(record))["request_id"] == NUMBER


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
@pytest.mark.parametrize("token", ["", TOKEN])
def test_metrics_need_the_token(client: Client, db, settings, token: str, given: str):
    settings.METRICS_TOKEN = token
    show()
    answer = client.get("/metrics", headers={"Authorization": given})
    assert answer.status_code == 404
    assert b"podcast_" not in answer.content


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000", "web:8000", "10.0.0.7"])
def test_probes_and_prometheus_know_only_the_address(client: Client, db, settings, host: str):
    """And no HTTPS: behind the program that terminates TLS, there is none."""
    settings.ALLOWED_HOSTS = ["podcast.example.org"]
    settings.SECURE_SSL_REDIRECT, settings.METRICS_TOKEN = True, TOKEN
    show()
    given = {"Host": host}
    assert client.get("/health", headers=given).json() == {"status": "ok"}
    bearer = given | {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", headers=bearer).status_code == 200
    assert client.get("/metrics", headers=given).status_code == 404
    assert client.head("/health", headers=given).status_code == 200
    assert client.post("/health", headers=given).status_code == 405
    settings.SECURE_SSL_REDIRECT = False
    assert client.get("/podcast/", headers=given).status_code == 400


def metrics_of(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_of_the_site(client: Client, db, settings):
    settings.METRICS_TOKEN = TOKEN
    row = episode("One", 1)
    client.get("/podcast/")
    client.generic("BREW", "/podcast/")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "no-store" in answer.headers["Cache-Control"]
    found = metrics_of(answer.content.decode())
    assert found["podcast_database_up",] == 1
    assert found["podcast_database_bytes",] > 1_000_000
    assert found["podcast_backup_verified_timestamp_seconds",] == 0
    assert found["podcast_newest_episode_timestamp_seconds",] == int(row.published_at.timestamp())
    assert found["podcast_request_seconds_count", "GET", "episodes", "200"] >= 1
    assert found["podcast_request_seconds_count", "other", "episodes", "405"] == 1


@dataclass
class Site:
    port: int
    server: subprocess.Popen[str]
    log: Path

    def get(self, path: str, **headers: str) -> Response:
        return get(self.port, path, Host="podcast.example.org", **headers)

    def answers(self, path: str, seconds: float = 90) -> None:
        """Wait until the site answers: its workers have to start."""
        until = time.monotonic() + seconds
        while True:
            try:
                assert self.get(path).status == 200
                return
            except OSError:
                assert time.monotonic() < until, self.log.read_text()
                time.sleep(0.1)

    def metrics(self) -> dict[tuple[str, ...], float]:
        return metrics_of(self.get("/metrics", Authorization=f"Bearer {TOKEN}").body.decode())

    def workers(self) -> list[int]:
        listed = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text()
        return [int(each) for each in listed.split()]


@pytest.fixture
def site(transactional_db, tmp_path: Path) -> Iterator[Site]:
    """gunicorn with two workers, started in the folder of its settings."""
    show()
    port = free_port()
    env = MACHINE | REQUIRED | {
        "DATABASE_URL": database_url(),
        "SITE_URL": "http://podcast.example.org",
        "METRICS_TOKEN": TOKEN,
        "TMPDIR": str(tmp_path),
    }  # fmt: skip
    log = tmp_path / "log"
    command = ["-m", "gunicorn", "podcast.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    command += ["--threads", "2", "--no-control-socket", "--log-level", "warning"]
    with log.open("w") as stream:
        server = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=env, stdout=stream, stderr=stream, text=True
        )
    site = Site(port, server, log)
    try:
        site.answers("/health")
        yield site
    finally:
        server.terminate()
        server.wait(timeout=60)


def test_workers_share_metrics_and_a_dead_ones_counts_remain(site: Site):
    for _ in range(20):
        assert site.get("/robots.txt").status == 200
    counted = ("podcast_request_seconds_count", "GET", "robots", "200")
    # A cached page is served before its URL is resolved.
    cached = ("podcast_request_seconds_count", "GET", "cached", "200")
    found = site.metrics()
    assert found[counted] + found.get(cached, 0) == 20

    for worker in (before := site.workers()):
        os.kill(worker, signal.SIGKILL)
    eventually(lambda: not set(before) & set(site.workers()))
    site.answers("/robots.txt")
    found = site.metrics()
    assert found[counted] + found.get(cached, 0) == 21

    logged = [json.loads(line) for line in site.log.read_text().splitlines() if "robots" in line]
    assert {line["logger"] for line in logged} == {"podcast.request"}
    assert len({line["request_id"] for line in logged}) == 21


def test_metrics_are_removed_when_the_site_ends(site: Site, tmp_path: Path):
    assert list(tmp_path.glob("podcast-metrics-*"))
    site.server.terminate()
    assert site.server.wait(timeout=60) == 0
    assert list(tmp_path.glob("podcast-metrics-*")) == []


BEGIN = """
import os, runpy, sys
from types import SimpleNamespace as Given
(shared, own) = sys.argv[1:]
theirs = f"{shared}/podcast-metrics-{os.getpid()}"
if own:
    os.mkdir(theirs)
server = Given(cfg=Given(worker_tmp_dir=own or None))
runpy.run_path("gunicorn.conf.py")["make_metrics_folder"](server)
print(os.environ["PROMETHEUS_MULTIPROC_DIR"])
"""


def begin(shared: Path, own: Path | None) -> Path:
    """Run make_metrics_folder of gunicorn.conf.py in another process; the folder of its metrics.

    With `own`, another container's gunicorn has the same process ID and a folder in `shared`.
    """
    ran = subprocess.run(
        [sys.executable, "-c", BEGIN, str(shared), str(own or "")],
        cwd=ROOT, env=MACHINE | {"METRICS_TOKEN": TOKEN, "TMPDIR": str(shared)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return Path(ran.stdout.strip())


def test_containers_with_a_shared_folder_count_separately(tmp_path: Path):
    shared, own = tmp_path / "shared", tmp_path / "own"
    shared.mkdir()
    own.mkdir()
    counted = begin(shared, own)
    assert counted.parent == own
    assert (shared / counted.name).is_dir()


def test_a_folder_that_anybody_made_keeps_nobody_from_starting(tmp_path: Path):
    for name in ("x", "", "²", "9" * 40, "1.x"):
        (tmp_path / f"podcast-metrics-{name}").mkdir()
    taken = BEGIN.replace("if own:", "os.mkdir(theirs); shutil.rmtree = lambda *a, **b: None")
    taken = taken.replace("    os.mkdir(theirs)", "").replace("import os,", "import os, shutil,")
    ran = subprocess.run(
        [sys.executable, "-c", taken, str(tmp_path), ""],
        cwd=ROOT, env=MACHINE | {"METRICS_TOKEN": TOKEN, "TMPDIR": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    folder = Path(ran.stdout.strip())
    assert folder.is_dir() and folder.stat().st_mode & 0o777 == 0o700
    assert folder.name.count(".") == 1


def test_metrics_of_a_killed_site_are_removed(site: Site, tmp_path: Path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = tmp_path / f"podcast-metrics-{gone.pid}"
    left.mkdir()
    begin(tmp_path, None)
    assert not left.exists()
    others = {folder.name for folder in tmp_path.glob("podcast-metrics-*")}
    assert f"podcast-metrics-{site.server.pid}" in others
    for folder in others - {f"podcast-metrics-{site.server.pid}"}:
        (tmp_path / folder).rmdir()
