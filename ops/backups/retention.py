"""Which backups stay, and the removal of the others."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.conf import settings

from ops.backups.errors import BackupError
from ops.backups.programs import ProgramFailed
from ops.backups.repository import Backup
from ops.backups.restic import Repository
from show.clock.jumps import Clock

# All of two days, one a day for seven days, one a week for BACKUP_DAYS.
ALL = timedelta(days=2)
DAILY = timedelta(days=7)
NIGHT = timedelta(days=1)  # until the next run removes old ones: none may outlive BACKUP_DAYS


def retained(found: Iterable[Backup], clock: Clock) -> list[Backup]:
    """Newest first. The newest is always retained, and so are the newest verified one and the
    newest for which the storage had all files.

    Those dated in the future are, too, and count for nothing else. All are until the clock has
    gone right for a day.
    """
    newest_first = sorted(found, key=lambda backup: backup.made_at, reverse=True)
    if not clock.is_settled:
        return newest_first
    longest = timedelta(days=settings.BACKUP_DAYS) - NIGHT
    future = [backup for backup in newest_first if clock.is_future(backup.made_at)]
    believable = newest_first[len(future) :]
    verified = [backup for backup in believable if backup.is_verified]
    whole = [backup for backup in believable if backup.is_whole]
    names = {backup.name for backup in (*future, *believable[:1], *verified[:1], *whole[:1])}
    names |= {backup.name for backup in believable if clock.age(backup.made_at) < ALL}
    periods: dict[object, Backup] = {}
    # Of each day or week the newest verified backup, or else the newest.
    for backup in [*verified, *believable]:
        age = clock.age(backup.made_at)
        if age <= longest:
            day = backup.made_at.date()
            periods.setdefault(day if age < DAILY else day.isocalendar()[:2], backup)
    names |= {backup.name for backup in periods.values()}
    return [backup for backup in newest_first if backup.name in names]


def remove_old(
    repository: Repository, found: list[Backup], clock: Clock, write: Callable[[str], object]
) -> list[Backup]:
    """Remove the other backups; their data stays until `prune`. The remaining ones."""
    remaining = retained(found, clock)
    if old := [backup for backup in found if backup not in remaining]:
        repository.run("forget", *(backup.id for backup in old))
    for backup in old:
        write(f"{backup.name}: removed, as it is old")
    return remaining


def prune(repository: Repository) -> None:
    """Remove all data that no backup needs, since an erased name may be in it.

    While a backup lacks data, restic refuses: it can't tell what that one needs.
    """
    try:
        repository.run("prune", "--max-unused=0")
    except ProgramFailed as error:
        if "index is not complete" not in error.message and "not found in" not in error.message:
            raise


def refuse_future(found: Iterable[Backup], clock: Clock) -> None:
    """Raises BackupError naming the backups that are dated in the future."""
    if names := [backup.name for backup in found if clock.is_future(backup.made_at)]:
        raise BackupError(
            f"Dated in the future, and so not counted, nor ever removed: {', '.join(names)}. The "
            "clock was wrong then, or it is now: timedatectl. If it is right now: manage.py restic "
            "forget, with the ID that manage.py restic snapshots shows."
        )
