"""The finished backups at a destination: whose they are, how long they stay, the site's record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.template.defaultfilters import filesizeformat

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

BACKUPS = "backups/"
FILES = "files/"
DUMP = "database.dump"
MANIFEST = "manifest.json"
CHECKED = "checked.json"
MAX_RECORDED_PROBLEMS = 20
# Which backups stay: all of two days, one a day for seven days, one a week for BACKUP_DAYS.
ALL = timedelta(days=2)
DAILY = timedelta(days=7)
NIGHT = timedelta(days=1)  # until the next run removes old ones: none may outlive BACKUP_DAYS


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
        return f"{self.name}  {size}  PostgreSQL {version}  {state}"

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
    """The backup of this name, or the newest. Raises BackupError where there is none."""
    found = backups(destination)
    if not found:
        raise BackupError(f"There is no finished backup in {destination}. `backup` makes one.")
    for backup in found:
        if name in (None, backup.name):
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


def retained(found: Iterable[Backup], now: datetime) -> list[Backup]:
    """Newest first. The newest is always retained, and so is the newest verified one."""
    longest = timedelta(days=settings.BACKUP_DAYS) - NIGHT
    newest_first = sorted(found, key=lambda backup: backup.made_at, reverse=True)
    verified = [backup for backup in newest_first if backup.is_verified]
    names = {backup.name for backup in (*newest_first[:1], *verified[:1])}
    names |= {backup.name for backup in newest_first if now - backup.made_at < ALL}
    periods: dict[object, Backup] = {}
    # Of each day or week the newest verified backup, or else the newest.
    for backup in [*verified, *newest_first]:
        age = now - backup.made_at
        if age <= longest:
            day = backup.made_at.date()
            periods.setdefault(day if age < DAILY else day.isocalendar()[:2], backup)
    names |= {backup.name for backup in periods.values()}
    return [backup for backup in newest_first if backup.name in names]


def remove_old(destination: Destination, now: datetime) -> list[str]:
    """Remove the other backups; their names. Raises BackupError and OSError."""
    found = backups(destination)
    remaining = retained(found, now)
    old = [backup for backup in found if backup not in remaining]
    for backup in old:
        destination.delete([backup.path(MANIFEST)])  # first: the backup no longer counts
        destination.delete(path for path in backup.paths if path != backup.path(MANIFEST))
    destination.delete(sorted(destination.sizes(FILES).keys() - _needed(remaining)))
    return [backup.name for backup in old]


def _needed(remaining: list[Backup]) -> set[str]:
    """The stored files of these backups. Raises BackupError if one can't be read."""
    try:
        return {file.blob for backup in remaining for file in backup.manifest.files.values()}
    except BackupError as error:
        advice = "So no stored file is removed; move that backup away."
        raise BackupError(f"{error} {advice}") from error
