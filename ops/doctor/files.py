"""The storage of uploads, and free space."""

import secrets
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.defaultfilters import filesizeformat

from ops.doctor.diagnosis import Diagnosis

ENOUGH_SPACE = 1024**3


def storage() -> Diagnosis:
    """Writes, reads and removes a few bytes in the storage of uploads."""
    where = settings.S3_BUCKET or str(settings.MEDIA_ROOT)
    content = secrets.token_bytes(16)
    try:
        name = default_storage.save(f"doctor-{secrets.token_hex(8)}", ContentFile(content))
        try:
            with default_storage.open(name) as file:
                is_same = file.read() == content
        finally:
            default_storage.delete(name)
    except Exception as error:  # boto3's exceptions and the disk's have no common class
        text = f"{where}: {type(error).__name__}: {error}"
        bucket = "check the bucket's name, keys and rights"
        return Diagnosis("Storage", text, bucket if settings.S3_BUCKET else f"see {where}")
    if not is_same:
        return Diagnosis("Storage", f"{where} returned other bytes", "do not rely on it")
    return Diagnosis("Storage", f"{where} can be written to and read")


def disk() -> Diagnosis:
    """Space for uploads, which pass through the folder for temporary files."""
    folders = [Path(tempfile.gettempdir())]
    if not settings.S3_BUCKET:
        media = Path(settings.MEDIA_ROOT)
        folders.append(next(path for path in (media, *media.parents) if path.exists()))
    free, folder = min((shutil.disk_usage(path).free, str(path)) for path in folders)
    text = f"{filesizeformat(free)} free at {folder}"
    return Diagnosis("Disk", text, "" if free > ENOUGH_SPACE else "free some space there")
