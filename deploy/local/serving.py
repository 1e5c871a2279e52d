"""`./run serve` and `./run dev`."""

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

from deploy.local.environment import ROOT, address, given, local_url, state_folder
from deploy.local.installation import Installation, installation
from deploy.local.packages import python
from deploy.local.postgres import PrivateDatabase
from deploy.local.processes import dies_with_parent, run_in_background, run_in_foreground, terminate

WORKERS, THREADS = "2", "4"


def serve() -> None:
    """Serve the site with gunicorn until a signal comes."""
    host, port = address(given())
    site = local_url(host, port)
    refuse_taken_port(host, port)
    with installation("serve", site) as here:
        here.env.setdefault("LOG_REQUESTS", "0")  # the terminal is for what matters
        prepare(here, "--static")
        gunicorn = start_gunicorn(here, host, port)
        try:
            wait_until_answers(site, gunicorn)
            print(f"The site is at {site} (Ctrl-C stops it).", flush=True)
            watch(gunicorn, here.database)
        finally:
            terminate(gunicorn, signal.SIGTERM, patience=15)


def dev() -> int:
    """Django's development server, which reloads when a file changes."""
    host, port = address(given())
    refuse_taken_port(host, port)
    with installation("dev", local_url(host, port)) as here:
        here.env.setdefault("DEBUG", "1")
        prepare(here)
        runserver = [python(), "manage.py", "runserver", f"{bracketed(host)}:{port}"]
        return run_in_foreground(runserver, here.env, cwd=ROOT)


def prepare(here: Installation, *options: str) -> None:
    """Migrations, the sample and the host's account; see prepare.py."""
    if here.database:
        options += ("--private",)
    if here.env.get("SAMPLE") != "0":
        options += ("--sample",)
    command = [python(), "-m", "deploy.local.prepare", str(state_folder()), *options]
    if run_in_background(command, here.env, cwd=ROOT):
        sys.exit("The site could not be made ready, for the reason above.")


def start_gunicorn(here: Installation, host: str, port: int) -> subprocess.Popen[bytes]:
    """Start gunicorn, out of reach of the terminal's Ctrl-C: we stop it before the database."""
    memory = ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []  # noqa: S108
    return subprocess.Popen(
        [
            python(), "-m", "gunicorn", "podcast.wsgi",
            "--bind", f"{bracketed(host)}:{port}",
            "--workers", here.env.get("WEB_CONCURRENCY") or WORKERS,
            "--threads", here.env.get("GUNICORN_THREADS") or THREADS,
            "--graceful-timeout", "10",
            "--no-control-socket",  # would be in the home folder, which need not exist
            "--log-level", "warning",
            *memory,
        ],
        cwd=ROOT,
        env=here.env,
        start_new_session=True,
        preexec_fn=dies_with_parent(signal.SIGTERM),
        pass_fds=[here.database.alive.fd] if here.database else [],
    )  # fmt: skip


def wait_until_answers(site: str, gunicorn: subprocess.Popen[bytes]) -> None:
    """Return as soon as the site answers, with any status."""
    place = urlsplit(site)
    while gunicorn.poll() is None:
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        try:
            connection.request("GET", "/health")
            connection.getresponse()
        except OSError:
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()


def watch(gunicorn: subprocess.Popen[bytes], database: PrivateDatabase | None) -> None:
    """Leave with a message when one of the two ends by itself."""
    server = database.server if database else None
    while True:
        if (code := gunicorn.poll()) is not None:
            sys.exit(f"gunicorn ended by itself with exit code {code}.")
        if server and server.process.poll() is not None:
            sys.exit(f"PostgreSQL ended by itself; its log is {server.log}")
        time.sleep(0.3)


def refuse_taken_port(host: str, port: int) -> None:
    """Leave with a message when another program listens there, before doing any work."""
    database = PrivateDatabase(state_folder())
    if database.holder() or not database.alive.is_free():
        return  # it may be ours: whoever owns the database is named later
    if problem := unusable(host, port):
        sys.exit("\n  ".join(problem))


def unusable(host: str, port: int) -> tuple[str, str] | None:
    """Why nothing can listen there, and what to type instead; None if something can."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        return explained(error, host, port)
    return None


def explained(error: OSError, host: str, port: int) -> tuple[str, str]:
    if isinstance(error, PermissionError):
        text = f"Port {port} is for root alone, as are all below 1024. Choose another:"
        return text, f"PORT={port + 8000} ./run serve"
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        text = f"HOST={host} is no address of this machine. Name one, or 0.0.0.0 for all:"
        return text, "HOST=127.0.0.1 ./run serve"
    if error.errno == errno.EADDRINUSE:
        text = f"Port {port} on {host} is in use by another program. Choose another:"
        return text, f"PORT={port + 1} ./run serve"
    return (
        f"Port {port} on {host}: {error.strerror}. Choose another:",
        f"PORT={port + 1} ./run serve",
    )


def bracketed(host: str) -> str:
    """An IPv6 address in the brackets that a port after it demands."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
