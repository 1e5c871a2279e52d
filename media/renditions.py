"""Renditions: WebP copies of a stored picture in the widths that pages show.

They are stored below `renditions/<name of the original>/`, so a page that knows the original's name
knows theirs without asking the storage, and a draft's are as hard to guess as the original. Rows
say which widths there are (media.pictured).
"""

import io
import logging
from dataclasses import dataclass
from hashlib import md5
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageOps

from media import images
from media.exif import ON_ITS_SIDE, ORIENTATION
from media.images import FORMATS, MAX_PIXELS, InvalidImage
from media.storages import copy_out, listing

logger = logging.getLogger(__name__)

FOLDER = "renditions/"
ENDING = ".webp"
QUALITY, JPEG_QUALITY = 80, 90
PALETTES = ("1", "P", "PA")  # modes in which pixels can't be averaged
# The part of what a portrait is higher than wide that lies above its square: faces are far up.
ABOVE = 1 / 6
# What Pillow raises for broken and hostile files.
UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class Shape:
    """The renditions of a kind of picture: their widths in pixels, and whether they are square."""

    widths: tuple[int, ...]
    is_square: bool = True


FACE = Shape((64, 96, 128, 192, 384, 640))
COVER = Shape((128, 256, 512, 1024))
IN_TEXT = Shape((480, 960, 1440), is_square=False)

Facts = dict[str, Any]
# The point of an upright picture that its square has in the middle, as far as the picture's edges
# allow: percent of the width from the left, of the height from the top.
FocalPoint = tuple[int, int]


def key_of(name: str) -> str:
    """The key of a picture's facts in its row, which says nothing about a person."""
    return md5(name.encode(), usedforsecurity=False).hexdigest()


def original_of(name: str) -> str:
    """The name of the picture that a rendition is of; other files are their own."""
    return name.removeprefix(FOLDER).rpartition("/")[0] if name.startswith(FOLDER) else name


def addresses(name: str, facts: Facts | None) -> dict[int, str]:
    """The URLs of a picture's renditions by width, the smallest first. Asks no storage."""
    if not facts or not widths_of(facts):
        return {}
    last = f"0{ENDING}"
    base = default_storage.url(_folder(name) + last).removesuffix(last)
    return {width: f"{base}{_file(width, focal_of(facts))}" for width in widths_of(facts)}


def widths_of(facts: Facts) -> list[int]:
    """The stored widths. The former code shows the original of a square that was moved."""
    return facts["moved_widths"] if "moved_widths" in facts else facts["widths"]


def focal_of(facts: Facts) -> FocalPoint | None:
    """Where the renditions were cut; None for where this module proposes it."""
    return tuple(facts["focal"]) if "focal" in facts else None


def moved_rendition(name: str, facts: Facts, width: int) -> str:
    """The name of the rendition of a moved square at least this wide; else the picture's own."""
    focal = focal_of(facts)
    enough = next((each for each in widths_of(facts) if each >= width), None)
    return f"{_folder(name)}{_file(enough, focal)}" if focal and enough else name


def rendition_of(name: str, width: int) -> str:
    """The name of the smallest stored rendition at least this wide, else the picture's own.

    Only of squares that weren't moved.
    """
    names = (file.name.rpartition("/")[2] for file in listing(_folder(name)))
    stems = (each.removesuffix(ENDING) for each in names)
    stored = sorted(int(stem) for stem in stems if stem.isdecimal())
    enough = next((each for each in stored if each >= width), None)
    return f"{_folder(name)}{enough}{ENDING}" if enough else name


def make_renditions(name: str, shape: Shape, focal: FocalPoint | None = None) -> Facts:
    """Store those that are missing; returns the widths of all, and the original's size in pixels.

    An animation has none, nor has what can't be read: pages show the original. Raises OSError.
    """
    facts = _make(name, shape, focal)
    if not focal:
        return facts
    return facts | {"widths": [], "moved_widths": facts["widths"], "focal": list(focal)}


