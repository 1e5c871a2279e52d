"""The private database after kill -9, with two commands at once, and under odd paths."""

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from deploy.local import packages
from deploy.local.binaries import candidates, version_of
from deploy.local.packages import fingerprint
from deploy.local.postgres import SOCKET_PREFIX, SOCKETS, remove_sockets, sweep_throwaways
from deploy.local.processes import Lock
from deploy.local.tests.clones import Clone, cloned, stop, wait_for

SYSTEM_PYTHON = "/usr/bin/python3"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]


@pytest.fixture(scope="module")
def clone() -> Iterator[Clone]:
    """One clone for all tests that leave its database intact."""
    with cloned("a clone's folder") as clone:
        yield clone


def test_path_with_space_and_quote(clone: Clone) -> None:
    assert clone.sql("SELECT 1") == "1"
    assert clone.processes() == []


def test_long_path() -> None:
    with cloned("long" * 50) as clone:
        assert clone.sql("SELECT 1") == "1"


def test_databases_have_the_extension_for_search_by_meaning(clone: Clone) -> None:
    offered = clone.sql("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'")
    assert clone.sql("SELECT count(*) FROM pg_extension WHERE extname = 'vector'") == offered


def test_kill_9_leaves_nothing_running_and_loses_nothing(clone: Clone) -> None:
    holder = clone.hold_database()
    clone.sql("CREATE TABLE persisted AS SELECT 42 AS answer")
    assert clone.processes()

    stop(holder, signal.SIGKILL)

    wait_for(lambda: clone.processes() == [])
    assert clone.sql("SELECT answer FROM persisted") == "42"


def test_start_right_after_kill_9_waits_for_the_old_server(clone: Clone) -> None:
    stop(clone.hold_database(), signal.SIGKILL)
    assert clone.sql("SELECT 1") == "1"


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_signals_stop_the_server(clone: Clone, signum: signal.Signals) -> None:
    holder = clone.hold_database()
    if signum == signal.SIGINT:  # the terminal sends it to the command as well
        os.killpg(holder.pid, signum)
    code, _ = stop(holder, signum)
    assert code == 128 + signum
    assert clone.processes() == []


def test_stale_pid_file_naming_another_program(clone: Clone) -> None:
    assert clone.sql("SELECT 1") == "1"
    other = subprocess.Popen(["sleep", "60"])
    stale = clone.state / "data/postmaster.pid"
    stale.write_text(f"{other.pid}\n{clone.state}/data\n1700000000\n5432\n/tmp/gone\n\n\nready\n")
    try:
        assert clone.sql("SELECT 1") == "1"
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_second_attaches_and_the_owner_waits_for_it(clone: Clone) -> None:
    owner = clone.hold_database()
    attached = clone.start("exec", "sh", "-c", "echo here; sleep 2; psql -qAtc 'SELECT 7'")
    assert attached.stdout
    assert attached.stdout.readline() == "here\n"

    stop(owner, signal.SIGTERM)

    said, _ = attached.communicate(timeout=20)
    assert said == "7\n"
    assert clone.processes() == []


def test_serve_refuses_while_another_command_has_the_database(clone: Clone) -> None:
    holder = clone.hold_database()
    code, said = clone.run("serve", PORT="48731")
    assert code == 1
    assert f"./run exec (pid {holder.pid})" in said
    stop(holder, signal.SIGTERM)


def test_killed_initdb_leaves_nothing_half_made() -> None:
    with cloned("clone") as clone:
        first = clone.start("exec", "true")
        wait_for((clone.state / "data.new/PG_VERSION").exists)
        stop(first, signal.SIGKILL)
        assert not (clone.state / "data").exists()

        assert clone.sql("SELECT 1") == "1"
        assert not (clone.state / "data.new").exists()


def test_data_of_another_major_version_are_left_alone() -> None:
    with cloned("clone") as clone:
        clone.sql("SELECT 1")
        data = clone.state / "data"
        (data / "PG_VERSION").write_text("9\n")
        before = {path: path.lstat().st_mtime_ns for path in data.rglob("*")}

        code, said = clone.run("exec", "true")

        assert code == 1
        assert "pg_dump" in said
        assert before == {path: path.lstat().st_mtime_ns for path in data.rglob("*")}


