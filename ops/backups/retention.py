"""Which are kept: all of two days, one of each of seven, then one of each week for BACKUP_DAYS."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ops.backups.destinations import Place
from ops.backups.errors import BackupError
from ops.backups.repository import FILES, MANIFEST, Backup, backups
from ops.retention import backups_kept

ALL = timedelta(days=2)  # such as one made before an upgrade, which a nightly one follows
DAILY = timedelta(days=7)
# Until the next backup is made and removes what is old: none may live longer than BACKUP_DAYS.
NIGHT = timedelta(days=1)


def worth_keeping(found: Iterable[Backup], now: datetime) -> list[Backup]:
    """Newest first. The newest is always among them, and the newest that was verified."""
    longest = backups_kept() - NIGHT
    newest_first = sorted(found, key=lambda backup: backup.made_at, reverse=True)
    verified = [backup for backup in newest_first if backup.is_verified]
    kept = {backup.name for backup in (*newest_first[:1], *verified[:1])}
    kept |= {backup.name for backup in newest_first if now - backup.made_at < ALL}
    periods: dict[object, Backup] = {}
    # Of a day or a week the newest that was verified, else the newest.
    for backup in [*verified, *newest_first]:
        age = now - backup.made_at
        if age <= longest:
            day = backup.made_at.date()
            periods.setdefault(day if age < DAILY else day.isocalendar()[:2], backup)
    kept |= {backup.name for backup in periods.values()}
    return [backup for backup in newest_first if backup.name in kept]


def remove_old(place: Place, now: datetime) -> list[str]:
    """The names of those that went. Raises BackupError and OSError."""
    found = backups(place)
    kept = worth_keeping(found, now)
    gone = [backup for backup in found if backup not in kept]
    for backup in gone:
        place.delete([backup.path(MANIFEST)])  # first: without it, it is no backup
        place.delete(name for name in backup.names if name != backup.path(MANIFEST))
    place.delete(sorted(place.sizes(FILES).keys() - _needed(kept)))
    return [backup.name for backup in gone]


def _needed(kept: list[Backup]) -> set[str]:
    """Raises BackupError: which files an unreadable backup needs, nobody knows."""
    try:
        return {file.blob for backup in kept for file in backup.manifest.files.values()}
    except BackupError as error:
        raise BackupError(
            f"{error} So no stored file is removed; move that backup away."
        ) from error
