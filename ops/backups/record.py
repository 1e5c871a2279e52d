"""What the site itself knows of its backups: it may have no key to where they lie."""

from django.db import connection, transaction

from ops.backups.destinations import Place
from ops.backups.repository import Backup, backups
from ops.models import BackupRecord

TOLD = 20  # problems of a backup; the place has them all


def keep_record(place: Place) -> None:
    """Make the rows say what lies in the place, if there is a table for them.

    A database that was just restored may be older than it.
    """
    if BackupRecord._meta.db_table not in connection.introspection.table_names():
        return
    rows = [_row(backup) for backup in backups(place)]
    with transaction.atomic():
        BackupRecord.objects.all().delete()
        BackupRecord.objects.bulk_create(rows)


def _row(backup: Backup) -> BackupRecord:
    verdict = backup.verdict
    return BackupRecord(
        name=backup.name,
        made_at=backup.made_at,
        checked_at=verdict.at if verdict else None,
        problem="\n".join(verdict.problems[:TOLD]) if verdict else "",
    )
