"""Uploads that are no image, too large, or too large when decoded."""

import io
import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from media.images import MAX_IMAGE_BYTES, InvalidImage, check_image


def picture(kind: str = "PNG", size: tuple[int, int] = (20, 20)) -> bytes:
    file = io.BytesIO()
    Image.new("L", size).save(file, kind)
    return file.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that unfolds to `width` times `height` pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    content = zlib.compress(bytes(1_000_000), 9) * 3
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", content)


def check(content: bytes, name: str) -> None:
    check_image(io.BytesIO(content), len(content), name)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("PNG", "a.png"),
        ("JPEG", "a.JPG"),
        ("JPEG", "a.b.jpeg"),
        ("WEBP", "a.webp"),
        ("GIF", "a.gif"),
    ],
)
def test_pictures(kind: str, name: str):
    check(picture(kind), name)
    check(picture(kind, (3000, 3000)), name)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.png", "upload a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.svg", "upload a JPEG"),
        (b"GIF89a", "a.gif", "upload a JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "a.png", "upload a JPEG"),
        (picture("TIFF"), "a.png", "upload a JPEG"),
        (picture("PNG"), "a.jpg", "PNG file, but its name ends in “.jpg”"),
        (picture("GIF"), "a<script>.html", "GIF file, but its name ends in “.html”"),
        (picture("PNG"), "png", "its name ends in “”"),
        (bomb(10_000, 10_000), "a.png", "million pixels"),
        (bomb(60_000, 60_000), "a.png", "million pixels"),
        (picture() + bytes(MAX_IMAGE_BYTES), "a.png", "larger than 10 MB"),
    ],
)
def test_no_pictures(content: bytes, name: str, reason: str):
    with pytest.raises(InvalidImage, match=reason):
        check(content, name)


def test_a_bomb_is_not_unfolded():
    tracemalloc.start()
    with pytest.raises(InvalidImage):
        check(bomb(60_000, 60_000), "a.png")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]), st.data())
def test_any_bytes_are_a_picture_or_none(kind: str, data: st.DataObject):
    content = bytearray(picture(kind))
    for _ in range(data.draw(st.integers(0, 9))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        check(bytes(content[: data.draw(st.integers(0, len(content)))]), f"a.{kind.lower()}")
    except InvalidImage as wrong:
        assert str(wrong)
