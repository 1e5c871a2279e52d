"""How long `./run serve` takes to start, on a fresh clone and again.

./run bench start
"""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings

AGAIN = 5
PATIENCE = 300  # seconds; a first start downloads the packages


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "fresh clone"
        subprocess.run(["git", "clone", "-q", settings.BASE_DIR, clone], check=True)
        state = subprocess.check_output(
            ["python3", "-c", "from deploy.local import environment as e; print(e.state_folder())"],
            cwd=clone,
            text=True,
        ).strip()
        try:
            print(f"first start: {seconds_to_answer(clone):.1f} s", flush=True)
            again = [seconds_to_answer(clone) for _ in range(AGAIN)]
            print(
                f"started again: median {statistics.median(again):.1f} s, worst {max(again):.1f} s"
            )
        finally:
            shutil.rmtree(state, ignore_errors=True)


def seconds_to_answer(clone: Path) -> float:
    """Start, wait for /health, stop."""
    port = free_port()
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PORT": str(port)}
    started = time.perf_counter()
    with subprocess.Popen(
        ["./run", "serve"], cwd=clone, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    ) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/health", server)
            return time.perf_counter() - started
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Raises TimeoutError, and ChildProcessError if the server ends."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ChildProcessError(f"./run serve ended with {server.returncode}")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise TimeoutError(f"no answer from {url} in {PATIENCE} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
