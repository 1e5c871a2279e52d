"""Where files lie: static ones hashed and compressed, audio under keys nobody can guess."""

import secrets
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# A stored name is never given to other bytes, so whoever has them need not ask again.
IMMUTABLE = "public, max-age=31536000, immutable"


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    # Our ES modules import each other by relative path; hash those paths too.
    support_js_module_import_aggregation = True


def audio_key(enclosure: Any, filename: str) -> str:
    """Where an enclosure's audio is stored: unguessable, and new for every upload.

    So nobody finds the audio of a draft, and caches never hold the bytes that were replaced.
    """
    return f"audio/{secrets.token_hex(16)}/{enclosure.name or filename}"
