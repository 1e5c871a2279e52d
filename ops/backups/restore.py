"""Restoring a backup; a check does it in a scratch database and compares rows and checksums."""

import errno
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from django.utils import timezone

from media.storages import copy_out, listing, restore_file
from ops.backups.destinations import Destination, HashingWriter
from ops.backups.errors import BackupError
from ops.backups.manifest import CheckResult, FileDigest
from ops.backups.postgres import (
    Database,
    different_tables,
    load,
    major_version,
    refuse_older,
    scratch_database,
    table_digests,
    table_names,
)
from ops.backups.programs import ProgramFailed
from ops.backups.repository import DUMP, FILES, Backup
from ops.database_roles import grant_rights
from search.vectors import make_vectors

NO_ROOM = "No space left on device"
BY_WORDS = (
    "Search works by words alone. For search by meaning, the database needs pgvector, and then "
    "rebuild_search: docs/deploy.md, “Search by meaning”."
)
MAX_SHOWN = 20  # problems
MAX_NAMED = 10  # files that are in the way


def check(backup: Backup, server: Database, *, elsewhere: bool = False) -> CheckResult:
    """The result, which is saved with the backup.

    Not saved is the failure of another server to restore the dump: the backup may be fine. Raises
    BackupError where the check can't be made, as without a scratch database on that server.
    """
    manifest, source = backup.manifest, backup.destination
    with source.workspace() as workspace:
        dump = workspace / DUMP
        problem = fetch(source, backup.path(DUMP), manifest.dump, dump)
        problems = [f"the dump {problem}"] if problem else list(_restored(dump, backup, server))
        damaged = dict(damaged_files(source, manifest.files.values()))
        names = {file.blob: name for name, file in sorted(manifest.files.items(), reverse=True)}
        problems += [f"{names[blob]} {problem}" for blob, problem in damaged.items()]
        result = CheckResult(timezone.now(), problems, sorted(damaged))
        if damaged or not (problems and elsewhere):
            backup.save(result, workspace)
    return result


def report(backup: Backup, result: CheckResult, write: Callable[[str], object]) -> None:
    """Raises BackupError if the backup is damaged."""
    if not result.problems:
        manifest = backup.manifest
        write(f"{backup.name}: verified, {manifest.rows} rows and {len(manifest.files)} files")
        return
    lines = result.problems[:MAX_SHOWN]
    if len(result.problems) > MAX_SHOWN:
        lines.append(f"and {len(result.problems) - MAX_SHOWN} more")
    advice = "Make another: manage.py backup --check"
    raise BackupError("\n".join([f"{backup.name} is damaged:", *lines, advice]))


def fetch(source: Destination, name: str, expected: FileDigest, path: Path) -> str | None:
    """Copy a file from the destination; what is wrong with it, if anything."""
    with path.open("wb") as target:
        return problem_with(source, name, expected, HashingWriter(target))


def damaged_files(source: Destination, files: Iterable[FileDigest]) -> Iterator[tuple[str, str]]:
    """The blobs whose bytes have changed or are missing, and what is wrong with each."""
    sizes = source.sizes(FILES)
    for blob, file in {file.blob: file for file in files}.items():
        if sizes.get(blob, file.size) != file.size:
            yield blob, f"has {sizes[blob]} bytes, not {file.size}"
        elif problem := problem_with(source, blob, file, HashingWriter()):
            yield blob, problem


def problem_with(
    source: Destination, name: str, expected: FileDigest, into: HashingWriter
) -> str | None:
    """Read a file; what is wrong with it, if anything."""
    try:
        source.read(name, into)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return "can't be read: its disk fails"
    if into.size != expected.size:
        return f"has {into.size} bytes, not {expected.size}"
    if into.sha256 != expected.sha256:
        return "has other bytes than were written"
    return None


def _restored(dump: Path, backup: Backup, server: Database) -> Iterator[str]:
    with closing(server.connect()) as opened:
        version = major_version(opened)
    refuse_older(version, backup.manifest.postgresql)
    with scratch_database(server) as scratch:
        try:
            load(dump, scratch, version)
        except ProgramFailed as error:
            if NO_ROOM in str(error):  # not the dump's fault
                raise
            yield f"the dump can't be restored: {error}"
            return
        with closing(scratch.connect()) as restored:
            yield from different_tables(backup.manifest.tables, table_digests(restored))


def restore(backup: Backup, database: Database, write: Callable[[str], object]) -> list[str]:
    """Restore files, then the database in one transaction; what was damaged.

    Can be repeated after an interruption. Raises OSError; and BackupError before anything is
    written, if database or storage are in use.
    """
    manifest, source = backup.manifest, backup.destination
    server = _version_of_empty(database)
    refuse_older(server, manifest.postgresql)
    missing = _missing(manifest.files)
    with source.workspace() as workspace:
        dump, draft = workspace / DUMP, workspace / "file"
        if problem := fetch(source, backup.path(DUMP), manifest.dump, dump):
            raise BackupError(f"The dump of {backup.name} {problem}. Name another backup.")
        damaged = []
        for name, file in missing.items():
            if problem := fetch(source, file.blob, file, draft):
                damaged.append(f"{name} {problem}")
                continue
            restore_file(name, draft)
        load(dump, database, server)
    with closing(database.connect()) as restored:
        damaged += different_tables(manifest.tables, table_digests(restored))
        with restored.cursor() as cursor:
            cursor.execute("ANALYZE")
            grant_rights(cursor)
        restored.commit()
        tables = len(manifest.tables)
        write(
            f"{backup.name}: {manifest.rows} rows of {tables} tables, {len(missing)} files written"
        )
        with restored.cursor() as cursor:
            has_vectors = make_vectors(cursor)
        restored.commit()
    if not has_vectors:
        write(BY_WORDS)
    return damaged


def _version_of_empty(database: Database) -> int:
    """The server's major version. Raises BackupError if the database holds tables."""
    with closing(database.connect()) as opened:
        tables = table_names(opened)
        if not tables:
            return major_version(opened)
    raise BackupError(
        f"The database {database.name} isn't empty: it has {len(tables)} tables. Restore only "
        "fills an empty one: createdb -T template0 -E UTF8 NAME, and name it in DATABASE_URL."
    )


def _missing(files: Mapping[str, FileDigest]) -> dict[str, FileDigest]:
    """The files that the storage lacks. Raises BackupError if it has others by their names."""
    sizes = {file.name: file.size for file in listing()}
    others = [
        name
        for name, file in files.items()
        if name in sizes and (sizes[name] != file.size or _sha256_of(name) != file.sha256)
    ]
    if others:
        more = f" and {len(others) - MAX_NAMED} more" if len(others) > MAX_NAMED else ""
        raise BackupError(
            f"The storage has other files by the names of the backup's: "
            f"{', '.join(others[:MAX_NAMED])}{more}. Move them away, or name another MEDIA_ROOT or "
            "bucket."
        )
    return {name: file for name, file in files.items() if name not in sizes}


def _sha256_of(name: str) -> str:
    content = HashingWriter()
    copy_out(name, content)
    return content.sha256
