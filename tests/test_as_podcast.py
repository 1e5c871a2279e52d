"""Root runs commands as the site's user, and whoever broke into the site gets nothing of root's."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.production import MACHINE, eventually
from tests.test_systemd import FOLDER, unit

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")

# Types into its terminal, whichever it can reach.
TYPE = """
import fcntl, os, sys, termios
print("user", os.getuid(), flush=True)
for name in ("/dev/tty", 0, 1, 2):
    try:
        opened = os.open(name, os.O_RDWR) if name == "/dev/tty" else name
        for byte in b"id\\n":
            fcntl.ioctl(opened, termios.TIOCSTI, bytes([byte]))
    except OSError:
        pass
sys.exit(7)
"""
# Root's shell: runs the command, then says its status and whether anything was typed.
ROOTS = """
import select, subprocess, sys
ran = subprocess.run(sys.argv[1:])
print("status", ran.returncode, "typed", bool(select.select([0], [], [], 1)[0]), flush=True)
"""
USER = "mail"  # stands for podcast


def as_podcast() -> str:
    """The script, for a user whom any Debian has."""
    text = (FOLDER / "as-podcast").read_text()
    return re.sub(r"(?<=-reuid=)podcast|(?<=-regid=)podcast", USER, text)


def on_terminal(*command: str) -> str:
    """What a terminal of root's shows."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-c", ROOTS, *command])
    shown = b""
    while select.select([terminal], [], [], 30)[0]:
        try:
            shown += os.read(terminal, 4096)
        except OSError:  # closed
            break
    os.waitpid(pid, 0)
    return shown.decode()


@pytest.mark.parametrize("streams", ["", "| cat", "</dev/null", "2>/dev/null", "<&1 >/dev/null"])
def test_it_types_nothing_into_roots_terminal(streams: str):
    status = "" if streams == "| cat" else "; exit $?"  # of the pipe's end
    shell = f'set -- /usr/bin/python3 -c "$0"; ({as_podcast()}) {streams}{status}'
    shown = on_terminal("sh", "-c", shell, TYPE)
    assert "typed False" in shown, shown
    if "|" not in streams:
        assert "status 7 " in shown
    if ">/dev/null" not in streams.replace("2>", ""):
        assert re.search(r"^user \d+\r?$", shown, re.MULTILINE) and "user 0" not in shown


READ = "cat /proc/{0}/environ; ls /proc/{0}/root/; cat /proc/{0}/maps"


def as_the_site(command: str) -> str:
    """What the shell of whoever broke into the site prints."""
    site = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups",
            "--inh-caps=-all", "--bounding-set=-all", "sh", "-c", command]  # fmt: skip
    return subprocess.run(site, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def running() -> Iterator[subprocess.Popen[bytes]]:
    env = MACHINE | {"DATABASE_URL": "postgres://of-the-owner"}
    command = ["sh", "-c", as_podcast(), "as-podcast", "sleep", "60"]
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL) as script:
        yield script
        script.terminate()


def sleeper(script: subprocess.Popen[bytes]) -> str:
    """The process ID of the command, once it runs as the site's user."""

    def found() -> list[str]:
        ran = subprocess.run(
            ["pgrep", "-x", "-P", str(script.pid), "sleep"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return ran.stdout.split()

    eventually(lambda: bool(found()))
    return found()[0]


def test_the_site_reads_no_memory_and_no_environment_of_it(running: subprocess.Popen[bytes]):
    command = sleeper(running)
    assert f"/{USER}" in f"/{Path(f'/proc/{command}').owner()}"
    assert as_the_site(READ.format(command)) == ""


def test_it_ends_with_the_script(running: subprocess.Popen[bytes]):
    command = sleeper(running)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=60) != 0
    assert not Path(f"/proc/{command}").exists()


def test_output_that_goes_to_a_file_is_unchanged(tmp_path: Path):
    command = ["sh", "-c", as_podcast(), "as-podcast", "sh", "-c", "cat; echo $HOME $USER; exit 3"]
    ran = subprocess.run(command, input=b"a\n", capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (3, b"a\n/var/lib/podcast podcast\n")


def test_a_backup_has_the_same_capability_and_the_site_has_not():
    for name in ("nightly", "hourly"):
        backup = unit(FOLDER / f"podcast-{name}.service")["Service"]
        assert backup["AmbientCapabilities"] == backup["CapabilityBoundingSet"]
        assert backup["AmbientCapabilities"] == "CAP_NET_BIND_SERVICE"
    for name in ("web", "tick"):
        service = unit(FOLDER / f"podcast-{name}.service")["Service"]
        assert service["CapabilityBoundingSet"] == "" and "AmbientCapabilities" not in service


def test_every_script_becomes_the_sites_user_in_this_way():
    for path in FOLDER.iterdir():
        assert "runuser -u podcast" not in path.read_text(), path
