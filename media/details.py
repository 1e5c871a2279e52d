"""What a picture's file tells besides the picture: where it was taken, by whom, with what words.

Cameras and programs write that as EXIF, XMP, IPTC and comments, beside the pixels, which stay byte
for byte. Only parts that browsers need to show the picture are kept: so what nobody has thought of
goes, too, and whatever hangs behind the end. Of EXIF the turn is left: a phone's pictures lie on
their side without it.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PIL import Image

from media.uploads import FORMATS, UNREADABLE, WrongPicture

TURN = 0x0112  # EXIF's tag: how the pixels are to be turned and mirrored
UPRIGHT, ON_ITS_SIDE = 1, (5, 6, 7, 8)
EXIF = b"Exif\0\0"

PNG = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
WEBP_KEPT = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
WEBP_EXIF, WEBP_XMP = 0x08, 0x04  # flags of VP8X
# APP0 says how dense pixels are, APP2 has colour profiles, APP14 Adobe's kind of colours.
JPEG_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
JPEG_END, JPEG_SCAN, JPEG_COMMENT = 0xD9, 0xDA, 0xFE
# Within a scan, 0xFF before these is no marker.
JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
GIF_IMAGE, GIF_EXTENSION, GIF_END = 0x2C, 0x21, 0x3B
GIF_TIMING, GIF_APPLICATION = 0xF9, 0xFF
GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0")  # how often an animation is repeated


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a file, whether they stay, and what they hold if that is EXIF."""

    content: bytes
    stays: bool
    exif: bytes = b""


def without_details(content: bytes) -> bytes:
    """The same picture, telling nothing else; a file of another kind is left as it is.

    Raises WrongPicture where it is broken.
    """
    for begin, bare in KINDS.items():
        if content.startswith(begin):
            try:
                return bare(content)
            except (IndexError, struct.error) as error:
                raise WrongPicture(UNREADABLE) from error
    return content


def size_as_shown(path: str) -> tuple[int, int]:
    """Width and height in pixels of a picture's file, turned as browsers show it.

    Raises OSError where there is none, or it can't be read.
    """
    with Image.open(path, formats=FORMATS) as picture:
        width, height = picture.size
        turn = _turn(picture.info.get("exif", b""))
    return (height, width) if turn in ON_ITS_SIDE else (width, height)


def _turn(exif: bytes) -> int:
    """How EXIF says that the picture is to be turned."""
    told = Image.Exif()
    try:
        told.load(exif)
        turn = told.get(TURN, UPRIGHT)
    except (SyntaxError, ValueError, KeyError, TypeError, struct.error):
        return UPRIGHT  # what can't be read, browsers don't follow either
    return turn if isinstance(turn, int) and UPRIGHT < turn <= 8 else UPRIGHT


def _no_more_than_the_turn(parts: Iterable[Part]) -> bytes:
    """EXIF that says how the picture is turned; empty where it stands upright."""
    for part in parts:
        turn = _turn(part.exif) if part.exif else UPRIGHT
        if turn != UPRIGHT:
            told = Image.Exif()
            told[TURN] = turn
            return told.tobytes().removeprefix(EXIF)
    return b""


def _kept(parts: Iterable[Part]) -> bytes:
    return b"".join(part.content for part in parts if part.stays)


def _bare_jpeg(content: bytes) -> bytes:
    parts = list(_jpeg_parts(content))
    exif = _no_more_than_the_turn(parts)
    turn = b"\xff\xe1" + struct.pack(">H", len(EXIF + exif) + 2) + EXIF + exif if exif else b""
    return content[:2] + turn + _kept(parts)


