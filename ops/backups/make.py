"""Making a backup: a consistent snapshot of the database, and every stored file."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from errno import ENOSPC
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from media.mirror import local_folder
from media.storages import UNFINISHED, listing
from ops.backups.postgres import dump, major_version, snapshot, table_digests
from ops.backups.programs import NO_ROOM, ProgramFailed
from ops.backups.repository import DUMP, MANIFEST, Backup, backups, tag_options, workspace
from ops.backups.restic import Repository
from ops.database import Database
from ops.owner import this_owner
from show.clock.jumps import Clock
from transfer.export.media import stored_files

SOME_UNREAD = 3  # restic's exit code
# Stored again, as a damaged pack is gone; or the site has removed it meanwhile.
FINE = re.compile("storing the file again|is not known|not be loaded|no such file or directory$")
Write = Callable[[str], object]


def make(
    repository: Repository, earlier: list[Backup], database: Database, clock: Clock, write: Write
) -> Backup:
    """A finished backup. Raises BackupError and OSError, leaving earlier backups as they were.

    `write` also gets the stored files that rows name and the storage has lost.
    """
    owner = this_owner()  # before the dump, which has to include its key
    made_at = _next_moment(earlier, clock)
    with workspace() as folder:
        with snapshot(database) as (opened, name):
            tables, server = table_digests(opened), major_version(opened)
            named = _named_files(name)
            try:
                dump(database, name, server, folder / DUMP)
            except ProgramFailed as error:
                if NO_ROOM not in error.message:
                    raise
                raise OSError(ENOSPC, NO_ROOM, str(settings.BACKUP_CACHE)) from error
        media = str(local_folder(settings.BACKUP_CACHE / "media"))
        (folder / MANIFEST).write_text(json.dumps({"media": media, "tables": tables}))
        stored = {file.name: file.size for file in listing()}
        lost = sorted(named - stored.keys())
        sizes = [*stored.values(), *(file.stat().st_size for file in (folder / DUMP).iterdir())]
        tags = owner._asdict() | {
            "release": settings.RELEASE,
            "postgresql": str(server),
            "rows": str(sum(table.rows for table in tables.values())),
            "files": str(len(stored)),
            "lost": str(len(lost)),
            "bytes": str(sum(sizes)),
        }
        options = [
            "--host=podcast", f"--time={made_at:%Y-%m-%d %H:%M:%S}",
            *(f"--parent={backup.id}" for backup in earlier[:1]),
            *(f"--exclude={start}*" for start in UNFINISHED), *tag_options("--tag", tags),
        ]  # fmt: skip
        _save(repository, folder, *options, DUMP, MANIFEST, media)
    for name in lost:
        write(f"{name}: the catalogue names this file, and the storage hasn't got it")
    backup = next(each for each in backups(repository) if each.made_at == made_at)
    write(f"{backup.name}: {len(tables)} tables, {len(stored)} files")
    return backup


def _named_files(snapshot_name: str) -> set[str]:
    """The stored files that rows name, as of that snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot_name])
        return set(stored_files())


def _save(repository: Repository, folder: Path, *arguments: str) -> None:
    """Raises BackupError if restic can't read a file."""
    try:
        repository.run("backup", "--quiet", *arguments, folder=folder)
    except ProgramFailed as error:
        lines = [line for line in error.message.splitlines() if line.startswith("error: ")]
        if error.code != SOME_UNREAD or any(not FINE.search(line) for line in lines):
            raise


def _next_moment(earlier: list[Backup], clock: Clock) -> datetime:
    """Now in whole seconds, and later than the newest backup: it becomes the name."""
    now = timezone.now().replace(microsecond=0)
    times = [each.made_at for each in earlier if not clock.is_future(each.made_at)]
    return max([now, *(made_at + timedelta(seconds=1) for made_at in times[:1])])
