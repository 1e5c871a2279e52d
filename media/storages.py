"""Where files lie: static ones hashed and compressed, audio under keys nobody can guess."""

import secrets
import shutil
from typing import Any, BinaryIO

from django.core.files.storage import default_storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# A stored name is never given to other bytes, so whoever has them need not ask again.
IMMUTABLE = "public, max-age=31536000, immutable"


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    # Our ES modules import each other by relative path; hash those paths too.
    support_js_module_import_aggregation = True


def copy_within(name: str, to: str) -> str:
    """Store a stored file under another name too, and return that.

    Raises FileNotFoundError if there is none, and OSError when it can't be stored.
    """
    copy = getattr(default_storage, "copy", None)  # buckets need not send us the bytes
    if copy:
        return copy(name, to)
    with default_storage.open(name) as content:
        return default_storage.save(to, content)


def copy_out(name: str, file: BinaryIO) -> None:
    """Write a stored file's bytes into another, block by block.

    Raises FileNotFoundError if there is none, and OSError when it can't be read.
    """
    fetch = getattr(default_storage, "fetch", None)  # a bucket's own files would come into memory
    if fetch:
        fetch(name, file)
        return
    with default_storage.open(name) as content:
        shutil.copyfileobj(content, file)


def audio_key(enclosure: Any, filename: str) -> str:
    """Where an enclosure's audio is stored: unguessable, and new for every upload.

    So nobody finds the audio of a draft, and caches never hold the bytes that were replaced.
    """
    return f"audio/{secrets.token_hex(16)}/{enclosure.name or filename}"
