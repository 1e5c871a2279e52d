"""The backups in a repository: whose they are, what is in them, and the site's record of them."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from ops.backups.errors import BackupError
from ops.backups.programs import ProgramFailed
from ops.backups.restic import REACHED_WITHIN, NoRepository, Repository
from ops.models import BackupRecord
from ops.owner import this_owner
from show.clock.jumps import Clock

NAME_FORMAT = "%Y%m%dT%H%M%SZ"
DUMP = "database"
MANIFEST = "manifest.json"
MAX_PROBLEM = 2000  # characters


@dataclass(frozen=True)
class Backup:
    """A snapshot of restic. Its tags NAME=VALUE say what is in it, and what its check found."""

    repository: Repository
    id: str
    made_at: datetime
    tags: dict[str, str]

    @property
    def name(self) -> str:
        """Names sort by date."""
        return self.made_at.astimezone(UTC).strftime(NAME_FORMAT)

    @property
    def postgresql(self) -> int:
        """The server's major version."""
        return int(self.tags["postgresql"])

    @property
    def checked_at(self) -> datetime | None:
        at = self.tags.get("checked")
        return datetime.fromisoformat(at) if at else None

    @property
    def problem(self) -> str:
        return self.tags.get("problem", "")

    @property
    def is_verified(self) -> bool:
        return self.checked_at is not None and not self.problem

    @property
    def is_whole(self) -> bool:
        """Whether the storage had all files that the rows name."""
        return self.tags.get("lost", "0") == "0"

    @property
    def summary(self) -> str:
        """The backup's line in the list of backups."""
        size, state = filesizeformat(self.tags["bytes"]), "not checked"
        if self.checked_at:
            state = f"damaged: {self.problem.splitlines()[0]}" if self.problem else "verified"
        future = "  dated in the future" if Clock(timezone.now()).is_future(self.made_at) else ""
        return f"{self.name}  {size}  PostgreSQL {self.postgresql}  {state}{future}"

    def save(self, at: datetime, problem: str) -> None:
        """Store the result of a check in place of an earlier one's. restic changes the ID."""
        self.tags.pop("problem", None)
        self.tags["checked"] = at.isoformat()
        if problem:  # for restic, a comma separates two tags
            self.tags["problem"] = problem[:MAX_PROBLEM].replace(",", ";")
        self.repository.run("tag", *tag_options("--set", self.tags), self.id)

    def has_all_data(self) -> bool:
        """Whether the repository's index has all that belongs to the backup."""
        try:
            self.repository.run("stats", "--no-lock", "--mode=raw-data", self.id)
        except ProgramFailed:
            return False
        return True

    def fetch(self, folder: Path, *, files: bool) -> str:
        """Write dump and manifest into the folder, and the stored files below it by their paths.

        What was damaged, in restic's words. Raises ProgramFailed, if nothing could be written.
        """
        only = [] if files else [f"--include=/{DUMP}", f"--include=/{MANIFEST}"]
        try:
            self.repository.run("restore", "--no-lock", f"--target={folder}", *only, self.id)
        except ProgramFailed as error:
            if "ignoring error for" not in error.message:
                raise
            return error.message
        return ""


def tag_options(name: str, tags: dict[str, str]) -> list[str]:
    """Tags as restic's options of this name."""
    return [word for tag, value in tags.items() for word in (name, f"{tag}={value}")]


def backups(repository: Repository) -> list[Backup]:
    """Newest first; none where there is no repository. Snapshots of others aren't among them."""
    try:
        listed = repository.run("snapshots", "--no-lock", "--json", seconds=REACHED_WITHIN)
    except NoRepository:
        return []
    made = [
        Backup(
            repository,
            each["id"],
            datetime.fromisoformat(each["time"]),
            dict(tag.split("=", 1) for tag in each.get("tags") or () if "=" in tag),
        )
        for each in json.loads(listed) or ()
    ]
    own = [backup for backup in made if "installation" in backup.tags]
    return sorted(own, key=lambda backup: backup.made_at, reverse=True)


@contextmanager
def workspace() -> Iterator[Path]:
    """A folder for a dump, which is removed afterwards: only one command runs at a time."""
    folder = settings.BACKUP_CACHE / "dump"
    shutil.rmtree(folder, ignore_errors=True)  # left by a killed one
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def refuse_others(repository: Repository, found: list[Backup]) -> None:
    """Raises BackupError if the newest backup there is another installation's."""
    own = this_owner()
    if not found or own._asdict().items() <= found[0].tags.items():
        return
    theirs = found[0].tags["site"]
    whose = f"backups of {theirs}, and this is {own.site}"
    if theirs == own.site:
        whose = f"backups of another catalogue of {theirs}; to go on with that, restore one first"
    raise BackupError(
        f"{repository} has {whose}. Two installations would remove each other's backups, so "
        "nothing was done. Name another destination in BACKUP_URL. If the other installation is "
        f"gone, or the domain has changed: {settings.MANAGE_COMMAND} backup --take-over, once."
    )


def record_backups(found: list[Backup]) -> None:
    """Update the site's record of its backups, as it may have no access to the destination."""
    fields = ("name", "made_at", "checked_at", "problem")
    rows = [BackupRecord(**{name: getattr(each, name) for name in fields}) for each in found]
    with transaction.atomic():
        BackupRecord.objects.all().delete()
        BackupRecord.objects.bulk_create(rows)
