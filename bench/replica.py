"""A streaming replica: setup, reads, lag, a crash, and a failover.

./run bench replica

Starts two PostgreSQL servers as in docs/replica.md, with the sample catalogue.
"""

import logging
import shutil
import signal
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path

import psycopg2
from django.core.management import call_command
from django.test import Client, override_settings

from bench.growth import UNHASHED
from deploy.local.environment import given
from deploy.local.installation import programs
from deploy.local.postgres import Server, create_cluster, give, url_of
from deploy.local.prepare import load_sample
from deploy.local.processes import Lock
from ops.backups.postgres import table_digests
from ops.database import Database, database_at
from ops.tests.installations import assert_site_works, using

TRIALS = 200
BURST = 50_000
SLOT = "replica"
LAG = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) FROM pg_stat_replication"


class Pair:
    """Two data folders with their servers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lock = folder, Lock(folder / "pg.lock")
        self.lock.take()
        self.binaries = programs(given())
        self.running: dict[str, Server] = {}

    def make(self, name: str) -> Database:
        """An empty server, running."""
        create_cluster(self.binaries, self.new_folder(name), self.lock)
        return self.start(name)

    def start(self, name: str) -> Database:
        sockets = self.folder / f"{name}-socket"
        sockets.mkdir(mode=0o700, exist_ok=True)
        own = self.folder / name
        server = Server(self.binaries, own / "data", sockets, self.lock, [])
        server.wait_until_ready()
        self.running[name] = server
        return database_at(url_of(sockets))

    def kill(self, name: str) -> None:
        server = self.running.pop(name)
        server.process.send_signal(signal.SIGQUIT)  # an immediate shutdown, without a flush
        server.process.wait()
        (server.data / "postmaster.pid").unlink(missing_ok=True)

    def new_folder(self, name: str) -> Path:
        own = self.folder / name
        own.mkdir(mode=0o700)
        give(own, self.binaries.account)
        return own / "data"

    def copy(self, primary: Database, to: str) -> float:
        """pg_basebackup; seconds it took."""
        data = self.new_folder(to)
        began = time.perf_counter()
        problem = self.binaries.run(
            "pg_basebackup", "-h", str(primary.parameters["host"]), "-U", "postgres",
            "-D", str(data), "--write-recovery-conf", "--create-slot", f"--slot={SLOT}",
            "--checkpoint=fast", lock=self.lock,
        )  # fmt: skip
        if problem:
            raise SystemExit(problem)
        return time.perf_counter() - began


@contextmanager
def pair() -> Iterator[Pair]:
    folder = Path(tempfile.mkdtemp(prefix="catalogue-replica-", dir="/tmp"))
    folder.chmod(0o711)
    made = Pair(folder)
    try:
        yield made
    finally:
        for server in made.running.values():
            server.stop()
        shutil.rmtree(folder)


def main() -> None:
    logging.disable(logging.INFO)  # a line for each request
    with pair() as servers, ExitStack() as opened:
        primary = servers.make("primary")
        with using(primary), redirect_stdout(StringIO()):
            call_command("migrate", verbosity=0)
            load_sample()
        print(f"pg_basebackup: {servers.copy(primary, 'replica'):.1f} s")
        replica = servers.start("replica")

        writes = opened.enter_context(closing(primary.connect()))
        writes.autocommit = True
        with writes.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_ticks (n bigint PRIMARY KEY, note text)")
        wait_until_equal(primary, replica)
        with using(replica), override_settings(STORAGES=UNHASHED):
            assert_site_works()
            status = Client(SERVER_NAME="localhost").get("/health").status_code
        print(f"every row is there, pages and search are answered from it, /health {status}")
        refused(replica)
        lags(writes, replica)
        burst(writes)

        servers.kill("replica")
        with writes.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_ticks SELECT -n, 'dead' FROM generate_series(1, 500) n"
            )
        replica = servers.start("replica")
        print(f"killed, restarted, caught up after {wait_until_equal(primary, replica):.2f} s")

        before = rows(primary)
        servers.kill("primary")
        began = time.perf_counter()
        with closing(replica.connect()) as promoted:
            promoted.autocommit = True
            with promoted.cursor() as cursor:
                cursor.execute("SELECT pg_promote()")
                assert rows(replica) == before
                cursor.execute("INSERT INTO bench_ticks VALUES (0, 'the new primary')")
        print(
            f"primary killed, replica took over with every row: {time.perf_counter() - began:.2f} s"
        )


def rows(database: Database) -> dict:
    with closing(database.connect()) as opened:
        return table_digests(opened)


def wait_until_equal(primary: Database, replica: Database) -> float:
    began = time.perf_counter()
    wanted = rows(primary)
    while rows(replica) != wanted:
        if time.perf_counter() - began > 60:
            raise SystemExit("The replica did not catch up within a minute.")
        time.sleep(0.02)
    return time.perf_counter() - began


def refused(replica: Database) -> None:
    with closing(replica.connect()) as opened, opened.cursor() as cursor:
        try:
            cursor.execute("INSERT INTO bench_ticks VALUES (-1, 'written on the replica')")
        except psycopg2.errors.ReadOnlySqlTransaction as error:
            print(f"a write is refused: {str(error).strip()}")
            return
    raise SystemExit("The replica took a write.")


def lags(writes, replica: Database) -> None:
    """From a commit on the primary to the first query on the replica that sees it."""
    with closing(replica.connect()) as reads:
        reads.autocommit = True
        took = []
        with writes.cursor() as write, reads.cursor() as read:
            for trial in range(TRIALS):
                write.execute("INSERT INTO bench_ticks VALUES (%s, 'lag')", [trial + 1])
                began = time.perf_counter()
                while True:
                    read.execute("SELECT 1 FROM bench_ticks WHERE n = %s", [trial + 1])
                    if read.fetchone():
                        break
                took.append((time.perf_counter() - began) * 1000)
                time.sleep(0.01)
    took.sort()
    print(
        f"lag of {TRIALS} commits: median {statistics.median(took):.1f} ms, "
        f"p95 {took[int(TRIALS * 0.95)]:.1f} ms, worst {took[-1]:.1f} ms"
    )


def burst(writes) -> None:
    """A large transaction: how far the replica falls behind, and for how long."""
    with writes.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_ticks "
            "SELECT 1000 + n, repeat('x', 200) FROM generate_series(1, %s) n",
            [BURST],
        )
        behind: list[int] = []
        began = time.perf_counter()
        while not behind or behind[-1]:
            cursor.execute(LAG)
            behind.append(int(cursor.fetchone()[0] or 0))
        seconds = time.perf_counter() - began
    print(f"{BURST} rows at once: {max(behind) / 1e6:.1f} MB behind, none after {seconds:.2f} s")
