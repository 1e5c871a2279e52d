"""Images: checked when they come in, and made small for recordings."""

import io
import warnings
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_IMAGE_BYTES = 10 * 1024 * 1024
# Directories take up to 3000 × 3000 pixels. A small file may decompress to gigabytes.
MAX_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
IMAGE_ENDINGS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".gif": "GIF"}
TOO_MANY = f"This image has more than {MAX_PIXELS // 1_000_000} million pixels."
UNREADABLE = "Browsers can’t show this file: upload a JPEG, PNG, WebP or GIF image."
# Lock screens show a cover this large; every listener downloads it with the episode.
COVER_WIDTH = 1000
COVER_QUALITY = 85


class InvalidImage(ValueError):
    """Why an image is refused, as a sentence for the host."""


def check_image(file: BinaryIO, size: int, name: str) -> None:
    """Check an image by its header, without reading pixels. Raises InvalidImage."""
    if size > MAX_IMAGE_BYTES:
        raise InvalidImage(f"This image is larger than {MAX_IMAGE_BYTES // 1024**2} MB.")
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # MAX_PIXELS is ours
            picture = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise InvalidImage(TOO_MANY) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise InvalidImage(UNREADABLE) from error
    finally:
        file.seek(0)
    if picture.width * picture.height > MAX_PIXELS:
        raise InvalidImage(TOO_MANY)
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if IMAGE_ENDINGS.get(ending) != picture.format:
        kind = picture.format
        raise InvalidImage(f"This is a {kind} file, but its name ends in “{ending[:20]}”.")


def embedded_cover(file: BinaryIO) -> bytes:
    """The image as a JPEG of at most COVER_WIDTH pixels. Raises Pillow's OSError and ValueError."""
    file.seek(0)
    with Image.open(file, formats=FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError(f"{picture.width} × {picture.height} pixels are too many")
        small = ImageOps.exif_transpose(picture).convert("RGB")
    small.thumbnail((COVER_WIDTH, COVER_WIDTH))
    made = io.BytesIO()
    small.save(made, "JPEG", quality=COVER_QUALITY)
    return made.getvalue()
