"""Programs that backups run; of PostgreSQL's own, one of the right version."""

import os
import re
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from ops.backups.errors import BackupError

DEBIAN = Path("/usr/lib/postgresql")
MAX_MESSAGE = 1500  # characters
FRAMES = re.compile(r"\n\S+\n\t\S+\.go:\d+")  # of Go's stack traces
NO_ROOM = "No space left on device"


class ProgramFailed(BackupError):
    """A program exited with an error, or was killed (a negative code): `message` is its own."""

    def __init__(self, name: str, code: int, message: str) -> None:
        super().__init__(f"{name} failed (exit {code}): {message[-MAX_MESSAGE:]}")
        self.code, self.message = code, message


class Program(NamedTuple):
    path: Path
    major: int


def program(name: str, server: int) -> Program:
    """The program of the server's major version, or else of the next newer. Raises BackupError.

    Older ones refuse a newer server, and can't read a newer dump.
    """
    found = sorted(_versions(name, server), key=lambda each: each.major)
    if suitable := [each for each in found if each.major >= server]:
        return suitable[0]
    older = ", ".join(f"{each.path} of version {each.major}" for each in found)
    raise BackupError(
        f"This needs {name} of PostgreSQL {server}, the server's version; "
        f"{f'there is {older}' if older else 'there is none on the PATH'}. "
        f"Debian: apt-get install postgresql-client-{server} (apt.postgresql.org has every "
        "version). Elsewhere name the folder of its programs in PGBIN."
    )


def _versions(name: str, server: int) -> Iterator[Program]:
    paths = [settings.PGBIN, *os.environ.get("PATH", os.defpath).split(os.pathsep)]
    folders = [*map(Path, filter(None, paths)), DEBIAN / str(server) / "bin"]
    for path in dict.fromkeys(folder / name for folder in folders):
        if os.access(path, os.X_OK) and (major := _major(path)):
            yield Program(path, major)


def _major(path: Path) -> int | None:
    """The program's major version; None if it can't be run."""
    ran = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"\(PostgreSQL\) (\d+)", ran.stdout)
    return int(found[1]) if found else None


def run(
    path: Path, arguments: Iterable[str], secrets: Mapping[str, str], folder: Path | None = None,
    seconds: int | None = None,
) -> str:  # fmt: skip
    """The program's output. Raises ProgramFailed, also if it takes longer than `seconds`.

    Secrets are in its environment, which other users can't read, unlike its arguments.
    """
    try:
        ran = subprocess.run(  # noqa: S603
            [path, *arguments], cwd=folder, env={**os.environ, "LC_ALL": "C", **secrets},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            check=False, timeout=seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        said = (error.stderr or b"").decode(errors="replace").strip()
        raise ProgramFailed(path.name, -signal.SIGKILL, f"no end in {seconds} s. {said}") from error
    if ran.returncode:
        raise ProgramFailed(path.name, ran.returncode, FRAMES.sub("", ran.stderr).strip())
    return ran.stdout
