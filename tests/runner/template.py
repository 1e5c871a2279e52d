"""PostgreSQL for tests: clusters that last from run to run, each with a migrated template database.

They are in the folder `tests` of the state folder. A run takes the first that no other run uses,
so that runs at the same time share nothing. A cluster counts as good while its file `migrated` says
what it was made from; a run takes that file away and puts it back at its end, so the cluster of a
run that was killed is made anew.
"""

import hashlib
import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import packages
from deploy.local.binaries import Binaries
from deploy.local.environment import ROOT, SERVER_STATE, for_tests
from deploy.local.postgres import (
    CREATE_EXTENSION,
    NAME,
    NON_DURABLE,
    Server,
    create_cluster,
    new_socket_folder,
    url_of,
)
from deploy.local.processes import Lock

TEMPLATE = "catalogue_template"
NO_SOURCE = {"var", "node_modules", "staticfiles", "__pycache__"}
IMPORT = re.compile(r"^(?:from|import) ([\w.]+)(?: import ([\w, ]+))?", re.MULTILINE)
BOOT = Path("/proc/sys/kernel/random/boot_id")


@contextmanager
def server_for_tests(binaries: Binaries, clusters: Path) -> Iterator[str]:
    """URL of a running server whose database `TEMPLATE` has all migrations."""
    folder, lock = take_free(clusters)
    mark = folder / "migrated"
    made_from = fingerprint(ROOT, binaries.version)
    try:
        good = mark.exists() and mark.read_text() == made_from
        mark.unlink(missing_ok=True)
        if not good:
            remove_clusters_of_gone_clones()
            shutil.rmtree(folder / "data", ignore_errors=True)
            create_cluster(binaries, folder / "data", lock, "--no-sync", names=(NAME, TEMPLATE))
        sockets = new_socket_folder(folder)
        server = Server(binaries, folder / "data", sockets, lock, NON_DURABLE)
        try:
            server.wait_until_ready()
            if not good:
                migrate(url_of(sockets, TEMPLATE))
            yield url_of(sockets)
        finally:
            server.stop()
        mark.write_text(made_from)
    finally:
        lock.release()


def take_free(clusters: Path) -> tuple[Path, Lock]:
    """The first folder in `clusters` that no other run uses, and the lock that keeps it."""
    for number in itertools.count(1):
        folder = clusters / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        for each in (clusters, folder):  # PostgreSQL's user must get through to its data
            each.chmod(0o711)
        lock = Lock(folder / "pg.lock")
        if lock.take():
            return folder, lock
    raise AssertionError("unreachable")


def remove_clusters_of_gone_clones(states: Path = SERVER_STATE) -> None:
    """Root's clusters are outside the clones, and would outlast each clone of a CI."""
    for record in states.glob("*/clone"):
        if not Path(record.read_text().removesuffix("\n")).exists():
            shutil.rmtree(record.parent / "tests", ignore_errors=True)


def migrate(url: str) -> None:
    """Apply all migrations to the database at `url`."""
    print("Migrating a database for the tests to copy.", flush=True)
    command = [packages.python(), "manage.py", "migrate", "--verbosity=0", "--no-input"]
    if subprocess.run(command, cwd=ROOT, env=for_tests(url)).returncode:
        raise SystemExit("The migrations failed; the message is above.")


def fingerprint(root: Path, version: int) -> str:
    """A hash of all that a migrated database depends on.

    The boot is part of it: the server doesn't wait for the disk, so a machine that lost power may
    have lost pages as well.
    """
    digest = hashlib.sha256(f"PostgreSQL {version}\n{CREATE_EXTENSION}".encode())
    if BOOT.exists():
        digest.update(BOOT.read_bytes())
    for path in [root / "requirements.txt", *schema_sources(root)]:
        digest.update(f"{path.relative_to(root)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def schema_sources(root: Path) -> list[Path]:
    """All migrations, the project's modules they import, and all SQL files."""
    found = set()
    for folder, inner, names in os.walk(root):
        inner[:] = [name for name in inner if name not in NO_SOURCE and not name.startswith(".")]
        ending = {"migrations": ".py", "sql": ".sql"}.get(Path(folder).name, "/")
        found |= {Path(folder, name) for name in names if name.endswith(ending)}
    migrations = [path for path in found if path.suffix == ".py"]
    return sorted(found.union(*(imported(root, path) for path in migrations)))


def imported(root: Path, module: Path) -> Iterator[Path]:
    """The project's modules that `module` names in its import lines."""
    for name, members in IMPORT.findall(module.read_text()):
        for each in [name, *(f"{name}.{member.strip()}" for member in members.split(","))]:
            path = root.joinpath(*each.split("."))
            yield from filter(Path.is_file, [path.with_suffix(".py"), path / "__init__.py"])
