"""Reading a folder or bucket of former backups."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from media.bucket import Bucket
from ops.backups.repository import DUMP, MANIFEST, NAME_FORMAT, Backup
from ops.backups.restic import Repository
from ops.backups.restore import IGNORED

MEDIA = "/media"


@dataclass(frozen=True)
class FormerBackup(Backup):
    """A backup that isn't a snapshot of restic."""

    place: Path | Bucket
    manifest: dict[str, Any]

    @property
    def summary(self) -> str:
        return f"{self.name}  of the former format"

    def fetch(self, folder: Path, *, files: bool) -> str:
        """As a snapshot of restic. Raises OSError."""
        tables = {
            name: (each["rows"], each["sum"]) for name, each in self.manifest["tables"].items()
        }
        (folder / MANIFEST).write_text(json.dumps({"media": MEDIA, "tables": tables}))
        dump = {f"/{DUMP}": (f"backups/{self.name}/database.dump", self.manifest["dump"])}
        stored = {
            f"{MEDIA}/{name}": (f"files/{file['sha256'][:2]}/{file['sha256']}", file)
            for name, file in self.manifest["files"].items()
        }
        wanted = dump | (stored if files else {})
        return "\n".join(
            f"{IGNORED} {path}: it is damaged or missing"
            for path, (name, file) in wanted.items()
            if not _is_fetched(self.place, name, folder / path.lstrip("/"), file["sha256"])
        )


def former_backups(repository: Repository) -> list[FormerBackup]:
    """Those at the destination of BACKUP_URL, the newest first."""
    parts = urlsplit(repository.url)
    found = []
    if repository.folder:
        place: Path | Bucket = repository.folder
        names = [path.parent.name for path in repository.folder.glob(f"backups/*/{MANIFEST}")]
    elif parts.scheme == "s3":
        options = {name: value for name, value in settings.BACKUP_S3.items() if value}
        location = unquote(parts.path).strip("/")
        place = Bucket(bucket_name=parts.netloc, location=location, **options)
        paths = [file.name.split("/") for file in place.listing("backups/")]
        names = [path[1] for path in paths if path[-1] == MANIFEST]
    else:
        return []
    for name in sorted(names, reverse=True):
        made_at = datetime.strptime(name, NAME_FORMAT).replace(tzinfo=UTC)
        content = BytesIO()
        _read(place, f"backups/{name}/{MANIFEST}", content)
        manifest = json.loads(content.getvalue())
        tags = {"postgresql": str(manifest["postgresql"])}
        found.append(FormerBackup(repository, "", made_at, tags, place, manifest))
    return found


def _is_fetched(place: Path | Bucket, name: str, path: Path, sha256: str) -> bool:
    """Whether the file was there, and has its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("wb") as file:
            _read(place, name, file)
    except FileNotFoundError:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _read(place: Path | Bucket, name: str, into: IO[bytes]) -> None:
    if isinstance(place, Bucket):
        place.fetch(name, into)
        return
    with (place / name).open("rb") as file:
        shutil.copyfileobj(file, into)
