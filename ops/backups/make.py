"""Making a backup: a consistent snapshot of the database, and every stored file."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from media.storages import copy_out, listing
from ops.backups.destinations import Destination, HashingWriter
from ops.backups.errors import BackupError
from ops.backups.manifest import FileDigest, Manifest, name_at
from ops.backups.postgres import Database, dump, major_version, snapshot, table_digests
from ops.backups.repository import (
    BACKUPS,
    DUMP,
    FILES,
    MANIFEST,
    Backup,
    backups,
    this_owner,
    unfinished,
    write_bytes,
)
from show.clock.jumps import Clock
from transfer.export.media import stored_files

Write = Callable[[str], object]


def make(destination: Destination, database: Database, clock: Clock, write: Write) -> Backup:
    """A finished backup. Raises BackupError and OSError, leaving earlier backups as they were.

    `write` also gets the stored files that rows name and the storage has lost.
    """
    owner = this_owner()  # before the dump, which has to include its key
    destination.delete(unfinished(destination))
    made_at = _next_moment(destination, clock)
    name = name_at(made_at)
    with _removed_if_unfinished(destination), destination.workspace() as workspace:
        copier = FileCopier(destination, workspace)
        # Before and after the dump, so that all files of its rows are there: one that is replaced
        # meanwhile exists before, and a new one after.
        copier.copy_all()
        draft = workspace / DUMP
        with snapshot(database) as (connection, snapshot_name), draft.open("wb") as target:
            tables, into = table_digests(connection), HashingWriter(target)
            server = major_version(connection)
            dump(database, snapshot_name, server, into)
        copier.copy_all()
        for lost in sorted(set(stored_files()) - copier.files.keys()):
            write(copier.recover(lost))
        dumped = FileDigest(into.size, into.sha256)
        destination.put(draft, f"{BACKUPS}{name}/{DUMP}")
        manifest = Manifest(made_at, settings.RELEASE, server, dumped, tables, copier.files, owner)
        # Last: with it, the backup is finished.
        write_bytes(destination, f"{BACKUPS}{name}/{MANIFEST}", manifest.to_json(), workspace)
    write(
        f"{name}: {len(tables)} tables, {len(copier.files)} files, {copier.copied} of them copied"
    )
    paths = [f"{BACKUPS}{name}/{file}" for file in (DUMP, MANIFEST)]
    return Backup(destination, name, made_at, paths)


@contextmanager
def _removed_if_unfinished(destination: Destination) -> Iterator[None]:
    """A dump without a manifest takes room away from the next try. Complete files stay for it."""
    try:
        yield
    except BaseException:
        with suppress(OSError):  # the next backup removes it; what stopped this one is reported
            destination.delete(unfinished(destination))
        raise


def _next_moment(destination: Destination, clock: Clock) -> datetime:
    """Now in whole seconds, and later than the newest backup: it becomes the name."""
    now = timezone.now().replace(microsecond=0)
    earlier = [each.made_at for each in backups(destination) if not clock.is_future(each.made_at)]
    return max([now, *(made_at + timedelta(seconds=1) for made_at in earlier[:1])])


class FileCopier:
    """Copies the stored files that the destination hasn't got."""

    def __init__(self, destination: Destination, workspace: Path) -> None:
        self.destination, self.draft = destination, workspace / "file"
        self.files: dict[str, FileDigest] = {}
        self.copied = 0
        earlier = backups(destination)
        self._earlier = _newest_files(earlier)
        results = [backup.check_result for backup in earlier]
        damaged = {blob for result in results if result for blob in result.blobs}
        sizes = destination.sizes(FILES)
        self._sizes = {blob: size for blob, size in sizes.items() if blob not in damaged}

    def copy_all(self) -> None:
        """Read the whole storage; files that are removed meanwhile are left out."""
        for file in listing():
            before = self.files.get(file.name) or self._earlier.get(file.name)
            is_same = before and (before.size, before.modified) == (file.size, file.modified)
            if before and is_same and self._has(before):
                self.files[file.name] = before
                continue
            try:
                self.files[file.name] = self._copy(file.name, file.modified)
            except FileNotFoundError:
                continue

    def recover(self, name: str) -> str:
        """Take a file that the storage has lost from an earlier backup; what was done."""
        before = self._earlier.get(name)
        if before and self._has(before):
            self.files[name] = before
            return f"{name}: the storage has lost this file, backups still have it"
        return f"{name}: the catalogue names this file, and the storage hasn't got it"

    def _has(self, file: FileDigest) -> bool:
        return self._sizes.get(file.blob) == file.size

    def _copy(self, name: str, modified: str) -> FileDigest:
        with self.draft.open("wb") as target:
            into = HashingWriter(target)
            copy_out(name, into)
        file = FileDigest(into.size, into.sha256, modified)
        if not self._has(file):
            self.destination.put(self.draft, file.blob)
            self._sizes[file.blob] = file.size
            self.copied += 1
        return file


def _newest_files(earlier: list[Backup]) -> Mapping[str, FileDigest]:
    """The files of the newest readable backup."""
    for backup in earlier:
        try:
            return backup.manifest.files
        except BackupError:
            continue
    return {}
