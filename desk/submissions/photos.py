"""Photos that guests send: made harmless and small, and stored until the host decides."""

import secrets
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from desk.fields import StrippedImageField
from desk.pending_files import FOLDER
from episodes.models import DiscardedFile
from media.images import InvalidImage
from media.renditions import upright_jpeg

# JPEGs are decoded to a fraction of their size; other small files may cost seconds and a gigabyte.
MAX_PIXELS = 16_000_000
# A progressive JPEG has some ten scans, a made-up one thousands, each of which passes all pixels.
MAX_SCANS = 20
SCAN = b"\xff\xda"
TOO_COSTLY = "This file is unusual and would take long to read. Save it as a JPEG, then send that."
NAME = "photo.jpg"
LONGEST_SIDE = 2000  # pixels; pages show 640, and the host may cut a square out


class SentPhotoField(StrippedImageField):
    """The photo as a new JPEG: nothing of the file that was sent is stored."""

    def to_python(self, data: Any) -> Any:
        checked = super().to_python(data)
        if checked is None:
            return None
        if is_costly(checked):
            raise ValidationError(TOO_COSTLY)
        try:
            content = upright_jpeg(checked, LONGEST_SIDE)
        except InvalidImage as error:
            raise ValidationError(str(error)) from error
        return SimpleUploadedFile(NAME, content, "image/jpeg")


def is_costly(photo: Any) -> bool:
    """Whether a checked image, of which Django opened the header, would take long to decode."""
    if photo.image.format == "JPEG":
        photo.seek(0)
        content = photo.read()
        photo.seek(0)
        return content.count(SCAN) > MAX_SCANS
    return photo.image.width * photo.image.height > MAX_PIXELS


def store_photo(photo: File, until: datetime) -> str:
    """Store it until this time, after which `tick` removes it; its name. Raises OSError."""
    name = f"{FOLDER}{secrets.token_hex(16)}/{NAME}"
    DiscardedFile.objects.create(name=name, keep_until=until)
    return default_storage.save(name, photo)


def discard_photo(name: str) -> None:
    """Have the next `tick` remove it."""
    DiscardedFile.objects.filter(name=name).update(keep_until=None)
