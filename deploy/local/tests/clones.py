"""Clones of this project for tests of `./run`, and their processes."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from deploy.local.environment import ROOT, SERVER_STATE

LEFT_OUT = shutil.ignore_patterns(".*", "var", "staticfiles", "node_modules", "__pycache__")


class Clone:
    """A clone whose `./run` is called with hardly any environment and no home folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix: list[str] = []
        self.started: list[subprocess.Popen[str]] = []
        self.first_words = ""
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": "/nonexistent",
            "PYTHON": sys.executable,
        }
        if "PGBIN" in os.environ:
            self.env["PGBIN"] = os.environ["PGBIN"]

    @property
    def state(self) -> Path:
        """As environment.state_folder() has it in the clone."""
        if os.geteuid() == 0 and not self.prefix:
            return SERVER_STATE / sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return self.folder / "var"

    def start(self, *arguments: str, **env: str) -> subprocess.Popen[str]:
        """Start `./run`, as from a shell in the background."""
        process = subprocess.Popen(
            [*self.prefix, str(self.folder / "run"), *arguments],
            cwd="/",
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str, **env: str) -> tuple[int, str]:
        """Exit code and output of `./run`."""
        process = self.start(*arguments, **env)
        said, _ = process.communicate(timeout=90)
        return process.returncode, said

    def shell(self, commands: str) -> int:
        """Exit code of commands that are typed in the clone's folder."""
        ran = subprocess.run(["sh", "-c", commands], cwd=self.folder, env=self.env, timeout=180)
        return ran.returncode

    def sql(self, query: str) -> str:
        """The answer of the private database."""
        code, said = self.run("exec", "psql", "-qAtc", query)
        assert code == 0, said
        return said.strip()

    def hold_database(self) -> subprocess.Popen[str]:
        """Start a `./run` that keeps the database running until it is stopped."""
        process = self.start("exec", "sh", "-c", "echo ready; exec sleep 60")
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    def processes(self) -> list[int]:
        """All that runs for this clone, except `./run` itself."""
        return [
            int(folder.name)
            for folder in Path("/proc").glob("[0-9]*")
            if self._names_me(folder) and int(folder.name) != os.getpid()
        ]

    def _names_me(self, process: Path) -> bool:
        mine = (str(self.state / "data"), str(self.folder))
        try:
            if (process / "cwd").resolve() in (self.state / "data", self.folder):
                return True
            command = (process / "cmdline").read_text(errors="replace")
        except OSError:  # it ended while we looked, or isn't ours
            return False
        return any(f"{path}\0" in command for path in mine)


@contextmanager
def cloned(name: str) -> Iterator[Clone]:
    """A clone in a folder of that name, removed afterwards with its database."""
    # Not pytest's tmp_path: below that, PostgreSQL's user can't reach anything.
    base = Path(tempfile.mkdtemp(prefix="clone-", dir="/tmp"))
    base.chmod(0o755)
    folder = base / name
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    shutil.copy(ROOT / ".env.example", folder)
    folder.joinpath(".venv").symlink_to(sys.prefix)
    clone = Clone(folder)
    try:
        yield clone
    finally:
        for process in clone.started:  # those of a test that failed still run
            process.kill()
        wait_for(lambda: not clone.processes())
        shutil.rmtree(base)
        if clone.state.exists():
            shutil.rmtree(clone.state)


def stop(process: subprocess.Popen[str], signum: signal.Signals) -> tuple[int, str]:
    """Send a signal; exit code and the rest of the output."""
    process.send_signal(signum)
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Return when the condition holds; fail when it doesn't in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
