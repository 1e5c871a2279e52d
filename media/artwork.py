"""Pictures as they stand inside recordings."""

import io
from typing import BinaryIO

from PIL import Image, ImageOps

from media.uploads import FORMATS, MOST_PIXELS

# A phone's lock screen shows it this large; each listener downloads it with the episode.
WIDTH = 1000
QUALITY = 85


def cover(file: BinaryIO) -> bytes:
    """A picture as a JPEG of at most WIDTH pixels. Raises what Pillow does: OSError, ValueError."""
    file.seek(0)
    with Image.open(file, formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError(f"{picture.width} × {picture.height} pixels are too many")
        small = ImageOps.exif_transpose(picture).convert("RGB")
    small.thumbnail((WIDTH, WIDTH))
    made = io.BytesIO()
    small.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()
