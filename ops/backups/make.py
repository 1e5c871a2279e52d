"""Making a backup: a consistent snapshot of the database, and every stored file."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from media.mirror import local_folder
from media.storages import UNFINISHED, listing
from ops.backups.postgres import Database, dump, major_version, snapshot, table_digests
from ops.backups.programs import ProgramFailed
from ops.backups.repository import (
    DUMP,
    HOST,
    MANIFEST,
    Backup,
    backups,
    owner_tags,
    tag_options,
    workspace,
)
from ops.backups.restic import Repository
from show.clock.jumps import Clock
from transfer.export.media import stored_files

TRIES = 3
SOME_UNREAD = 3  # restic's exit code
# Stored again, as a damaged pack was removed; or the site has removed it meanwhile.
FINE = re.compile("storing the file again|no such file or directory$")
Write = Callable[[str], object]


def make(repository: Repository, database: Database, clock: Clock, write: Write) -> Backup:
    """A finished backup. Raises BackupError and OSError, leaving earlier backups as they were.

    `write` also gets the stored files that rows name and the storage has lost.
    """
    owner = owner_tags()  # before the dump, which has to include its key
    earlier = backups(repository)
    made_at = _next_moment(earlier, clock)
    parent = [f"--parent={backup.id}" for backup in earlier[:1]]
    for _ in range(TRIES):
        with workspace() as folder:
            found, named = _dumped(database, folder)
            media = local_folder(settings.BACKUP_CACHE / "media")
            stored = {file.name: file.size for file in listing()}
            lost = named - stored.keys()
            sizes = [file.stat().st_size for file in (folder / DUMP).iterdir()]
            (folder / MANIFEST).write_text(json.dumps({"media": str(media), **found}))
            tags = owner | {
                "release": settings.RELEASE,
                "postgresql": str(found["postgresql"]),
                "bytes": str(sum(sizes) + sum(stored.values())),
                "rows": str(sum(table["rows"] for table in found["tables"].values())),
                "files": str(len(stored)),
                "lost": str(len(lost)),
            }
            at = f"--time={made_at:%Y-%m-%d %H:%M:%S}"
            unfinished = [f"--exclude={start}*" for start in UNFINISHED]
            _save(
                repository, folder, *parent, at, *unfinished, *tag_options("--tag", tags),
                DUMP, MANIFEST, str(media),
            )  # fmt: skip
        backup = next(each for each in backups(repository) if each.made_at == made_at)
        # A file that was replaced meanwhile may be missing: no row of the next dump names it.
        if named - lost <= {file.name for file in listing()}:
            break
        repository.run("forget", backup.id)
    for name in sorted(lost):
        write(f"{name}: the catalogue names this file, and the storage hasn't got it")
    tables = len(found["tables"])
    write(f"{backup.name}: {tables} tables, {len(stored)} files")
    return backup


def _dumped(database: Database, folder: Path) -> tuple[dict[str, Any], set[str]]:
    """Dump into the folder. What is in the dump, and the stored files that its rows name."""
    with snapshot(database) as (opened, name):
        tables = table_digests(opened)
        server = major_version(opened)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SET TRANSACTION SNAPSHOT %s", [name])
            named = set(stored_files())
        dump(database, name, server, folder / DUMP)
    digests = {table: asdict(digest) for table, digest in tables.items()}
    return {"postgresql": server, "tables": digests}, named


def _save(repository: Repository, folder: Path, *arguments: str) -> None:
    """Raises BackupError if restic can't read a file."""
    try:
        repository.run("backup", "--quiet", f"--host={HOST}", *arguments, folder=folder)
    except ProgramFailed as error:
        lines = [line for line in error.message.splitlines() if line.startswith("error: ")]
        if error.code != SOME_UNREAD or any(not FINE.search(line) for line in lines):
            raise


def _next_moment(earlier: list[Backup], clock: Clock) -> datetime:
    """Now in whole seconds, and later than the newest backup: it becomes the name."""
    now = timezone.now().replace(microsecond=0)
    times = [each.made_at for each in earlier if not clock.is_future(each.made_at)]
    return max([now, *(made_at + timedelta(seconds=1) for made_at in times[:1])])
