"""Restoring a backup into an empty database, and a storage without conflicting files."""

from collections.abc import Callable, Mapping
from contextlib import closing

from media.storages import copy_out, listing, restore_file
from ops.backups.check import fetch
from ops.backups.destinations import HashingWriter
from ops.backups.errors import BackupError
from ops.backups.manifest import FileDigest
from ops.backups.postgres import (
    Database,
    different_tables,
    load,
    major_version,
    refuse_older,
    table_digests,
    table_names,
)
from ops.backups.repository import DUMP, Backup

MAX_SHOWN = 10


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
        restored.commit()
    tables = len(manifest.tables)
    write(f"{backup.name}: {manifest.rows} rows of {tables} tables, {len(missing)} files written")
    return damaged


def _version_of_empty(database: Database) -> int:
    """The server's major version. Raises BackupError if the database holds tables."""
    with closing(database.connect()) as opened:
        tables = table_names(opened)
        if not tables:
            return major_version(opened)
    raise BackupError(
        f"The database {database.name} isn't empty: it has {len(tables)} tables. Restore only "
        "fills an empty one: createdb -T template0 NAME, and name it in DATABASE_URL."
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
        more = f" and {len(others) - MAX_SHOWN} more" if len(others) > MAX_SHOWN else ""
        raise BackupError(
            f"The storage has other files by the names of the backup's: "
            f"{', '.join(others[:MAX_SHOWN])}{more}. Move them away, or name another MEDIA_ROOT or "
            "bucket."
        )
    return {name: file for name, file in files.items() if name not in sizes}


def _sha256_of(name: str) -> str:
    content = HashingWriter()
    copy_out(name, content)
    return content.sha256
