"""gunicorn's configuration, read from the working directory; the command line overrides it."""

import gc
import importlib
import os
import shutil
import socket
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

# Seconds, longer than a proxy's (nginx: 60): if gunicorn closed an idle connection first, the proxy
# might send a request into it at that moment.
keepalive = 75

# For an image; systemd's socket comes before it, and `./run` names its own address.
ADDRESS = os.environ.get("BIND_ADDRESS") or "0.0.0.0"  # noqa: S104 - a container's own network
PORT = os.environ.get("PORT") or "8000"
bind = f"[{ADDRESS}]:{PORT}" if ":" in ADDRESS else f"{ADDRESS}:{PORT}"

FOLDER = "podcast-metrics-"
SMALL_BODY = 64 * 1024  # bytes, as in podcast.bodies
AWAY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
AWAY_SECONDS = 5
SYSTEMD_SOCKET = 3  # sd_listen_fds(3)


def pre_request(worker: Any, request: Any) -> None:
    """Close the connection after a large body; else gunicorn would read what the site refused."""
    headers = dict(request.headers)
    length = headers.get("CONTENT-LENGTH", "0")
    if "TRANSFER-ENCODING" in headers or not length.isdigit() or int(length) > SMALL_BODY:
        request.force_close()


def on_starting(server: Any) -> None:
    """Load the site before the workers fork, so that they share its memory.

    Not by preload_app, which would load it before the folder of metrics is made. For a single
    worker nothing is loaded: it shares with nobody, and whatever it uses would be there twice.
    """
    make_metrics_folder(server)
    if server.cfg.workers == 1:
        problem = settings_problem(server)
    else:
        problem = load(server, "podcast.wsgi", "podcast.urls")
        gc.collect()
        gc.freeze()  # a collection would write to all objects, and so copy them
    if problem:
        answer_waiting()
        sys.exit(problem)


def load(server: Any, *names: str) -> str:
    """Import these modules; what is wrong with the settings."""
    try:
        for name in names:
            importlib.import_module(name)
    except Exception as error:
        startup = importlib.import_module("podcast.startup")
        if isinstance(error, startup.PROBLEMS):
            return str(startup.reason(error))
        server.log.exception("The site can't be loaded")  # each worker fails in the same way
    return ""


def settings_problem(server: Any) -> str:
    """Load the settings in a process that ends, so that this one holds nothing of them."""
    reader, writer = os.pipe()
    if not (child := os.fork()):
        try:
            os.write(writer, load(server, "podcast.settings").encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, encoding="utf-8") as said:
        problem = said.read()
    os.waitpid(child, 0)
    return problem


def answer_waiting() -> None:
    """Tell requests that the site is away, for some seconds: systemd's socket takes them anyway."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):  # there is none
        return
    until = time.monotonic() + AWAY_SECONDS
    with socket.socket(fileno=os.dup(SYSTEMD_SOCKET)) as listening:
        while (left := until - time.monotonic()) > 0:
            listening.settimeout(left)
            with suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    connection.settimeout(1)
                    connection.recv(SMALL_BODY)
                    connection.sendall(AWAY)


def make_metrics_folder(server: Any) -> None:
    """Make the folder of the workers' metrics, if /metrics is in use.

    In --worker-tmp-dir: containers share /tmp, and gunicorn has the same process ID in each.
    """
    if not os.environ.get("METRICS_TOKEN"):
        return
    parent = Path(server.cfg.worker_tmp_dir or tempfile.gettempdir())
    for former in parent.glob(f"{FOLDER}*"):
        process = former.name.removeprefix(FOLDER).partition(".")[0]
        if process.isdecimal() and not is_running(int(process)):
            shutil.rmtree(former, ignore_errors=True)
    folder = parent / f"{FOLDER}{os.getpid()}"
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:  # another user's, who may write in /dev/shm, too
        folder = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=parent))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def on_exit(server: Any) -> None:
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)


def is_running(process: int) -> bool:
    """Whether another gunicorn has this process ID. A folder with our own ID is a former one's."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
