"""What may be uploaded: how much of it, and pictures that are what they say."""

import warnings
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from PIL import Image, UnidentifiedImageError

LARGEST_PICTURE = 10 * 1024 * 1024
# 3000 × 3000 is the largest that podcast directories take. A small file may unfold to gigabytes.
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
ENDINGS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".gif": "GIF"}
TOO_MANY = f"This picture has more than {MOST_PIXELS // 1_000_000} million pixels."
UNREADABLE = "This is no picture that browsers show: hand in a JPEG, PNG, WebP or GIF file."


class WrongPicture(ValueError):
    """Why a file isn't taken as a picture, as a sentence for the host."""


class SizeLimit(FileUploadHandler):
    """Refuses a request that is too large before any of it is stored on the disk.

    Recordings come from who may enter the desk. Everybody else has nothing to upload.
    """

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        small = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if content_length <= small:
            return
        user = getattr(self.request, "user", None)
        most = settings.UPLOAD_MAX_BYTES if user and user.is_staff else small
        if content_length > most:
            raise RequestDataTooBig(f"More than {most // 1024**2} MB can’t be sent here.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def check_picture(file: BinaryIO, size: int, name: str) -> None:
    """Look at a picture's header, not its pixels. Raises WrongPicture."""
    if size > LARGEST_PICTURE:
        raise WrongPicture(f"This picture is larger than {LARGEST_PICTURE // 1024**2} MB.")
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", Image.DecompressionBombWarning
            )  # the limit below is ours
            picture = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise WrongPicture(TOO_MANY) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise WrongPicture(UNREADABLE) from error
    finally:
        file.seek(0)
    if picture.width * picture.height > MOST_PIXELS:
        raise WrongPicture(TOO_MANY)
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ENDINGS.get(ending) != picture.format:
        raise WrongPicture(
            f"This is a {picture.format} file, but its name ends in “{ending[:20]}”."
        )
