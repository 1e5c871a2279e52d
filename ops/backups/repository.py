"""The finished backups at a destination: whose they are, and the site's record of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from ops.backups.destinations import Destination, HashingWriter
from ops.backups.errors import BackupError
from ops.backups.manifest import (
    CheckResult,
    Manifest,
    Owner,
    check_result_from,
    manifest_from,
    moment_of,
)
from ops.models import BackupRecord, Installation
from show.clock.jumps import Clock

BACKUPS = "backups/"
FILES = "files/"
DUMP = "database.dump"
MANIFEST = "manifest.json"
CHECKED = "checked.json"
MAX_RECORDED_PROBLEMS = 20


@dataclass
class Backup:
    """A backup; `paths` are its files at the destination."""

    destination: Destination
    name: str
    made_at: datetime
    paths: list[str]

    def path(self, file: str) -> str:
        return f"{BACKUPS}{self.name}/{file}"

    @cached_property
    def manifest(self) -> Manifest:
        """Raises BackupError."""
        return manifest_from(self._read(MANIFEST), self.path(MANIFEST))

    @cached_property
    def check_result(self) -> CheckResult | None:
        """The result of the last check; None if there was none."""
        return check_result_from(self._read(CHECKED)) if self.path(CHECKED) in self.paths else None

    @property
    def is_finished(self) -> bool:
        return self.path(MANIFEST) in self.paths

    @property
    def is_verified(self) -> bool:
        return self.check_result is not None and not self.check_result.problems

    @property
    def summary(self) -> str:
        """The backup's line in the list of backups."""
        try:
            size, version = filesizeformat(self.manifest.size), self.manifest.postgresql
        except BackupError as error:
            return f"{self.name}  damaged: {error}"
        state = "verified" if self.check_result else "not checked"
        if self.check_result and self.check_result.problems:
            state = f"damaged: {self.check_result.problems[0]}"
        future = "  dated in the future" if Clock(timezone.now()).is_future(self.made_at) else ""
        return f"{self.name}  {size}  PostgreSQL {version}  {state}{future}"

    def save(self, result: CheckResult, workspace: Path) -> None:
        write_bytes(self.destination, self.path(CHECKED), result.to_json(), workspace)
        self.paths = sorted({*self.paths, self.path(CHECKED)})
        self.check_result = result

    def _read(self, file: str) -> bytes:
        content = BytesIO()
        self.destination.read(self.path(file), HashingWriter(content))
        return content.getvalue()


def backups(destination: Destination) -> list[Backup]:
    """The finished backups, newest first."""
    return [backup for backup in _all(destination) if backup.is_finished]


def unfinished(destination: Destination) -> list[str]:
    """The files of backups that were interrupted."""
    interrupted = [backup for backup in _all(destination) if not backup.is_finished]
    return [path for backup in interrupted for path in backup.paths]


def _all(destination: Destination) -> Iterable[Backup]:
    found: dict[str, Backup] = {}
    for path in sorted(destination.sizes(BACKUPS), reverse=True):
        name = path.split("/")[1]
        if made_at := moment_of(name):
            found.setdefault(name, Backup(destination, name, made_at, [])).paths.append(path)
    return found.values()


def get_backup(destination: Destination, name: str | None) -> Backup:
    """The backup of this name, or the newest that isn't dated in the future.

    Raises BackupError where there is none.
    """
    found = backups(destination)
    if not found:
        raise BackupError(f"There is no finished backup in {destination}. `backup` makes one.")
    clock = Clock(timezone.now())
    if name is None:
        return next((each for each in found if not clock.is_future(each.made_at)), found[0])
    for backup in found:
        if name == backup.name:
            return backup
    names = ", ".join(backup.name for backup in found)
    raise BackupError(f"There is no finished backup “{name}” in {destination}. There are: {names}.")


def write_bytes(destination: Destination, path: str, content: bytes, workspace: Path) -> None:
    draft = workspace / "draft"
    draft.write_bytes(content)
    destination.put(draft, path)


def this_owner() -> Owner:
    """The key comes back with a restored catalogue; the host tells a copy of the site apart."""
    installation, _ = Installation.objects.get_or_create(pk=1)
    return Owner(str(installation.key), urlsplit(settings.SITE_URL).netloc)


def refuse_others(destination: Destination) -> None:
    """Raises BackupError if the newest backup there is another installation's: each would remove
    the other's."""
    own, theirs = this_owner(), None
    for backup in backups(destination):
        try:
            theirs = backup.manifest.owner
            break
        except BackupError:  # unreadable; the one before it has the same owner
            continue
    if theirs is None or theirs == own:
        return
    whose = f"backups of {theirs.site}, and this is {own.site}"
    if theirs.site == own.site:
        whose = f"backups of another catalogue of {own.site}, which this one wasn't restored from"
    raise BackupError(
        f"{destination} has {whose}. Two installations would remove each other's backups, so "
        "nothing was done. Name another destination in BACKUP_URL. If the other installation is "
        "gone and this one replaces it: manage.py backup --take-over, once."
    )


def record_backups(destination: Destination) -> None:
    """Update the site's record of its backups, as it may have no access to the destination.

    A database that was just restored may have no table for them yet.
    """
    if BackupRecord._meta.db_table not in connection.introspection.table_names():
        return
    rows = []
    for backup in backups(destination):
        row = BackupRecord(name=backup.name, made_at=backup.made_at)
        if result := backup.check_result:
            row.checked_at = result.at
            row.problem = "\n".join(result.problems[:MAX_RECORDED_PROBLEMS])
        rows.append(row)
    with transaction.atomic():
        BackupRecord.objects.all().delete()
        BackupRecord.objects.bulk_create(rows)
