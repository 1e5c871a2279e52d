"""Restoring a backup; a check does it in a scratch database and compares rows and checksums."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from django.utils import timezone

from media.storages import listing, restore_file
from ops.backups.errors import BackupError
from ops.backups.postgres import (
    TableDigest,
    different_tables,
    load,
    major_version,
    refuse_older,
    scratch_database,
    table_digests,
    table_names,
)
from ops.backups.programs import NO_ROOM, ProgramFailed
from ops.backups.repository import DUMP, MANIFEST, Backup, workspace
from ops.database import Database
from ops.database_roles import grant_rights
from ops.owner import OWNER
from search.vectors import make_vectors

# As restic 0.14 and 0.18 name them. What failed to download may be as it was.
DAMAGED = re.compile(r"^pack (?:ID does not match, want )?(\w{64})(?! failed)", re.I | re.M)
IGNORED = "ignoring error for"
BY_WORDS = "Search works by words alone: docs/deploy.md, “Search by meaning”."
MAX_SHOWN = 20  # problems, or files that are in the way


def check(
    backup: Backup, server: Database, *, elsewhere: bool = False
) -> tuple[list[str], list[str]]:
    """Problems, and the packs, restic's files of data, that have changed or are missing.

    The result is saved with the backup, unless that is read-only, or another server couldn't
    restore the dump: the backup may be fine. Raises BackupError where the check can't be made.
    """
    problems, packs = list(_different_rows(backup, server)), []
    try:
        backup.repository.run("check", "--no-lock", "--read-data")
    except ProgramFailed as error:
        packs = sorted(set(DAMAGED.findall(error.message)))
        problems += [f"the pack {pack} has changed or is missing" for pack in packs]
        if not packs and not backup.has_all_data():  # or else only older ones haven't
            problems.append(f"restic says: {error.message}")
    folder = backup.repository.folder
    is_writable = not folder or os.access(folder, os.W_OK)
    if is_writable and (packs or not (problems and elsewhere)):
        backup.save(timezone.now(), "\n".join(problems))
    return problems, packs


def report(backup: Backup, problems: list[str], write: Callable[[str], object]) -> None:
    """Raises BackupError if the backup is damaged."""
    if problems:
        advice = "Make another, which also stores again what is damaged: manage.py backup --check"
        raise BackupError("\n".join([f"{backup.name} is damaged:", *problems[:MAX_SHOWN], advice]))
    rows, files = backup.tags["rows"], backup.tags["files"]
    write(f"{backup.name}: verified, {rows} rows and {files} files")


def _different_rows(backup: Backup, server: Database) -> Iterator[str]:
    """What is wrong with the dump, found by restoring it in a scratch database.

    Raises BackupError where that can't be tried.
    """
    with closing(server.connect()) as opened:
        version = major_version(opened)
    refuse_older(version, backup.postgresql)
    with workspace() as folder, scratch_database(server) as scratch:
        scratch.connect().close()  # a server that lets nobody in says nothing of the dump
        try:
            if damage := backup.fetch(folder, files=False):
                yield f"the dump can't be read: {damage}"
                return
            load(folder / DUMP, scratch, version)
        except ProgramFailed as error:
            if NO_ROOM in str(error):  # not the dump's fault
                raise
            yield f"the dump can't be restored: {error}"
            return
        tables, _ = _manifest(folder)
        with closing(scratch.connect()) as restored:
            yield from different_tables(tables, table_digests(restored))


def restore(backup: Backup, database: Database, write: Callable[[str], object]) -> list[str]:
    """Restore files, then the database in one transaction; what was damaged.

    Can be repeated after an interruption. Raises OSError; and BackupError before anything is
    written, if database or storage are in use.
    """
    server = _version_of_empty(database)
    refuse_older(server, backup.postgresql)
    with workspace() as folder:
        damage = backup.fetch(folder, files=True)
        if f" /{DUMP}" in damage or not (folder / MANIFEST).exists():
            raise BackupError(f"The dump of {backup.name} is damaged. Name another backup.")
        tables, media = _manifest(folder)
        damaged = [line for line in damage.splitlines() if IGNORED in line]
        missing = _missing(dict(_files(folder / media.lstrip("/"))))
        for name, path in missing.items():
            if f" {media}/{name}: " not in damage:
                restore_file(name, path)
            path.unlink()
        load(folder / DUMP, database, server)
    with closing(database.connect()) as restored:
        damaged += different_tables(tables, table_digests(restored))
        with restored.cursor() as cursor:
            cursor.execute("ANALYZE")
            grant_rights(cursor)
        restored.commit()
        rows = sum(table.rows for table in tables.values())
        write(f"{backup.name}: {rows} rows of {len(tables)} tables, {len(missing)} files written")
        with restored.cursor() as cursor:
            has_vectors = make_vectors(cursor)
        restored.commit()
    if not has_vectors:
        write(BY_WORDS)
    return damaged


def _manifest(folder: Path) -> tuple[dict[str, TableDigest], str]:
    """The digests of all tables, and the path that the stored files had."""
    manifest = json.loads((folder / MANIFEST).read_text())
    tables = {name: TableDigest(*table) for name, table in manifest["tables"].items()}
    return tables, manifest["media"]


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Ordinary files by their names in storage, without its mark: each has its own."""
    for parent, _, names in os.walk(folder):
        for path in (Path(parent, name) for name in names):
            if path.is_file() and not path.is_symlink() and path != folder / OWNER:
                yield path.relative_to(folder).as_posix(), path


def _version_of_empty(database: Database) -> int:
    """The server's major version. Raises BackupError if the database holds tables."""
    with closing(database.connect()) as opened:
        tables = table_names(opened)
        if not tables:
            return major_version(opened)
    raise BackupError(
        f"The database {database.name} isn't empty: it has {len(tables)} tables. Restore only "
        "fills an empty one. “Restoring” in docs/backups.md says how to begin with one."
    )


def _missing(files: dict[str, Path]) -> dict[str, Path]:
    """Those that the storage lacks. Raises BackupError if it has others by their names."""
    stored = {file.name: file.size for file in listing()}
    sizes = {name: path.stat().st_size for name, path in files.items()}
    if others := [name for name, size in sizes.items() if stored.get(name, size) != size]:
        named = f"{', '.join(others[:MAX_SHOWN])}{' …' if len(others) > MAX_SHOWN else ''}"
        raise BackupError(
            f"The storage has other files by the names of the backup's: {named}. Move them away, "
            "or name another MEDIA_ROOT or bucket."
        )
    return {name: path for name, path in files.items() if name not in stored}
