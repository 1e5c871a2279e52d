"""Making a site of a backup again: into an empty database, and a storage without other files."""

from collections.abc import Callable, Mapping
from contextlib import closing

from media.storages import copy_out, listing, restore_file
from ops.backups.check import fetch
from ops.backups.destinations import Sum
from ops.backups.errors import BackupError
from ops.backups.manifest import StoredFile
from ops.backups.postgres import (
    Database,
    different_tables,
    load,
    major,
    refuse_older,
    table_names,
    tables,
)
from ops.backups.repository import DUMP, Backup

Say = Callable[[str], object]
SHOWN = 10


def restore(backup: Backup, database: Database, say: Say) -> list[str]:
    """Files first, then the database, whole or not at all; what was damaged, in words.

    Can be repeated after it was cut off. Raises BackupError, before anything was written where
    database or storage hold something else; and OSError.
    """
    manifest = backup.manifest
    server = _of_empty(database)
    refuse_older(server, manifest.postgresql)
    wanted = _not_there(manifest.files)
    with backup.place.workspace() as workspace:
        dump, draft = workspace / DUMP, workspace / "file"
        if problem := fetch(backup.place, backup.path(DUMP), manifest.dump, dump):
            raise BackupError(f"The dump of {backup.name} {problem}. Name another backup.")
        damaged = []
        for name, file in wanted.items():
            if problem := fetch(backup.place, file.blob, file, draft):
                damaged.append(f"{name} {problem}")
                continue
            restore_file(name, draft)
        load(dump, database, server)
    with closing(database.connect()) as restored:
        damaged += different_tables(manifest.tables, tables(restored))
        with restored.cursor() as cursor:
            cursor.execute("ANALYZE")
        restored.commit()
    rows = sum(table.rows for table in manifest.tables.values())
    say(f"{backup.name}: {rows} rows of {len(manifest.tables)} tables, {len(wanted)} files written")
    return damaged


def _of_empty(database: Database) -> int:
    """The server's major version. Raises BackupError where a database holds tables."""
    with closing(database.connect()) as asked:
        there = table_names(asked)
        if not there:
            return major(asked)
    raise BackupError(
        f"The database {database.name} isn't empty: it has {len(there)} tables. A restore only "
        "fills an empty one: createdb -T template0 NAME, and name it in DATABASE_URL."
    )


def _not_there(files: Mapping[str, StoredFile]) -> dict[str, StoredFile]:
    """Those the storage hasn't got yet. Raises BackupError where it has others by their names."""
    there = {file.name: file.size for file in listing()}
    others = [
        name
        for name, file in files.items()
        if name in there and (there[name] != file.size or _sha256_of(name) != file.sha256)
    ]
    if others:
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        raise BackupError(
            f"The storage has other files by the names of the backup's: "
            f"{', '.join(others[:SHOWN])}{more}. Move them away, or name another MEDIA_ROOT or "
            "bucket."
        )
    return {name: file for name, file in files.items() if name not in there}


def _sha256_of(name: str) -> str:
    found = Sum()
    copy_out(name, found)
    return found.sha256
