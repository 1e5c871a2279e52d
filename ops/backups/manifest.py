"""What a backup holds, as written beside it, and what reading it back found."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

FORMAT = 1
NAME_FORMAT = "%Y%m%dT%H%M%SZ"
Json = dict[str, Any]


class Damaged(ValueError):
    """A manifest that can't be read."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file's bytes; `modified` differs when others were stored under its name."""

    size: int
    sha256: str
    modified: str = ""

    @property
    def blob(self) -> str:
        """Where the place has them."""
        return f"files/{self.sha256[:2]}/{self.sha256}"


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows a table has, and a sum over their contents."""

    rows: int
    sum: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose backup it is: the key of the installation, and the host of SITE_URL."""

    key: str
    site: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All of a backup. Tables by schema and name, files by their names in the storage."""

    made_at: datetime
    release: str
    postgresql: int  # the server's major version
    dump: StoredFile
    tables: Mapping[str, Table]
    files: Mapping[str, StoredFile]
    owner: Owner | None = None  # of those made before this was written: nobody knows

    @property
    def size(self) -> int:
        """Bytes, as if no other backup shared its files."""
        return self.dump.size + sum(file.size for file in self.files.values())

    def to_json(self) -> bytes:
        values = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(values, indent=1, ensure_ascii=False).encode()


def manifest_from(text: bytes) -> Manifest:
    """Raises Damaged."""
    try:
        values: Json = json.loads(text)
        if values["format"] != FORMAT:
            raise Damaged(f"is of format {values['format']}; this release reads {FORMAT}")
        return Manifest(
            made_at=datetime.fromisoformat(values["made_at"]),
            release=values["release"],
            postgresql=values["postgresql"],
            dump=StoredFile(**values["dump"]),
            tables={name: Table(**table) for name, table in values["tables"].items()},
            files={name: StoredFile(**file) for name, file in values["files"].items()},
            owner=Owner(**values["owner"]) if values.get("owner") else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, Damaged):
            raise
        raise Damaged(f"can't be read: {error}") from error


@dataclass(frozen=True, slots=True)
class Verdict:
    """What reading a backup back found; without problems it is verified."""

    at: datetime
    problems: list[str] = field(default_factory=list)
    blobs: list[str] = field(default_factory=list)  # those whose bytes are others, or gone

    def to_json(self) -> bytes:
        return json.dumps(asdict(self) | {"at": self.at.isoformat()}, ensure_ascii=False).encode()


def verdict_from(text: bytes) -> Verdict | None:
    """None where it can't be read: then nobody knows."""
    try:
        values: Json = json.loads(text)
        return Verdict(**values | {"at": datetime.fromisoformat(values["at"])})
    except (ValueError, KeyError, TypeError):
        return None


def name_at(moment: datetime) -> str:
    """A backup's name says when it was made, and sorts so."""
    return moment.astimezone(UTC).strftime(NAME_FORMAT)


def moment_of(name: str) -> datetime:
    """Raises ValueError where it is no backup's name."""
    return datetime.strptime(name, NAME_FORMAT).replace(tzinfo=UTC)


def is_name(name: str) -> bool:
    try:
        moment_of(name)
    except ValueError:
        return False
    return True
