"""Reading a backup back: its dump restored and compared row by row, its files by their sums."""

import errno
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from django.utils import timezone

from ops.backups.destinations import Place, Sum
from ops.backups.manifest import StoredFile, Verdict
from ops.backups.postgres import (
    Database,
    different_tables,
    load,
    major,
    refuse_older,
    scratch,
    tables,
)
from ops.backups.programs import ProgramFailed
from ops.backups.repository import DUMP, FILES, Backup

NO_ROOM = "No space left on device"


def check(backup: Backup, server: Database, *, elsewhere: bool = False) -> Verdict:
    """What was found, which is noted beside the backup, too.

    That a server elsewhere can't take the dump is no fault of the backup's, and not noted. Raises
    BackupError where it can't be said, as without a scratch database on that server.
    """
    manifest = backup.manifest
    with backup.place.workspace() as workspace:
        dump = workspace / DUMP
        problem = fetch(backup.place, backup.path(DUMP), manifest.dump, dump)
        problems = [f"the dump {problem}"] if problem else list(_restored(dump, backup, server))
        broken = dict(broken_files(backup.place, manifest.files.values()))
        names = {file.blob: name for name, file in sorted(manifest.files.items(), reverse=True)}
        problems += [f"{names[blob]} {what}" for blob, what in broken.items()]
        verdict = Verdict(timezone.now(), problems, sorted(broken))
        if broken or not (problems and elsewhere):
            backup.note(verdict, workspace)
    return verdict


def fetch(place: Place, name: str, expected: StoredFile, path: Path) -> str | None:
    """Write a file of the place there; what is wrong with it, in words."""
    with path.open("wb") as target:
        return problem_with(place, name, expected, Sum(target))


def broken_files(place: Place, files: Iterable[StoredFile]) -> Iterator[tuple[str, str]]:
    """Of the files, those whose bytes aren't what they were: their places, and what is wrong."""
    there = place.sizes(FILES)
    for blob, file in {file.blob: file for file in files}.items():
        if there.get(blob, file.size) != file.size:
            yield blob, f"has {there[blob]} bytes, not {file.size}"
        elif problem := problem_with(place, blob, file, Sum()):
            yield blob, problem


def problem_with(place: Place, name: str, expected: StoredFile, into: Sum) -> str | None:
    """Read a file; what is wrong with it, in words."""
    try:
        place.read(name, into)
    except FileNotFoundError:
        return "is missing"
    except OSError as failure:
        if failure.errno != errno.EIO:
            raise
        return "can't be read: its disk fails"
    if into.size != expected.size:
        return f"has {into.size} bytes, not {expected.size}"
    if into.sha256 != expected.sha256:
        return "has other bytes than were written"
    return None


def _restored(dump: Path, backup: Backup, server: Database) -> Iterator[str]:
    with closing(server.connect()) as asked:
        version = major(asked)
    refuse_older(version, backup.manifest.postgresql)
    with scratch(server) as database:
        try:
            load(dump, database, version)
        except ProgramFailed as failure:
            if NO_ROOM in str(failure):  # which is no fault of the dump
                raise
            yield f"the dump can't be restored: {failure}"
            return
        with closing(database.connect()) as restored:
            yield from different_tables(backup.manifest.tables, tables(restored))
