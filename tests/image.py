"""What the image of web runs, on this machine and without a container engine."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from tests.production import MACHINE, REQUIRED, ROOT, database_url

DOCKERFILE = (ROOT / "Dockerfile").read_text()


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^{name} (.*)$", joined, re.MULTILINE)


def environment(**given: str) -> dict[str, str]:
    """Of a container, with the tests' database."""
    return MACHINE | REQUIRED | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DATABASE_URL": database_url(),
        "WEB_CONCURRENCY": "1",
        "GUNICORN_THREADS": "2",
    } | given  # fmt: skip


@contextmanager
def web(env: dict[str, str]) -> Iterator[None]:
    """The image's command. It ends by itself when it gets the signal of an engine or platform."""
    command = yaml.safe_load(instructions("CMD")[0])
    assert shlex.split(command[-1])[0] == "exec"
    server = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        assert server.wait(timeout=60) == 0


def wait_for_the_probe(env: dict[str, str]) -> None:
    probe = yaml.safe_load(instructions("HEALTHCHECK")[-1].split("CMD ")[1])
    for _ in range(100):
        ran = subprocess.run(
            [sys.executable, *probe[1:]],
            cwd=ROOT, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if ran.returncode == 0:
            break
        assert "No answer on port" in ran.stderr
        time.sleep(0.2)
    assert ran.returncode == 0, ran.stderr
