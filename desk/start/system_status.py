"""The state of the installation: the last verified backup, free disk space, versions."""

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
from show.clock.jumps import SKEW

MAX_BACKUP_AGE = timedelta(days=2)
MIN_FREE = 0.1  # of the disk


@dataclass(frozen=True, slots=True)
class StatusLine:
    name: str
    text: str
    is_warning: bool = False


def system_status() -> list[StatusLine]:
    return [_backup(list(BackupRecord.objects.all())), _disk(), _version()]


def _backup(newest_first: list[BackupRecord]) -> StatusLine:
    future = [backup for backup in newest_first if backup.made_at > timezone.now() + SKEW]
    if future:
        return StatusLine("Backup", f"{future[0]} is dated in the future: check the clock.", True)
    verified = [backup for backup in newest_first if backup.is_verified]
    if not verified:
        return StatusLine("Backup", "No verified backup yet.", True)
    made_at = verified[0].made_at
    age = timesince(made_at)
    # An hour later there is a newer one, which nobody has checked.
    if next(backup for backup in newest_first if backup.checked_at).problem:
        return StatusLine(
            "Backup", f"The newest checked one is damaged; the last verified is {age} old.", True
        )
    return StatusLine("Backup", f"Verified, {age} old.", timezone.now() - made_at > MAX_BACKUP_AGE)


def _disk() -> StatusLine:
    """The disk that holds uploads, which is the one that fills up."""
    if settings.S3_BUCKET:
        return StatusLine("Disk", f"Files are in the bucket {settings.S3_BUCKET}.")
    folder = Path(settings.MEDIA_ROOT)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(existing)
    free, total = filesizeformat(usage.free), filesizeformat(usage.total)
    return StatusLine("Disk", f"{free} of {total} free.", usage.free < MIN_FREE * usage.total)


def _version() -> StatusLine:
    major = connection.pg_version // 10_000  # type: ignore[attr-defined]
    version, release = settings.VERSION, settings.RELEASE
    shown = version if release == version else f"{version} ({release})"  # such as a commit
    return StatusLine("Version", f"{shown}, Django {django.get_version()}, PostgreSQL {major}.")
