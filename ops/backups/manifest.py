"""The JSON files of a backup: its manifest, and the result of its last check."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from ops.backups.errors import BackupError

FORMAT = 1
NAME_FORMAT = "%Y%m%dT%H%M%SZ"
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file's bytes; `modified` changes when its name gets other bytes."""

    size: int
    sha256: str
    modified: str = ""

    @property
    def blob(self) -> str:
        """The name of these bytes at the destination."""
        return f"files/{self.sha256[:2]}/{self.sha256}"


@dataclass(frozen=True, slots=True)
class TableDigest:
    """A table's number of rows, and a checksum of their contents."""

    rows: int
    sum: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose backup it is: the installation's key, and the host of its SITE_URL."""

    key: str
    site: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. Tables by schema and name, files by their names in the storage."""

    made_at: datetime
    release: str
    postgresql: int  # the server's major version
    dump: FileDigest
    tables: Mapping[str, TableDigest]
    files: Mapping[str, FileDigest]
    owner: Owner | None = None  # older backups have none

    @property
    def size(self) -> int:
        """The backup's size in bytes, including the files that it shares with others."""
        return self.dump.size + sum(file.size for file in self.files.values())

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def to_json(self) -> bytes:
        values = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(values, indent=1, ensure_ascii=False).encode()


def manifest_from(text: bytes, path: str) -> Manifest:
    """Raises BackupError, naming the path."""
    try:
        values: Json = json.loads(text)
        if (version := values["format"]) != FORMAT:
            raise BackupError(f"{path} has format {version}; this release reads format {FORMAT}.")
        return Manifest(
            made_at=datetime.fromisoformat(values["made_at"]),
            release=values["release"],
            postgresql=values["postgresql"],
            dump=FileDigest(**values["dump"]),
            tables={name: TableDigest(**table) for name, table in values["tables"].items()},
            files={name: FileDigest(**file) for name, file in values["files"].items()},
            owner=Owner(**values["owner"]) if values.get("owner") else None,
        )
    except UNREADABLE as error:
        raise BackupError(f"{path} can't be read: {error}.") from error


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found; a backup without problems is verified."""

    at: datetime
    problems: list[str] = field(default_factory=list)
    blobs: list[str] = field(default_factory=list)  # damaged or missing ones

    def to_json(self) -> bytes:
        return json.dumps(asdict(self) | {"at": self.at.isoformat()}, ensure_ascii=False).encode()


def check_result_from(text: bytes) -> CheckResult | None:
    """None if it can't be read, as if the backup had never been checked."""
    try:
        values: Json = json.loads(text)
        return CheckResult(**values | {"at": datetime.fromisoformat(values["at"])})
    except UNREADABLE:
        return None


def name_at(moment: datetime) -> str:
    """The name of a backup made at this moment; names sort by date."""
    return moment.astimezone(UTC).strftime(NAME_FORMAT)


def moment_of(name: str) -> datetime | None:
    """When the backup of this name was made; None if it isn't a backup's name."""
    try:
        return datetime.strptime(name, NAME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
