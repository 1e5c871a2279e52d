"""A PostgreSQL of our own: a child process reached by a socket in a private folder.

Three locks in the state folder say what is going on:

pg.lock     held by `./run`, the server and gunicorn, by inheritance. Whoever takes it knows
            that nothing of this data folder is alive any more, also after kill -9, and that
            a postmaster.pid found then is stale, whatever process has that number today.
owner.lock  held by the one `./run` that started the server; it says in the file who that is.
users.lock  shared by each `./run` attached to somebody else's server.
"""

import json
import math
import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from deploy.local.binaries import Account, Binaries
from deploy.local.environment import ROOT
from deploy.local.major_version import check_version
from deploy.local.processes import Lock, terminate

NAME = "catalogue"
SOCKETS = Path("/tmp")  # noqa: S108 - a socket's path may have 107 bytes; the folder is 0700
SOCKET_PREFIX = "catalogue-socket-"
LONGEST_LOG = 1024**2
CREATE_EXTENSION = (ROOT / "deploy/extension.sql").read_text()
NON_DURABLE = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]


def url_of(socket_folder: Path, name: str = NAME) -> str:
    """DATABASE_URL of a database of the server listening there."""
    return f"postgres://postgres@{quote(str(socket_folder), safe='')}:5432/{name}"


def answers(socket_folder: Path) -> bool:
    """Whether a server accepts connections there."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(socket_folder / ".s.PGSQL.5432"))
        except OSError:
            return False
    return True


def create_cluster(
    binaries: Binaries, data: Path, lock: Lock, *initdb_options: str, names: Sequence[str] = (NAME,)
) -> None:
    """Make the data folder with empty databases, whole or not at all."""
    draft = data.with_name(f"{data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)  # left by an initdb that was killed
    draft.mkdir(mode=0o700)
    give(draft, binaries.account)
    for locale in ("C.UTF-8", "C"):  # the second where the system lacks the first
        arguments = ["-U", "postgres", "-A", "trust", "-E", "UTF8", f"--locale={locale}"]
        problem = binaries.run("initdb", "-D", str(draft), *arguments, *initdb_options, lock=lock)
        if problem is None:
            break
    problem = problem or binaries.run(
        "postgres", "--single", "-D", str(draft), "template1",
        stdin=CREATE_EXTENSION + "".join(f"CREATE DATABASE {name};\n" for name in names),
        lock=lock,
    )  # fmt: skip
    if problem is not None:
        shutil.rmtree(draft)
        raise SystemExit(f"PostgreSQL could not make its data folder:\n{problem}")
    draft.rename(data)


def give(path: Path, account: Account | None) -> None:
    """Make the server's user the owner of a path."""
    if account:
        os.chown(path, account.uid, account.gid)


class Server:
    """A running postmaster, our child."""

    def __init__(
        self, binaries: Binaries, data: Path, sockets: Path, lock: Lock, options: list[str]
    ) -> None:
        self.data = data
        self.sockets = sockets
        self.log = data.with_name("postgres.log")
        give(sockets, binaries.account)
        options = ["listen_addresses=", "port=5432", f"unix_socket_directories={sockets}", *options]
        too_long = self.log.exists() and self.log.stat().st_size > LONGEST_LOG
        with self.log.open("wb" if too_long else "ab") as log:
            self.process = binaries.start(
                "postgres", "-D", str(data), *(f"--{option}" for option in options),
                dies_by=signal.SIGINT,  # a fast shutdown
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # out of reach of the terminal's Ctrl-C
                pass_fds=[lock.fd],
            )  # fmt: skip

    def wait_until_ready(self) -> None:
        """Return when it accepts connections; recovery after a crash may take its time."""
        patience = time.monotonic() + 5
        while self.process.poll() is None:
            if answers(self.sockets) and self._says_ready():
                return
            if time.monotonic() > patience:
                print(f"PostgreSQL takes long to start; its log is {self.log}", flush=True)
                patience = math.inf
            time.sleep(0.02)
        said = self.log.read_text(errors="replace").splitlines()[-15:]
        raise SystemExit("\n".join(["PostgreSQL did not start:", *said]))

    def _says_ready(self) -> bool:
        # As pg_ctl does: the eighth line of postmaster.pid. During recovery the socket is
        # there, but refuses queries.
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def stop(self) -> None:
        """A fast shutdown: clients are disconnected, everything committed is on disk."""
        terminate(self.process, signal.SIGINT, patience=60)
        shutil.rmtree(self.sockets, ignore_errors=True)


