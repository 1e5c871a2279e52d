"""What can't begin says why, and what to do."""

import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from deploy.local import commands, environment
from deploy.local.binaries import find
from deploy.local.doctor import port
from deploy.local.postgres import PrivateDatabase
from deploy.local.serving import explained, refuse_taken_port, unusable
from tests.production import ROOT, python

AWAY = "postgres://ann:secret@127.0.0.1:1/podcast"  # pragma: allowlist secret


def refused(host: str, number: int) -> str:
    with pytest.raises(SystemExit) as left:
        refuse_taken_port(host, number)
    return str(left.value)


@pytest.mark.parametrize("host", ["192.0.2.1", "nobody.invalid"])
def test_an_address_that_is_not_this_machines(tmp_path: Path, monkeypatch: Any, host: str):
    monkeypatch.setattr(environment, "SERVER_STATE", tmp_path)
    said = refused(host, 8000)
    assert f"HOST={host} is no address of this machine" in said
    assert "HOST=127.0.0.1 ./run serve" in said


def test_a_port_for_root_alone():
    problem = explained(PermissionError(errno.EACCES, "Permission denied"), "127.0.0.1", 80)
    assert problem[0].startswith("Port 80 is for root alone")
    assert problem[1] == "PORT=8080 ./run serve"


def test_an_ordinary_user_may_not_have_port_80():
    """By the kernel, as a user without root's rights."""
    code = "from deploy.local.serving import unusable; print(unusable('127.0.0.1', 80))"
    if os.geteuid() != 0:
        assert "for root alone" in str(unusable("127.0.0.1", 80))
        return
    python = ["/usr/bin/python3", "-c", code]
    ran = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all",
         "--bounding-set=-all", *python],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ran.returncode:
        pytest.skip(f"another user can't read this folder: {ran.stderr[-200:]}")
    assert "for root alone" in ran.stdout


@contextmanager
def answering(body: bytes) -> Iterator[int]:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_the_doctor_knows_our_port_without_a_private_database(tmp_path: Path):
    """As with a DATABASE_URL, where no lock says who serves."""
    database = PrivateDatabase(tmp_path)
    with answering(json.dumps({"status": "ok"}).encode()) as number:
        found = port({"PORT": str(number)}, database)
        assert (found.text, found.fix) == (f"{number} on 127.0.0.1 is ours", "")
    with answering(b"<title>Another</title>") as number:
        found = port({"PORT": str(number)}, database)
        assert "in use by another program" in found.text and found.fix
    with socket.create_server(("127.0.0.1", 0)) as silent:
        number = silent.getsockname()[1]
        silent.close()
        assert "is free" in port({"PORT": str(number)}, database).text


@pytest.mark.parametrize("command", [["migrate"], ["check_links"], ["createsuperuser"]])
def test_a_database_that_is_away(command: list[str]):
    ran = python("manage.py", *command, DATABASE_URL=AWAY)
    assert ran.returncode == 1
    assert ran.stderr.startswith("The database doesn't answer: connection to server")
    assert "correct DATABASE_URL" in ran.stderr
    assert "Traceback" not in ran.stderr and "secret" not in ran.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SITE_URL", "podcast.example", "SITE_URL is “podcast.example”: begin it with https://"),
        ("DATABASE_URL", "sqlite:///db", "DATABASE_URL must name a PostgreSQL database"),
        ("DATABASE_URL", "podcast", "Not a valid database URL. See .env.example"),
        ("GUNICORN_THREADS", "many", "GUNICORN_THREADS"),
        ("SECRET_KEY", None, "Missing from the environment: SECRET_KEY"),
    ],
)
def test_settings_that_are_wrong(name: str, value: str | None, said: str):
    for program in (["manage.py", "migrate"], ["-m", "deploy.local.prepare", "/nowhere"]):
        ran = python(*program, **{name: value})
        assert ran.returncode == 1
        assert said in ran.stderr
        assert "Traceback" not in ran.stderr


def test_preparing_with_a_database_that_is_away(tmp_path: Path):
    ran = python("-m", "deploy.local.prepare", str(tmp_path), DATABASE_URL=AWAY)
    assert ran.returncode == 1
    assert ran.stderr.startswith("The database doesn't answer")
    assert "Traceback" not in ran.stderr


def test_a_disk_that_is_read_only(tmp_path: Path, monkeypatch: Any):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a disk")
    monkeypatch.setattr(environment, "SERVER_STATE", disk)
    monkeypatch.setattr(sys, "argv", ["run", "doctor"])
    monkeypatch.setattr(commands, "leave_on_signals", lambda: None)
    try:
        with pytest.raises(SystemExit) as left:
            commands.main()
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)
    assert "Read-only file system. Clone the project to a disk that can be" in str(left.value)


def test_an_older_postgresql_is_refused_with_the_oldest_that_works(tmp_path: Path):
    (tmp_path / "initdb").touch()
    (tmp_path / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.2'\n")
    (tmp_path / "postgres").chmod(0o755)
    tmp_path.chmod(0o755)
    with pytest.raises(SystemExit, match="is PostgreSQL 14; 15 is the oldest"):
        find(tmp_path, {"PGBIN": str(tmp_path)}, None, tmp_path)
