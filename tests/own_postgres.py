"""A PostgreSQL of one test's own, which it may kill and start again."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import packages
from deploy.local.binaries import account_for, find
from deploy.local.postgres import Server, create_cluster, url_of
from deploy.local.processes import Lock


class OwnPostgres:
    """A durable server: what it has committed, it has after a crash."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o711)
        self.folder, self.data, self.sockets = folder, folder / "data", folder / "socket"
        self.lock = Lock(folder / "pg.lock")
        self.lock.take()
        account = account_for(None)
        self.binaries = find(packages.venv_folder(), os.environ, account, folder / "programs")
        create_cluster(self.binaries, self.data, self.lock, "--no-sync")
        self.sockets.mkdir(mode=0o700)
        self.start()

    @property
    def url(self) -> str:
        return url_of(self.sockets)

    def start(self) -> None:
        """Return when it has recovered and accepts connections."""
        self.server = Server(self.binaries, self.data, self.sockets, self.lock, [])
        self.server.wait_until_ready()

    def kill(self) -> None:
        """As `pg_ctl stop -m immediate`: no backend finishes or says goodbye."""
        self.server.process.send_signal(signal.SIGQUIT)
        self.server.process.wait(timeout=60)


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="own-postgres-", dir="/tmp"))
    postgres = None
    try:
        postgres = OwnPostgres(folder)
        yield postgres
    finally:
        if postgres:
            postgres.server.stop()
        shutil.rmtree(folder)