def _make(name: str, shape: Shape, focal: FocalPoint | None) -> Facts:
    content = io.BytesIO()
    copy_out(name, content)
    stored = {file.name for file in listing(_folder(name))}
    try:
        with Image.open(content, formats=FORMATS) as original:
            facts, picture = _facts(original, shape), _prepared(original, shape, focal)
            missing = {f"{_folder(name)}{_file(width, focal)}": width for width in facts["widths"]}
            files = {
                file: _encoded(picture, width)
                for file, width in missing.items()
                if file not in stored
            }
    except UNREADABLE as problem:
        logger.warning("No renditions of %s: %s", name, problem)
        return {"widths": []}
    for rendition, data in files.items():
        if (taken := default_storage.save(rendition, ContentFile(data))) != rendition:
            default_storage.delete(taken)  # another process was first
    return facts


def remove_renditions(name: str) -> None:
    """Remove the renditions of this picture. Raises OSError."""
    for file in list(listing(_folder(name))):
        default_storage.delete(file.name)


def remove_others(name: str, *shown: Facts) -> None:
    """Remove the renditions of squares other than these facts'. Raises OSError."""
    names = {_file(width, focal_of(facts)) for facts in shown for width in widths_of(facts)}
    for file in list(listing(_folder(name))):
        if file.name.rpartition("/")[2] not in names:
            default_storage.delete(file.name)


def upright_jpeg(content: BinaryIO, longest: int) -> bytes:
    """An image that `check_image` accepted as a new JPEG in sRGB, at most so many pixels a side.

    Raises InvalidImage.
    """
    try:
        with Image.open(content, formats=FORMATS) as original:
            original.draft("RGB", (longest, longest))
            # Smaller first, as all else takes time and memory for each pixel.
            small = original.convert("RGBA") if original.mode in PALETTES else original
            small.thumbnail((longest, longest))
            picture = _in_srgb(ImageOps.exif_transpose(small))
    except UNREADABLE as error:
        raise InvalidImage(images.UNREADABLE) from error
    if picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    made = io.BytesIO()
    picture.convert("RGB").save(made, "JPEG", quality=JPEG_QUALITY)
    return made.getvalue()


def _file(width: int | None, focal: FocalPoint | None) -> str:
    """A moved square has other names, so that no cache has the former one under them."""
    return f"{width}-{focal[0]}-{focal[1]}{ENDING}" if focal else f"{width}{ENDING}"


def _folder(name: str) -> str:
    return f"{FOLDER}{name}/"


def _facts(picture: Image.Image, shape: Shape) -> Facts:
    """Raises ValueError for too many pixels."""
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise ValueError(f"{width} × {height} pixels are too many")
    if picture.getexif().get(ORIENTATION) in ON_ITS_SIDE:
        width, height = height, width
    full = min(width, height) if shape.is_square else width
    widths = {each for each in shape.widths if each < full} | {min(full, shape.widths[-1])}
    is_animated = getattr(picture, "is_animated", False)
    return {"widths": [] if is_animated else sorted(widths), "size": [width, height]}


def _prepared(picture: Image.Image, shape: Shape, focal: FocalPoint | None) -> Image.Image:
    """Upright, in sRGB, cut to its square."""
    enough = 2 * shape.widths[-1]
    picture.draft("RGB", (enough, enough))  # a JPEG of 40 million pixels is decoded to a few
    upright = _in_srgb(ImageOps.exif_transpose(picture))
    if not shape.is_square:
        return upright
    left, top, side = square_of(*upright.size, focal)
    return upright.crop((left, top, left + side, top + side))


def square_of(width: int, height: int, focal: FocalPoint | None = None) -> tuple[int, int, int]:
    """The left and upper edge of a picture's square and its side, all in pixels."""
    side = min(width, height)
    if focal is None:
        return (width - side) // 2, round((height - side) * ABOVE), side
    left, top = (
        min(max(round(length * share / 100 - side / 2), 0), length - side)
        for length, share in zip((width, height), focal, strict=True)
    )
    return left, top, side


def _in_srgb(picture: Image.Image) -> Image.Image:
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, own, srgb, outputMode=mode)
            return converted or picture
        except (ImageCms.PyCMSError, OSError):  # a broken profile: browsers ignore it, too
            pass
    return picture.convert(mode)


def _encoded(picture: Image.Image, width: int) -> bytes:
    height = max(1, round(picture.height * width / picture.width))
    small = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    made = io.BytesIO()
    small.save(made, "WEBP", quality=QUALITY, method=4, icc_profile=None)
    return made.getvalue()
