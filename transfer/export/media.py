"""The stored files of the catalogue: audio, pictures of people and episodes, pictures in texts."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.core.files.storage import default_storage
from django.db import models

from episodes.models import Enclosure, Episode
from guests.models import Guest
from show.models import Show

BLOCK = 1024 * 1024
# Named by texts, not by a column: what `import_jekyll` takes over from the old site's posts.
PICTURES = "pictures"
FILE_COLUMNS: tuple[tuple[type[models.Model], str], ...] = (
    (Show, "artwork"), (Guest, "avatar"), (Episode, "image"), (Enclosure, "file"),
)  # fmt: skip


def stored_files() -> list[str]:
    """The names in storage of all files that the catalogue's rows or texts use."""
    names = set(_below(PICTURES))
    for model, column in FILE_COLUMNS:
        rows = model._base_manager.exclude(**{column: ""})
        names.update(rows.values_list(column, flat=True))
    return sorted(names)


def _below(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # a disk without the folder; buckets answer with nothing
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _below(f"{folder}/{name}")


def copy(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy in blocks, whatever the size; the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    while block := source.read(BLOCK):
        digest.update(block)
        target.write(block)
    return digest.hexdigest()


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
