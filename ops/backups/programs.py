"""PostgreSQL's own programs: which one suits a server, and running it."""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from ops.backups.errors import BackupError

DEBIAN = Path("/usr/lib/postgresql")
BLOCK = 1024 * 1024
LAST_WORDS = 1500  # characters of what a program says when it fails


class ProgramFailed(BackupError):
    """A program ran, and refused."""


@dataclass(frozen=True, slots=True)
class Program:
    path: Path
    major: int


def program(name: str, server: int) -> Program:
    """The one of the server's own major version, else the next newer. Raises BackupError.

    Older ones refuse a newer server, and can't read a newer dump.
    """
    found = list(_versions(name, server))
    suiting = sorted((each for each in found if each.major >= server), key=lambda each: each.major)
    if suiting:
        return suiting[0]
    older = ", ".join(f"{each.path} of version {each.major}" for each in found)
    raise BackupError(
        f"This needs {name} of PostgreSQL {server}, the server's version; "
        f"{f'there is {older}' if older else 'there is none on the PATH'}. "
        f"Debian: apt-get install postgresql-client-{server} (apt.postgresql.org has every "
        "version). Elsewhere name the folder of its programs by PGBIN."
    )


def _versions(name: str, server: int) -> Iterator[Program]:
    given = [settings.PGBIN, *os.environ.get("PATH", os.defpath).split(os.pathsep)]
    folders = [*map(Path, filter(None, given)), DEBIAN / str(server) / "bin"]
    for path in dict.fromkeys(folder / name for folder in folders):
        if os.access(path, os.X_OK) and (major := _major(path)):
            yield Program(path, major)


def _major(path: Path) -> int | None:
    """None where it can't be run."""
    asked = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"\(PostgreSQL\) (\d+)", asked.stdout)
    return int(found[1]) if found else None


def run(program: Program, arguments: list[str], password: str) -> Iterator[bytes]:
    """What the program writes, block by block. Raises ProgramFailed with what it said.

    It writes into a pipe of ours, so it ends when we are killed. The password is in its
    environment, which other users can't read, unlike its arguments.
    """
    env = {**os.environ, "LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {})
    with subprocess.Popen(  # noqa: S603
        [program.path, *arguments],
        env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout and child.stderr  # noqa: S101
        said: list[bytes] = []
        # Read beside the other, lest it wait for us to read what it complains of.
        listener = threading.Thread(target=_collect, args=(child.stderr, said), daemon=True)
        listener.start()
        try:
            while block := child.stdout.read(BLOCK):
                yield block
        except BaseException:  # nobody wants the rest: the disk is full
            child.kill()
            raise
        code = child.wait()
        listener.join()
    if code:
        words = b"".join(said).decode(errors="replace").strip()[-LAST_WORDS:]
        raise ProgramFailed(f"{program.path.name} failed (exit {code}): {words}")


def _collect(stream: IO[bytes], said: list[bytes]) -> None:
    said.extend(iter(lambda: stream.read(BLOCK), b""))
