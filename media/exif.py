"""Strips metadata from images; pixels stay byte for byte.

An allow-list names the segments that browsers need. Of EXIF only the orientation stays: without it
a phone's photos would lie on their side.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from PIL import Image

from media.images import FORMATS, UNREADABLE, InvalidImage

# Photos have some dozens, animations two for each picture; made-up files could have millions.
MOST_PARTS = 10_000
TOO_MANY_PARTS = f"This image has more than {MOST_PARTS:,} parts; save it anew."

ORIENTATION = 0x0112  # EXIF's tag
UPRIGHT, ON_ITS_SIDE = 1, (5, 6, 7, 8)
EXIF = b"Exif\0\0"

PNG = b"\x89PNG\r\n\x1a\n"
PNG_RETAINED = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
WEBP_RETAINED = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
WEBP_EXIF, WEBP_XMP = 0x08, 0x04  # flags of VP8X
# APP0 says how dense pixels are, APP2 has colour profiles, APP14 Adobe's kind of colours.
JPEG_RETAINED = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
JPEG_END, JPEG_SCAN, JPEG_COMMENT = 0xD9, 0xDA, 0xFE
# Within a scan, 0xFF before these isn't a marker.
JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
GIF_IMAGE, GIF_EXTENSION, GIF_END = 0x2C, 0x21, 0x3B
GIF_TIMING, GIF_APPLICATION = 0xF9, 0xFF
GIF_RETAINED = (b"NETSCAPE2.0", b"ANIMEXTS1.0")  # how often an animation is repeated


@dataclass(frozen=True, slots=True)
class FileSegment:
    """Bytes of a file, whether to retain them, and the EXIF data in them."""

    content: bytes
    is_retained: bool
    exif: bytes = b""


def strip_metadata(content: bytes) -> bytes:
    """An image without metadata, other files unchanged. Raises InvalidImage for a broken one, and
    for one of very many parts.
    """
    for begin, bare in STRIPPERS.items():
        if content.startswith(begin):
            try:
                return bare(content)
            except (IndexError, struct.error) as error:
                raise InvalidImage(UNREADABLE) from error
    return content


def displayed_size(path: str) -> tuple[int, int]:
    """Width and height in pixels, as browsers show the image. Raises OSError."""
    with Image.open(path, formats=FORMATS) as picture:
        width, height = picture.size
        orientation = _orientation(picture.info.get("exif", b""))
    return (height, width) if orientation in ON_ITS_SIDE else (width, height)


def _orientation(exif: bytes) -> int:
    """The orientation that EXIF states."""
    data = Image.Exif()
    try:
        data.load(exif)
        orientation = data.get(ORIENTATION, UPRIGHT)
    except (SyntaxError, ValueError, KeyError, TypeError, struct.error):
        return UPRIGHT  # what can't be read, browsers don't follow either
    return orientation if isinstance(orientation, int) and UPRIGHT < orientation <= 8 else UPRIGHT


def _orientation_only(parts: Iterable[FileSegment]) -> bytes:
    """EXIF that states the orientation alone; empty for an upright image."""
    for part in parts:
        orientation = _orientation(part.exif) if part.exif else UPRIGHT
        if orientation != UPRIGHT:
            data = Image.Exif()
            data[ORIENTATION] = orientation
            return data.tobytes().removeprefix(EXIF)
    return b""


def _all_parts(parts: Iterator[FileSegment]) -> list[FileSegment]:
    found = list(islice(parts, MOST_PARTS + 1))
    if len(found) > MOST_PARTS:
        raise InvalidImage(TOO_MANY_PARTS)
    return found


def _join_retained(parts: Iterable[FileSegment]) -> bytes:
    return b"".join(part.content for part in parts if part.is_retained)


def _strip_jpeg(content: bytes) -> bytes:
    parts = _all_parts(_jpeg_parts(content))
    exif = _orientation_only(parts)
    segment = b"\xff\xe1" + struct.pack(">H", len(EXIF + exif) + 2) + EXIF + exif
    return content[:2] + (segment if exif else b"") + _join_retained(parts)


def _jpeg_parts(content: bytes) -> Iterator[FileSegment]:
    at = 2
    while at < len(content):
        marker = content[at + 1]
        if content[at] != 0xFF:
            raise IndexError("no marker")
        if marker == 0xFF:  # a fill byte, which may precede a marker
            at += 1
            continue
        if marker == JPEG_END:
            yield FileSegment(content[at : at + 2], is_retained=True)
            return
        (size,) = struct.unpack_from(">H", content, at + 2)
        data, end = content[at + 4 : at + 2 + size], at + 2 + size
        if marker == JPEG_SCAN:
            following = JPEG_MARKER.search(content, end)
            end = following.start() if following else len(content)
        is_of_program = 0xE0 <= marker <= 0xEF
        is_retained = marker != JPEG_COMMENT and not is_of_program
        if is_of_program and marker in JPEG_RETAINED:
            is_retained = data.startswith(JPEG_RETAINED[marker])
        exif = data.removeprefix(EXIF) if marker == 0xE1 and data.startswith(EXIF) else b""
        yield FileSegment(content[at:end], is_retained, exif)
        at = end


def _strip_png(content: bytes) -> bytes:
    parts = _all_parts(_png_parts(content))
    exif = _orientation_only(parts)
    chunk = b"eXIf" + exif
    chunk = struct.pack(">I", len(exif)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return PNG + _join_retained(parts[:1]) + (chunk if exif else b"") + _join_retained(parts[1:])


def _png_parts(content: bytes) -> Iterator[FileSegment]:
    at, name = len(PNG), b""
    while at < len(content) and name != b"IEND":
        size, name = struct.unpack_from(">I4s", content, at)
        data = content[at + 8 : at + 8 + size]
        exif = data if name == b"eXIf" else b""
        yield FileSegment(content[at : at + 12 + size], name in PNG_RETAINED, exif)
        at += 12 + size


def _strip_webp(content: bytes) -> bytes:
    if content[8:12] != b"WEBP":
        return content
    parts = _all_parts(_webp_parts(content))
    exif = _orientation_only(parts)
    held = bytearray(_join_retained(parts))
    if held.startswith(b"VP8X"):
        held[8] &= ~(WEBP_EXIF | WEBP_XMP)
        if exif:
            held[8] |= WEBP_EXIF
            held += b"EXIF" + struct.pack("<I", len(exif)) + exif + bytes(len(exif) % 2)
    return b"RIFF" + struct.pack("<I", len(held) + 4) + b"WEBP" + held


def _webp_parts(content: bytes) -> Iterator[FileSegment]:
    at = 12
    end = min(len(content), 8 + struct.unpack_from("<I", content, 4)[0])
    while at + 8 <= end:
        name, size = struct.unpack_from("<4sI", content, at)
        data = content[at + 8 : at + 8 + size]
        exif = data.removeprefix(EXIF) if name == b"EXIF" else b""
        yield FileSegment(content[at : at + 8 + size + size % 2], name in WEBP_RETAINED, exif)
        at += 8 + size + size % 2


def _strip_gif(content: bytes) -> bytes:
    return _join_retained(_all_parts(_gif_parts(content)))


def _gif_parts(content: bytes) -> Iterator[FileSegment]:
    at = 13 + _color_table_size(content[10])
    yield FileSegment(content[:at], is_retained=True)
    while at < len(content):
        begin, kind = at, content[at]
        if kind == GIF_END:
            yield FileSegment(content[at : at + 1], is_retained=True)
            return
        if kind == GIF_IMAGE:
            is_retained, at = True, at + 11 + _color_table_size(content[at + 9])
        elif kind == GIF_EXTENSION:
            label, program = content[at + 1], content[at + 3 : at + 14]
            repeats = label == GIF_APPLICATION and program in GIF_RETAINED
            is_retained, at = label == GIF_TIMING or repeats, at + 2
        else:
            raise IndexError("no block")
        while size := content[at]:
            at += 1 + size
        at += 1
        yield FileSegment(content[begin:at], is_retained)


def _color_table_size(flags: int) -> int:
    """Bytes of the table of colours that follows."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


STRIPPERS: dict[bytes, Callable[[bytes], bytes]] = {
    b"\xff\xd8": _strip_jpeg,
    PNG: _strip_png,
    b"RIFF": _strip_webp,
    b"GIF8": _strip_gif,
}
