"""The container files, as far as they can be tried without a container engine."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from django.db import connection

from tests.production import MACHINE, REQUIRED, ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^{name} (.*)$", joined, re.MULTILINE)


def test_the_image_runs_as_an_ordinary_user_with_pinned_packages():
    assert instructions("USER") == ["${UID}:${GID}"]
    assert "UID=1000" in instructions("ARG")
    assert "--require-hashes" in DOCKERFILE
    assert len(instructions("FROM")) == 2
    assert "ops.probe" in instructions("HEALTHCHECK")[0]
    assert not [line for line in instructions("ENV") if "SECRET_KEY" in line]


def test_no_secret_and_no_history_goes_into_the_image():
    ignored = (ROOT / ".dockerignore").read_text().split("\n")
    assert {".env", ".env.*", ".git", "var"} <= set(ignored)


def test_the_site_waits_for_its_schema_and_the_schema_for_the_database():
    services = COMPOSE["services"]
    assert services["web"]["depends_on"]["migrate"] == {
        "condition": "service_completed_successfully"
    }
    assert services["migrate"]["depends_on"]["database"] == {"condition": "service_healthy"}
    assert services["migrate"]["restart"] == "no"
    assert services["database"]["healthcheck"]["test"][1] == "pg_isready"
    assert re.fullmatch(r"postgres:\d+", services["database"]["image"])


def test_services_are_as_closed_as_they_can_be():
    services = COMPOSE["services"]
    assert "ports" not in services["database"]
    assert services["web"]["ports"] == ["127.0.0.1:${PUBLISH_PORT:-8000}:8000"]
    for name in ("web", "migrate"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["env_file"] == ".env"
    used = {line.split(":")[0] for row in services.values() for line in row["volumes"]}
    assert used == set(COMPOSE["volumes"])


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def running(transactional_db, port: int, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The image's own command on this machine, with the tests' database."""
    known = connection.settings_dict
    where = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}@{quote(known['HOST'], safe='')}"
    where += f":{known['PORT']}" if known["PORT"] else ""
    env = MACHINE | REQUIRED | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DATABASE_URL": f"postgres://{where}/{known['NAME']}",
        "MEDIA_ROOT": str(tmp_path),
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "GUNICORN_THREADS": "2",
    }  # fmt: skip
    command = yaml.safe_load(instructions("CMD")[0])
    assert shlex.split(command[-1])[0] == "exec"
    server = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
    yield env
    os.killpg(server.pid, signal.SIGTERM)
    assert server.wait(timeout=20) == 0


def test_the_images_command_and_probe(running: dict[str, str]):
    probe = yaml.safe_load(instructions("HEALTHCHECK")[0].split("CMD ")[1])
    for _ in range(100):
        asked = subprocess.run(
            [sys.executable, *probe[1:]],
            cwd=ROOT, env=running, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if asked.returncode == 0:
            break
        assert "No answer on port" in asked.stderr
        time.sleep(0.2)
    assert asked.returncode == 0, asked.stderr
