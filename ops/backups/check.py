"""Checking a backup, and removing what is damaged so that the next one stores it again."""

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from media.bucket import Bucket
from ops.backups.errors import BackupError
from ops.backups.postgres import Database
from ops.backups.programs import ProgramFailed, run
from ops.backups.repository import Backup, backups
from ops.backups.restic import Repository
from ops.backups.restore import different_rows

# As restic 0.14 and 0.18 name them. What failed to download may be as it was.
DAMAGED = re.compile(r"^pack (?:ID does not match, want )?(\w{64})(?! failed)", re.I | re.M)
MAX_SHOWN = 20  # problems


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found: without problems, the backup is verified."""

    problems: list[str]
    packs: set[str]  # restic's files of data of which the bytes have changed or are missing


def check(backup: Backup, server: Database, *, elsewhere: bool = False) -> CheckResult:
    """The result, which is saved with the backup.

    Not saved is the failure of another server to restore the dump: the backup may be fine. Raises
    BackupError where the check can't be made, as without a scratch database on that server.
    """
    problems, packs = list(different_rows(backup, server)), set()
    try:
        backup.repository.run("check", "--no-lock", "--read-data")
    except ProgramFailed as error:
        packs = set(DAMAGED.findall(error.message))
        problems += [f"the pack {pack} has changed or is missing" for pack in sorted(packs)]
        if not packs and not has_all_data(backup):
            problems.append(f"restic says: {error.message}")
    if packs or not (problems and elsewhere):
        backup.save(timezone.now(), "\n".join(problems))
    return CheckResult(problems, packs)


def verified(backup: Backup, result: CheckResult) -> str:
    """The line of a verified backup. Raises BackupError if it is damaged."""
    if not result.problems:
        rows, files = backup.tags["rows"], backup.tags["files"]
        return f"{backup.name}: verified, {rows} rows and {files} files"
    lines = result.problems[:MAX_SHOWN]
    if len(result.problems) > MAX_SHOWN:
        lines.append(f"and {len(result.problems) - MAX_SHOWN} more")
    advice = "Make another, which also stores again what is damaged: manage.py backup --check"
    raise BackupError("\n".join([f"{backup.name} is damaged:", *lines, advice]))


def has_all_data(backup: Backup) -> bool:
    """Whether the repository's index has all that belongs to the backup."""
    try:
        backup.repository.run("stats", "--no-lock", "--mode=raw-data", backup.id)
    except ProgramFailed:
        return False
    return True


def remove_packs(repository: Repository, packs: set[str]) -> None:
    """Remove damaged packs: the next backup stores again what was in them, if the site has it.

    As `restic repair packs`, which restic 0.14 hasn't got.
    """
    listed = repository.run("list", "packs", "--no-lock").split()
    for pack in packs.intersection(listed):
        _delete(repository, f"data/{pack[:2]}/{pack}")
    repository.run("rebuild-index")


def mark_damaged(repository: Repository) -> None:
    """Note it of those backups that need what was in removed packs, and the site had no more."""
    for backup in backups(repository):
        if not has_all_data(backup):
            backup.save(timezone.now(), "Data that it needs was damaged, and was removed.")


def _delete(repository: Repository, name: str) -> None:
    """Delete a file of the repository; restic 0.14 can't."""
    parts = urlsplit(repository.url)
    if repository.folder:
        (repository.folder / name).unlink()
    elif parts.scheme == "s3":
        given = {option: value for option, value in settings.BACKUP_S3.items() if value}
        Bucket(bucket_name=parts.netloc, location=parts.path.strip("/"), **given).delete(name)
    else:
        port = ["-P", str(parts.port)] if parts.port else []
        with NamedTemporaryFile("w") as batch:
            batch.write(f'rm "{unquote(parts.path)}/{name}"')
            batch.flush()
            address = parts.netloc.removesuffix(f":{parts.port}")
            run(Path("sftp"), ["-b", batch.name, *port, address], {})
