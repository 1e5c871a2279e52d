"""PostgreSQL's own programs: finding one of the right version, and running it."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from django.conf import settings

from ops.backups.errors import BackupError

DEBIAN = Path("/usr/lib/postgresql")
BLOCK = 1024 * 1024
MAX_MESSAGE = 1500  # characters


class ProgramFailed(BackupError):
    """A program exited with an error."""


@dataclass(frozen=True, slots=True)
class Program:
    path: Path
    major: int


def program(name: str, server: int) -> Program:
    """The program of the server's major version, or else of the next newer. Raises BackupError.

    Older ones refuse a newer server, and can't read a newer dump.
    """
    found = list(_versions(name, server))
    suitable = [each for each in found if each.major >= server]
    if suitable:
        return min(suitable, key=lambda each: each.major)
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


def run(program: Program, arguments: list[str], password: str) -> Iterator[bytes]:
    """The program's output in blocks. Raises ProgramFailed with its error message.

    It writes into our pipe, so it ends when we are killed. The password is in its environment,
    which other users can't read, unlike its arguments.
    """
    env = {**os.environ, "LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {})
    with (
        TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603
            [program.path, *arguments],
            env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
        ) as child,
    ):  # fmt: skip
        try:
            while block := cast(IO[bytes], child.stdout).read(BLOCK):
                yield block
        except BaseException:  # the reader of the output has failed, such as by a full disk
            child.kill()
            raise
        code = child.wait()
        errors.seek(0)
        message = errors.read().decode(errors="replace").strip()[-MAX_MESSAGE:]
    if code:
        raise ProgramFailed(f"{program.path.name} failed (exit {code}): {message}")