def _jpeg_parts(content: bytes) -> Iterator[Part]:
    at = 2
    while at < len(content):
        marker = content[at + 1]
        if content[at] != 0xFF:
            raise IndexError("no marker")
        if marker == 0xFF:  # one may stand before a marker
            at += 1
            continue
        if marker == JPEG_END:
            yield Part(content[at : at + 2], stays=True)
            return
        (size,) = struct.unpack_from(">H", content, at + 2)
        told, end = content[at + 4 : at + 2 + size], at + 2 + size
        if marker == JPEG_SCAN:
            following = JPEG_MARKER.search(content, end)
            end = following.start() if following else len(content)
        is_of_program = 0xE0 <= marker <= 0xEF
        stays = marker != JPEG_COMMENT and not is_of_program
        if is_of_program and marker in JPEG_KEPT:
            stays = told.startswith(JPEG_KEPT[marker])
        exif = told.removeprefix(EXIF) if marker == 0xE1 and told.startswith(EXIF) else b""
        yield Part(content[at:end], stays, exif)
        at = end


def _bare_png(content: bytes) -> bytes:
    parts = list(_png_parts(content))
    exif = _no_more_than_the_turn(parts)
    turn = b""
    if exif:
        check = zlib.crc32(b"eXIf" + exif)
        turn = struct.pack(">I", len(exif)) + b"eXIf" + exif + struct.pack(">I", check)
    return PNG + _kept(parts[:1]) + turn + _kept(parts[1:])


def _png_parts(content: bytes) -> Iterator[Part]:
    at, name = len(PNG), b""
    while at < len(content) and name != b"IEND":
        size, name = struct.unpack_from(">I4s", content, at)
        told = content[at + 8 : at + 8 + size]
        exif = told if name == b"eXIf" else b""
        yield Part(content[at : at + 12 + size], name in PNG_KEPT, exif)
        at += 12 + size


def _bare_webp(content: bytes) -> bytes:
    if content[8:12] != b"WEBP":
        return content
    parts = list(_webp_parts(content))
    exif = _no_more_than_the_turn(parts)
    held = bytearray(_kept(parts))
    if held.startswith(b"VP8X"):
        held[8] &= ~(WEBP_EXIF | WEBP_XMP)
        if exif:
            held[8] |= WEBP_EXIF
            held += b"EXIF" + struct.pack("<I", len(exif)) + exif + bytes(len(exif) % 2)
    return b"RIFF" + struct.pack("<I", len(held) + 4) + b"WEBP" + held


def _webp_parts(content: bytes) -> Iterator[Part]:
    at = 12
    end = min(len(content), 8 + struct.unpack_from("<I", content, 4)[0])
    while at + 8 <= end:
        name, size = struct.unpack_from("<4sI", content, at)
        told = content[at + 8 : at + 8 + size]
        exif = told.removeprefix(EXIF) if name == b"EXIF" else b""
        yield Part(content[at : at + 8 + size + size % 2], name in WEBP_KEPT, exif)
        at += 8 + size + size % 2


def _bare_gif(content: bytes) -> bytes:
    return _kept(_gif_parts(content))


def _gif_parts(content: bytes) -> Iterator[Part]:
    at = 13 + _colours(content[10])
    yield Part(content[:at], stays=True)
    while at < len(content):
        begin, kind = at, content[at]
        if kind == GIF_END:
            yield Part(content[at : at + 1], stays=True)
            return
        if kind == GIF_IMAGE:
            stays, at = True, at + 11 + _colours(content[at + 9])
        elif kind == GIF_EXTENSION:
            label, program = content[at + 1], content[at + 3 : at + 14]
            stays = label == GIF_TIMING or (label == GIF_APPLICATION and program in GIF_KEPT)
            at += 2
        else:
            raise IndexError("no block")
        while size := content[at]:
            at += 1 + size
        at += 1
        yield Part(content[begin:at], stays)


def _colours(flags: int) -> int:
    """Bytes of the table of colours that follows."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


KINDS: dict[bytes, Callable[[bytes], bytes]] = {
    b"\xff\xd8": _bare_jpeg,
    PNG: _bare_png,
    b"RIFF": _bare_webp,
    b"GIF8": _bare_gif,
}
