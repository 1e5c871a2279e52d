"""How the house is: the last backup that was proved, room on the disk, versions."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince

from ops.models import BackupRecord

OLD_BACKUP = timedelta(days=2)
LITTLE = 0.1  # of the disk


@dataclass(frozen=True, slots=True)
class Line:
    """What it is about, how it is, and whether that wants the host."""

    name: str
    text: str
    is_amiss: bool = False


def house() -> list[Line]:
    return [_backup(list(BackupRecord.objects.all())), _disk(), _version()]


def _backup(newest_first: list[BackupRecord]) -> Line:
    verified = [backup for backup in newest_first if backup.is_verified]
    if not verified:
        return Line("Backup", "No verified backup yet.", True)
    made_at = verified[0].made_at
    age = timesince(made_at)
    if newest_first[0].problem:
        return Line("Backup", f"The newest is damaged; the last verified is {age} old.", True)
    return Line("Backup", f"Verified, {age} old.", timezone.now() - made_at > OLD_BACKUP)


def _disk() -> Line:
    """Of the folder that holds uploads, which is where a disk fills up."""
    if settings.S3_BUCKET:
        return Line("Disk", f"Files lie in the bucket {settings.S3_BUCKET}.")
    folder = Path(settings.MEDIA_ROOT)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(existing)
    free, whole = filesizeformat(usage.free), filesizeformat(usage.total)
    return Line("Disk", f"{free} of {whole} free.", usage.free < LITTLE * usage.total)


def _version() -> Line:
    major = connection.pg_version // 10_000  # type: ignore[attr-defined]
    return Line(
        "Version", f"{settings.RELEASE}, Django {django.get_version()}, PostgreSQL {major}."
    )
