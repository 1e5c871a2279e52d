"""The finished backups of a place."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path

from ops.backups.destinations import Place, Sum
from ops.backups.errors import BackupError
from ops.backups.manifest import (
    Damaged,
    Manifest,
    Verdict,
    is_name,
    manifest_from,
    moment_of,
    verdict_from,
)

BACKUPS = "backups/"
FILES = "files/"
DUMP = "database.dump"
MANIFEST = "manifest.json"
CHECKED = "checked.json"


@dataclass
class Backup:
    """One that was finished; `names` are its files'."""

    place: Place
    name: str
    names: list[str]

    @property
    def made_at(self) -> datetime:
        return moment_of(self.name)

    def path(self, name: str) -> str:
        return f"{BACKUPS}{self.name}/{name}"

    @cached_property
    def manifest(self) -> Manifest:
        """Raises BackupError."""
        try:
            return manifest_from(read_bytes(self.place, self.path(MANIFEST)))
        except Damaged as damaged:
            raise BackupError(f"{self.path(MANIFEST)} {damaged}.") from damaged

    @cached_property
    def verdict(self) -> Verdict | None:
        """Of the last check. None: it was never checked."""
        if self.path(CHECKED) not in self.names:
            return None
        return verdict_from(read_bytes(self.place, self.path(CHECKED)))

    @property
    def is_verified(self) -> bool:
        return self.verdict is not None and not self.verdict.problems

    def note(self, verdict: Verdict, workspace: Path) -> None:
        """Keep what a check found."""
        write_bytes(self.place, self.path(CHECKED), verdict.to_json(), workspace)
        self.names = sorted({*self.names, self.path(CHECKED)})
        self.__dict__["verdict"] = verdict


def backups(place: Place) -> list[Backup]:
    """Newest first; those that were cut off are none."""
    return [
        Backup(place, name, names)
        for name, names in _by_backup(place).items()
        if f"{BACKUPS}{name}/{MANIFEST}" in names and is_name(name)
    ]


def cut_off(place: Place) -> list[str]:
    """The files of backups that were begun and never finished."""
    return [
        file
        for name, files in _by_backup(place).items()
        if f"{BACKUPS}{name}/{MANIFEST}" not in files and is_name(name)
        for file in files
    ]


def chosen(place: Place, name: str | None) -> Backup:
    """The named one, or the newest. Raises BackupError where there is none."""
    found = backups(place)
    if not found:
        raise BackupError(f"There is no finished backup in {place}. `backup` makes one.")
    if name is None:
        return found[0]
    for backup in found:
        if backup.name == name:
            return backup
    names = ", ".join(backup.name for backup in found)
    raise BackupError(f"There is no finished backup “{name}” in {place}. There are: {names}.")


def read_bytes(place: Place, name: str) -> bytes:
    held = BytesIO()
    place.read(name, Sum(held))
    return held.getvalue()


def write_bytes(place: Place, name: str, content: bytes, workspace: Path) -> None:
    draft = workspace / "draft"
    draft.write_bytes(content)
    place.put(draft, name)


def _by_backup(place: Place) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(place.sizes(BACKUPS), reverse=True):
        found.setdefault(name.split("/")[1], []).append(name)
    return found