@pytest.mark.parametrize("is_back", [False, True])
def test_printed_commands_move_to_another_major_version(is_back: bool) -> None:
    found = candidates(packages.venv_folder(), {})
    folders = {version_of(folder, None): folder for folder in found if (folder / "initdb").exists()}
    if len(folders) < 2:
        pytest.skip("needs two major versions of PostgreSQL")
    before, after = sorted(folders, key=lambda version: version or 0, reverse=is_back)[:2]
    with cloned("a clone's folder") as clone:
        (clone.state / f"data-{before}").mkdir(parents=True)
        clone.env["PGBIN"] = str(folders[before])
        clone.sql("CREATE TABLE persisted AS SELECT 42 AS answer")

        clone.env["PGBIN"] = str(folders[after])
        code, said = clone.run("serve")
        del clone.env["PGBIN"]  # the commands say it
        assert code == 1
        move = said.partition("begin again:\n")[2].removesuffix(" serve\n").rpartition(" &&\n")[0]
        assert clone.shell(move) == 0
        clone.env["PGBIN"] = str(folders[after])
        assert clone.sql("SELECT answer FROM persisted") == "42"
        dump = next(clone.folder.glob("catalogue.*"))
        assert stat.S_IMODE(dump.stat().st_mode) == 0o600
        assert not list((clone.state / f"data-{before}").iterdir()), "another folder of that name"

        # Typed again, and again after an interruption right before the last command.
        clone.sql("UPDATE persisted SET answer = 43")
        written = dump.read_bytes()
        assert clone.shell(move) != 0
        assert dump.read_bytes() == written
        assert clone.sql("SELECT answer FROM persisted") == "43"
        (clone.state / "data").rename(clone.state / "moved")
        assert clone.shell(move) != 0
        assert not (clone.state / "data").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_ordinary_user_without_home() -> None:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs or not suits(SYSTEM_PYTHON):
        pytest.skip("needs a Python and a PostgreSQL that every user can reach")
    with cloned("clone") as clone:
        pretend_installed(clone)
        subprocess.run(["chown", "-R", "nobody", clone.folder.parent], check=True)
        clone.prefix = ["setpriv", "--reuid=nobody", "--clear-groups", "--"]
        clone.env |= {"PYTHON": SYSTEM_PYTHON, "PGBIN": str(programs[-1])}

        assert clone.sql("SELECT 1") == "1"

        assert (clone.state / "data").stat().st_uid == clone.folder.stat().st_uid
        assert clone.processes() == []


def suits(python: str) -> bool:
    """Whether this Python can run the commands."""
    question = "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))"
    return Path(python).exists() and subprocess.run([python, "-c", question]).returncode == 0


def pretend_installed(clone: Clone) -> None:
    """A virtual environment that counts as complete: another user may not reach ours."""
    version = subprocess.run([SYSTEM_PYTHON, "-V"], capture_output=True, text=True).stdout
    venv = clone.folder / ".venv"
    venv.unlink()
    venv.mkdir()
    (venv / "pyvenv.cfg").write_text(f"version = {version.split()[1]}\n")
    (venv / "installed.json").write_text(
        json.dumps({"requirements.txt": fingerprint("requirements.txt")})
    )


def test_throwaway_server_is_swept_after_kill_9(clone: Clone) -> None:
    script = """
import time
from deploy.local.installation import programs
from deploy.local.postgres import throwaway
with throwaway(programs({})) as url:
    print(url, flush=True)
    time.sleep(60)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=clone.folder, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    url = process.stdout.readline()
    left = Path(unquote(urlsplit(url).hostname or "")).parent
    assert left.name.startswith("catalogue-throwaway-")
    assert is_locked(left)
    sweep_throwaways()
    assert left.exists(), "a server in use is left alone"

    process.kill()
    process.wait()
    wait_for(lambda: not is_locked(left))
    sweep_throwaways()

    assert not left.exists()


def test_only_socket_folders_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    precious = tmp_path / "precious"
    precious.mkdir(mode=0o700)
    monkeypatch.chdir(precious)
    for recorded in ("", str(precious), "/tmp"):  # an empty record names the current folder
        remove_sockets(Path(recorded), data=precious)
    assert precious.exists()

    sockets = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=SOCKETS))
    remove_sockets(sockets, data=precious)
    assert not sockets.exists()


def is_locked(folder: Path) -> bool:
    """Whether somebody uses this throwaway server."""
    return not Lock(folder / "pg.lock").is_free()
