"""`./run serve` with the real site, from a first start to the end."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from deploy.local.tests.clones import Clone, cloned, stop, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]


@pytest.fixture(scope="module")
def clone() -> Iterator[Clone]:
    """A clone that was served once, without the sample."""
    with cloned("served clone") as clone:
        clone.env |= {"PORT": str(free_port()), "SAMPLE": "0"}
        server, said = serve(clone)
        clone.first_words = said
        stop(server, signal.SIGTERM)
        yield clone


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(clone: Clone) -> tuple[subprocess.Popen[str], str]:
    """Start the server; it and what it said until the site answered."""
    server = clone.start("serve")
    assert server.stdout
    said = ""
    while "The site is at" not in said:
        line = server.stdout.readline()
        assert line, said
        said += line
    return server, said


def status(clone: Clone) -> int:
    """The status of /health."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{clone.env['PORT']}/health") as response:
            return response.status
    except urllib.error.HTTPError as refusal:
        return refusal.code


def test_sign_in_stands_in_a_private_file_and_not_in_the_log(clone: Clone) -> None:
    path = clone.state / "sign-in.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    password = path.read_text().split()[-1]
    assert len(password) >= 12
    assert password not in clone.first_words
    assert str(path) in clone.first_words


def test_search_works_by_meaning_where_it_can(clone: Clone) -> None:
    can = clone.sql("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'") == "1"
    made = clone.sql("SELECT to_regclass('search_vectors.words') IS NOT NULL")
    assert made == ("t" if can else "f")


def test_starting_again_does_nothing_twice(clone: Clone) -> None:
    collected = clone.folder / "staticfiles" / ".collected"
    before = collected.stat().st_mtime_ns
    server, said = serve(clone)
    assert status(clone) == 200
    assert stop(server, signal.SIGINT)[0] == 130
    assert clone.processes() == []
    assert collected.stat().st_mtime_ns == before
    assert said.startswith("The site is at"), "no account, packages or migration is made again"


def test_second_server_is_refused_and_commands_attach(clone: Clone) -> None:
    server, _ = serve(clone)
    code, said = clone.run("serve")
    assert code == 1
    assert f"pid {server.pid}" in said
    assert clone.sql("SELECT count(*) FROM auth_user") == "1"
    assert clone.run("manage", "check")[0] == 0
    code, said = clone.run("manage", "doctor")
    assert code == 0 and "!!" not in said, said
    assert status(clone) == 200
    assert stop(server, signal.SIGTERM)[0] == 143
    assert clone.processes() == []


def test_kill_9_leaves_nothing_and_the_next_start_works(clone: Clone) -> None:
    server, _ = serve(clone)
    stop(server, signal.SIGKILL)
    server, _ = serve(clone)  # waits for what is left of the first
    assert status(clone) == 200
    stop(server, signal.SIGKILL)
    wait_for(lambda: clone.processes() == [])


@pytest.mark.parametrize(
    ("program", "message"),
    [("gunicorn", "gunicorn ended by itself"), ("bin/postgres", "PostgreSQL ended by itself")],
)
def test_server_ends_when_one_of_its_parts_does(clone: Clone, program: str, message: str) -> None:
    server, _ = serve(clone)
    os.kill(child_of(server.pid, program), signal.SIGKILL)
    said, _ = server.communicate(timeout=60)
    assert server.returncode == 1
    assert message in said
    wait_for(lambda: clone.processes() == [])


def child_of(pid: int, program: str) -> int:
    """The direct child that runs this program."""
    listed = subprocess.run(
        ["ps", "-ww", "--ppid", str(pid), "-o", "pid=,args="], capture_output=True, text=True
    )
    found = re.search(rf"^\s*(\d+) .*{program}", listed.stdout, re.MULTILINE)
    assert found, listed.stdout
    return int(found[1])


def test_port_of_another_program(clone: Clone) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = clone.run("serve", PORT=str(port))
    assert code == 1
    assert f"Port {port}" in said


def test_two_first_starts_at_once() -> None:
    with cloned("clone") as clone:
        clone.env |= {"PORT": str(free_port()), "SAMPLE": "0"}
        servers = [clone.start("serve"), clone.start("serve")]
        wait_for(lambda: any(server.poll() is not None for server in servers), seconds=60)
        (refused,) = [server for server in servers if server.poll() is not None]
        (serving,) = [server for server in servers if server.poll() is None]
        assert refused.returncode == 1
        assert f"Already running: ./run serve (pid {serving.pid})" in refused.communicate()[0]

        wait_for(lambda: answers(clone), seconds=60)

        assert stop(serving, signal.SIGTERM)[0] == 143
        assert clone.processes() == []


def answers(clone: Clone) -> bool:
    """Whether the site is well."""
    try:
        return status(clone) == 200
    except urllib.error.URLError:
        return False


def test_sample_load_that_was_cut_short_is_done_again() -> None:
    with cloned("clone") as clone:
        clone.env["PORT"] = str(free_port())
        first = clone.start("serve")
        wait_for((clone.state / "sample").exists, seconds=60)
        stop(first, signal.SIGKILL)
        assert (clone.state / "sample").read_text() == "loading"

        server, said = serve(clone)

        assert "Loading the sample" in said
        assert clone.sql("SELECT count(*) FROM episodes_episode") == "10"
        stop(server, signal.SIGTERM)
