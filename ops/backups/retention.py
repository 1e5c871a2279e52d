"""Which backups stay: all of two days, one a day for seven days, one a week for BACKUP_DAYS."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from ops.backups.destinations import Destination
from ops.backups.errors import BackupError
from ops.backups.repository import FILES, MANIFEST, Backup, backups

ALL = timedelta(days=2)
DAILY = timedelta(days=7)
NIGHT = timedelta(days=1)  # until the next run removes old ones: none may outlive BACKUP_DAYS


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
        raise BackupError(
            f"{error} So no stored file is removed; move that backup away."
        ) from error
