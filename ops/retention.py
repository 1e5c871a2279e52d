"""How long backups are kept, which is how long an erased name may live on."""

from datetime import datetime, timedelta

from django.conf import settings


def backups_kept() -> timedelta:
    """A backup older than this is to be removed."""
    return timedelta(days=settings.BACKUP_DAYS)


def last_backup_expires(moment: datetime) -> datetime:
    """When the last backup is gone that may hold what was in the database until this moment."""
    return moment + backups_kept()