class PrivateDatabase:
    """The installation's own database: owned by one `./run`, joined by others."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.data = state / "data"
        self.server: Server | None = None
        self.alive = Lock(state / "pg.lock")
        self._owner = Lock(state / "owner.lock")
        self._users = Lock(state / "users.lock")

    def holder(self) -> dict[str, str]:
        """Who owns it: pid, command, url and, when it answers, socket. Empty: nobody."""
        if self._owner.is_free():
            return {}
        try:
            return json.loads(self._owner.path.read_text() or "{}")
        except json.JSONDecodeError:  # caught while it was being written
            return {}

    def claim(self, command: str, url: str = "", wait: float = 0) -> bool:
        """Become the owner, and wait until nothing of the last one is left running."""
        if not self._owner.take(wait):
            return False
        self._write({"pid": str(os.getpid()), "command": command, "url": url})
        if self.alive.take(wait=1):
            return True
        print("The last server is still shutting down; waiting for it.", flush=True)
        if self.alive.take(wait=120):
            return True
        self.release()
        raise SystemExit(f"A PostgreSQL on {self.data} is still running; see postmaster.pid there.")

    def attach(self) -> str | None:
        """The URL of the owner's server, which won't stop while we are attached."""
        if not self._users.take(shared=True):
            return None
        folder = self.holder().get("socket")
        if folder and answers(Path(folder)):
            return url_of(Path(folder))
        self._users.release()
        return None

    def start(self, binaries: Binaries) -> str:
        """Start the server, making its data folder first if there is none; its URL."""
        if not self.data.exists():
            (self.state / "sample").unlink(missing_ok=True)  # speaks of an earlier data folder
            create_cluster(binaries, self.data, self.alive)
        check_version(binaries, self.data, NAME)
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # stale: we hold pg.lock
        sockets = new_socket_folder(self.state)
        self.server = Server(binaries, self.data, sockets, self.alive, [])
        self.server.wait_until_ready()
        record = json.loads(self._owner.path.read_text())
        self._write({**record, "socket": str(sockets)})
        return url_of(sockets)

    def stop(self, patience: float) -> None:
        """Stop the server when those attached have left, or after `patience` seconds."""
        try:
            if self.server and not self._users.take():
                print("Waiting for another ./run that uses this database.", flush=True)
                self._users.take(wait=patience)
        finally:  # also when a signal ends the waiting
            if self.server:
                self.server.stop()
            self.release()

    def release(self) -> None:
        """Let go of all locks."""
        for lock in (self._users, self.alive, self._owner):
            lock.release()

    def _write(self, record: dict[str, str]) -> None:
        self._owner.path.write_text(json.dumps(record))


def new_socket_folder(state: Path) -> Path:
    """A private folder for the socket of the server on `state`/data; a killed run's is removed."""
    record = state / "socket"
    if record.exists():
        remove_sockets(Path(record.read_text()), state / "data")
    folder = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=SOCKETS))
    record.write_text(str(folder))
    return folder


def remove_sockets(folder: Path, data: Path) -> None:
    """Remove a socket folder if it is one, and the data folder's owner's: /tmp is everybody's."""
    if folder.parent != SOCKETS or not folder.name.startswith(SOCKET_PREFIX):
        return
    if folder.is_symlink() or not folder.is_dir():
        return
    found = folder.stat()
    if found.st_uid == data.stat().st_uid and not stat.S_IMODE(found.st_mode) & 0o077:
        shutil.rmtree(folder)


@contextmanager
def throwaway(binaries: Binaries, options: Sequence[str] = NON_DURABLE) -> Iterator[str]:
    """URL of a server for tests: fast, forgetful, and gone afterwards."""
    sweep_throwaways()
    folder = Path(tempfile.mkdtemp(prefix="catalogue-draft-", dir=SOCKETS))
    folder.chmod(0o711)
    lock = Lock(folder / "pg.lock")
    lock.take()
    # Named only when locked, so that the sweep of another ./run never takes it for a stale one.
    folder = folder.rename(folder.with_name(folder.name.replace("draft", "throwaway")))
    server = None
    try:
        create_cluster(binaries, folder / "data", lock, "--no-sync")
        sockets = folder / "socket"
        sockets.mkdir(mode=0o700)
        server = Server(binaries, folder / "data", sockets, lock, [*options])
        server.wait_until_ready()
        yield url_of(sockets)
    finally:
        if server:
            server.stop()
        shutil.rmtree(folder)


def sweep_throwaways() -> None:
    """Remove what killed test runs left: nobody holds the lock of those."""
    for lock_file in SOCKETS.glob("catalogue-throwaway-*/pg.lock"):
        lock = Lock(lock_file)
        # Another sweep may be at it too, or it is another user's.
        with suppress(FileNotFoundError, PermissionError):
            if lock.take():
                shutil.rmtree(lock_file.parent)
        lock.release()
