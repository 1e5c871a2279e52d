"""Backups: the last ones, and what the next one needs."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince

from ops.backups import restic
from ops.backups.errors import BackupError
from ops.backups.postgres import LOCK
from ops.backups.programs import program
from ops.backups.retention import ALL
from ops.doctor.diagnosis import Diagnosis
from ops.doctor.files import ENOUGH_SPACE
from ops.models import BackupRecord, JobRun
from ops.owner import system_user

OLD_BACKUP = timedelta(hours=48)
LATE_BACKUP = timedelta(hours=4)
LONGEST_BACKUP = timedelta(hours=12)  # with its check; systemd ends one after six
AFTER_CHECK = timedelta(hours=2)  # the next backup has begun by then
OFTEN = 24  # of the two days of which all backups are retained, half the hours
# A replica doesn't see the locks of the primary, where the backup runs.
MAY_RUN = """
SELECT pg_is_in_recovery() OR EXISTS (
    SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE datname = current_database() AND locktype = 'advisory' AND (classid, objid) = (%s, %s)
)
"""
CONTAINER = (Path("/.dockerenv"), Path("/run/.containerenv"))


def backups() -> Iterator[Diagnosis]:
    made_at = BackupRecord.objects.last_verified_at()
    remedy = "./run manage backup --check, and schedule it nightly"
    if made_at is None and settings.PRIVATE and not settings.BACKUP_URL:
        yield Diagnosis("Backups", "none, as BACKUP_URL is unset: docs/backups.md")
    elif made_at is None:
        yield Diagnosis("Backups", "there is no verified backup", remedy)
    else:
        is_old = timezone.now() - made_at > OLD_BACKUP
        text = f"the last verified one is {timesince(made_at)} old"
        yield Diagnosis("Backups", text, remedy if is_old else "")
    if future := ", ".join(map(str, BackupRecord.objects.future())):
        text = f"dated in the future, and so not counted: {future}"
        yield Diagnosis("Backups", text, "correct the clock; if it is right, move them away")


def last_run() -> Iterator[Diagnosis]:
    """Why the last backup failed, in its own words: a full disk, a folder it may not write to."""
    failed = JobRun.objects.exclude(problem="")
    checked = JobRun.objects.filter(name="backup", succeeded_at__gt=OuterRef("ended_at"))
    # A check does all that an hourly backup does, so its success counts for both.
    hourly = failed.filter(~Exists(checked), name="hourly_backup")
    problems = set()
    for run in [*failed.filter(name="backup"), *hourly]:
        if run.problem not in problems:
            problems.add(run.problem)
            text = f"the last run failed {timesince(run.ended_at)} ago: {run.problem}"
            yield Diagnosis("Backups", text, "mend that, then ./run manage backup --check")


def hourly() -> Iterator[Diagnosis]:
    """Whether hourly backups have stopped; nothing where there are only nightly ones."""
    made = BackupRecord.objects.believable()
    newest, now = made.first(), timezone.now()
    has_run = JobRun.objects.filter(name="hourly_backup", succeeded_at__isnull=False)
    if newest is None or now - newest.made_at <= LATE_BACKUP or not has_run.exists():
        return
    if made.filter(made_at__gt=newest.made_at - ALL).count() <= OFTEN:
        return
    if JobRun.objects.filter(name="backup", succeeded_at__gt=now - AFTER_CHECK).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(MAY_RUN, LOCK)
        (may_run,) = cursor.fetchone()
    if not may_run or now - newest.made_at > LONGEST_BACKUP:
        text = f"there was one every hour, and none for {timesince(newest.made_at)}"
        timers = "systemctl enable --now podcast-hourly.timer podcast-nightly.timer"
        remedy = (
            f"if they are off: {timers}, or docker compose up --detach nightly; "
            "if not, their log says why"
        )
        yield Diagnosis("Backups", text, remedy)


def programs() -> Iterator[Diagnosis]:
    """Whether the next backup finds its programs."""
    major = connection.pg_version // 10_000  # type: ignore[attr-defined]
    try:
        program("pg_dump", major)
        if settings.BACKUP_URL:
            restic.program()
    except BackupError as error:
        text, _, remedy = str(error).partition(". ")
        yield Diagnosis("Backups", text, remedy)


def destination() -> Iterator[Diagnosis]:
    """Whether there is a folder, with some space.

    Of a bucket, and where the site isn't told the destination, only the last run tells.
    """
    if not settings.BACKUP_URL:
        return
    try:
        folder, _ = restic.located(settings.BACKUP_URL)
    except BackupError as error:
        text, _, remedy = str(error).partition(". ")
        yield Diagnosis("Backups", text, remedy or "correct BACKUP_URL")
        return
    if folder is None or is_elsewhere(folder):
        return
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK | os.X_OK):
        text = f"{folder} can't be written to"
        yield Diagnosis("Backups", text, f"mount it writable; chown -R {system_user()} {folder}")
    elif free < ENOUGH_SPACE:
        text = f"{filesizeformat(free)} free at {folder}"
        yield Diagnosis("Backups", text, "free some space there, or name another in BACKUP_URL")


def is_elsewhere(folder: Path) -> bool:
    """Whether this is a container without the volume of backups, which `nightly` has."""
    is_container = any(path.exists() for path in CONTAINER)
    return is_container and bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
