"""Making a backup: the database as it is at one moment, and every stored file."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from media.storages import copy_out, listing
from ops.backups.destinations import Place, Sum
from ops.backups.errors import BackupError
from ops.backups.manifest import Manifest, StoredFile, name_at
from ops.backups.owner import ours
from ops.backups.postgres import Database, dump, major, one_moment, tables
from ops.backups.repository import (
    BACKUPS,
    DUMP,
    FILES,
    MANIFEST,
    Backup,
    backups,
    cut_off,
    write_bytes,
)
from transfer.export.media import stored_files

Say = Callable[[str], object]


def make(place: Place, database: Database, say: Say) -> Backup:
    """A finished backup. Raises BackupError and OSError, leaving the earlier ones as they were.

    `say` is told of stored files that rows name and the storage hasn't.
    """
    owner = ours()  # before the dump, which brings it back
    place.delete(cut_off(place))
    made_at = _next_moment(place)
    name = name_at(made_at)
    with place.workspace() as workspace:
        files = Files(place, workspace)
        # Before and after, so that none is missing which the moment's rows name: one that was
        # replaced meanwhile was there before, one that came meanwhile is there after.
        files.collect()
        draft = workspace / DUMP
        with one_moment(database) as (moment, snapshot), draft.open("wb") as target:
            content, into, server = tables(moment), Sum(target), major(moment)
            dump(database, snapshot, server, into)
        files.collect()
        for lost in sorted(set(stored_files()) - files.found.keys()):
            say(files.missing(lost))
        dumped = StoredFile(into.size, into.sha256)
        place.put(draft, f"{BACKUPS}{name}/{DUMP}")
        manifest = Manifest(made_at, settings.RELEASE, server, dumped, content, files.found, owner)
        # Last: it is what makes this a backup.
        write_bytes(place, f"{BACKUPS}{name}/{MANIFEST}", manifest.to_json(), workspace)
    say(f"{name}: {len(content)} tables, {len(files.found)} files, {files.copied} of them copied")
    return Backup(place, name, [f"{BACKUPS}{name}/{file}" for file in (DUMP, MANIFEST)])


def _next_moment(place: Place) -> datetime:
    """Now, in whole seconds, by which no other backup is called."""
    moment = timezone.now().replace(microsecond=0)
    newest = [backup.made_at + timedelta(seconds=1) for backup in backups(place)[:1]]
    return max([moment, *newest])


class Files:
    """Copies to the place what it hasn't got of the stored files."""

    def __init__(self, place: Place, workspace: Path) -> None:
        self.place, self.draft = place, workspace / "file"
        self.found: dict[str, StoredFile] = {}
        self.copied = 0
        earlier = backups(place)
        self._earlier = self._files_of(earlier)
        damaged = {blob for each in earlier if each.verdict for blob in each.verdict.blobs}
        self._there = {
            name: size for name, size in place.sizes(FILES).items() if name not in damaged
        }

    def _files_of(self, earlier: list[Backup]) -> Mapping[str, StoredFile]:
        for backup in earlier:
            try:
                return backup.manifest.files
            except BackupError:  # then all are read anew
                continue
        return {}

    def collect(self) -> None:
        """Look through the storage; files that vanish meanwhile are left out."""
        for file in listing():
            known = self.found.get(file.name) or self._earlier.get(file.name)
            is_same = known and (known.size, known.modified) == (file.size, file.modified)
            if known and is_same and self._there.get(known.blob) == known.size:
                self.found[file.name] = known
                continue
            try:
                self.found[file.name] = self._copy(file.name, file.modified)
            except FileNotFoundError:
                continue

    def missing(self, name: str) -> str:
        """What to say of a file that rows name and the storage has lost.

        If an earlier backup has it, this one has it, too: it would bring it back.
        """
        known = self._earlier.get(name)
        if known and self._there.get(known.blob) == known.size:
            self.found[name] = known
            return f"{name}: the storage has lost this file, backups still have it"
        return f"{name}: the catalogue names this file, and the storage hasn't got it"

    def _copy(self, name: str, modified: str) -> StoredFile:
        with self.draft.open("wb") as target:
            into = Sum(target)
            copy_out(name, into)
        file = StoredFile(into.size, into.sha256, modified)
        if self._there.get(file.blob) != file.size:
            self.place.put(self.draft, file.blob)
            self._there[file.blob] = file.size
            self.copied += 1
        return file
