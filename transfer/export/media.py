"""The stored files of the catalogue: audio, images of people and episodes, images in texts."""

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db import models

from episodes.models import Enclosure, Episode
from guests.models import Guest
from media.storages import PICTURES
from show.models import Show

FILE_COLUMNS: tuple[tuple[type[models.Model], str], ...] = (
    (Show, "artwork"), (Guest, "avatar"), (Episode, "image"), (Enclosure, "file"),
)  # fmt: skip


def stored_files() -> list[str]:
    """The names in storage of all files that the catalogue's rows or texts use."""
    names = set(_names_below(PICTURES.rstrip("/")))
    for model, column in FILE_COLUMNS:
        rows = model._base_manager.exclude(**{column: ""})
        names.update(rows.values_list(column, flat=True))
    return sorted(names)


def _names_below(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # a disk without the folder; buckets list nothing
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _names_below(f"{folder}/{name}")
