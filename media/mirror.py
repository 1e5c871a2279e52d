"""All stored files as a folder, for programs that read only files."""

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from media.storages import copy_out, listing


def local_folder(mirror: Path) -> Path:
    """The storage's own folder; of a bucket, a copy in `mirror`, which is brought up to date.

    Raises OSError.
    """
    if not hasattr(default_storage, "listing"):
        return Path(settings.MEDIA_ROOT).resolve()
    stored = {file.name: file for file in listing()}
    for path in [path for path in mirror.rglob("*") if path.is_file()]:
        if path.relative_to(mirror).as_posix() not in stored:
            path.unlink()
    draft = mirror.with_suffix(".unfinished")
    for file in stored.values():
        path = mirror / file.name
        # The file's time is that of the object, which begins with its date.
        at = datetime.fromisoformat(file.modified.split()[0]).timestamp()
        if path.is_file() and (path.stat().st_size, path.stat().st_mtime) == (file.size, at):
            continue
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with draft.open("wb") as target:
                copy_out(file.name, target)
        except FileNotFoundError:  # removed meanwhile
            continue
        os.utime(draft, (at, at))
        draft.replace(path)
    return mirror
