"""Uploaded images lose their metadata; their pixels stay the same."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from media.exif import strip_metadata
from media.images import InvalidImage, embedded_cover
from media.tests.test_uploads import picture

NAME = "Zoe Secret"
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{NAME}</x:xmpmeta>".encode()
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GPS, TURN, ARTIST = 0x8825, 0x0112, 0x013B


def exif(turn: int) -> Image.Exif:
    tagged = Image.Exif()
    tagged[ARTIST] = NAME
    tagged[TURN] = turn
    tagged.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return tagged


def image_with_metadata(kind: str, turn: int = 1, size: tuple[int, int] = (40, 20)) -> bytes:
    """An image of two colours, wider than high, with a name wherever Pillow can write one."""
    shown = Image.new("RGB", size, "red")
    shown.paste("blue", (0, 0, size[0] // 4, size[1]))
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", NAME)
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"exif": exif(turn), "xmp": XMP, "comment": NAME, "progressive": True},
        "PNG": {"exif": exif(turn), "pnginfo": words},
        "WEBP": {"exif": exif(turn), "xmp": XMP, "lossless": True},
        "GIF": {"comment": NAME.encode()},
    }
    file = io.BytesIO()
    shown.save(file, kind, icc_profile=PROFILE, **options[kind])
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("turn", [1, 6])
def test_metadata_goes_and_pixels_stay(kind: str, turn: int):
    tagged = image_with_metadata(kind, turn)
    assert NAME.encode() in tagged
    bare = strip_metadata(tagged)
    assert NAME.encode() not in bare
    assert b"xmpmeta" not in bare
    before, after = opened(tagged), opened(bare)
    assert not after.getexif().get_ifd(GPS)
    assert dict(after.getexif()) == ({TURN: turn} if turn != 1 and kind != "GIF" else {})
    # As browsers show it: turned.
    assert ImageOps.exif_transpose(after).tobytes() == ImageOps.exif_transpose(before).tobytes()
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    assert strip_metadata(bare) == bare


def test_a_recordings_cover_stands_upright():
    assert opened(embedded_cover(io.BytesIO(image_with_metadata("JPEG", turn=6)))).size == (20, 40)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_tells_nothing_is_the_same_bytes(kind: str):
    assert strip_metadata(picture(kind)) == picture(kind)
    assert strip_metadata(picture(kind) + NAME.encode()) == picture(kind)  # behind its end


def test_iptc_and_words_of_cameras_go():
    def segment(number: int, words: bytes) -> bytes:
        return bytes([0xFF, number]) + (len(words) + 2).to_bytes(2, "big") + words

    plain = picture("JPEG")
    iptc = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\x0e\x1c\x02\x50\0\x0a" + NAME.encode()
    tagged = plain[:2] + segment(0xED, iptc) + segment(0xE4, NAME.encode()) + plain[2:]
    assert opened(tagged).info["photoshop"]
    assert strip_metadata(tagged) == plain


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "PNG"])
def test_an_animation_stays_one(kind: str):
    file = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], loop=3, duration=90)
    assert strip_metadata(file.getvalue()) == file.getvalue()


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("JPEG", b"\xff\xfe\0\2"),
        ("PNG", b"\0\0\0\0tEXt\0\0\0\0"),
        ("WEBP", b"XMP \0\0\0\0"),
        ("GIF", b"\x21\xfe\0"),
    ],
)
def test_files_of_very_many_parts_are_refused(kind: str, part: bytes):
    """Millions of parts would take seconds and hundreds of megabytes."""
    at = {"JPEG": 2, "PNG": 8, "WEBP": 12, "GIF": 13}[kind]
    content = picture(kind)
    if kind == "GIF" and content[10] & 0x80:
        at += 3 * 2 ** ((content[10] & 7) + 1)
    for count, is_refused in ((1000, False), (20_000, True)):
        made = content[:at] + part * count + content[at:]
        if kind == "WEBP":
            made = made[:4] + (len(made) - 8).to_bytes(4, "little") + made[8:]
        if is_refused:
            with pytest.raises(InvalidImage, match="parts"):
                strip_metadata(made)
        else:
            assert strip_metadata(made) == content


def test_files_of_other_kinds_are_left():
    for content in (b"", b"<svg/>", b"RIFF\0\0\0\0WAVE", b"\xff"):
        assert strip_metadata(content) == content


@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]), st.data())
def test_broken_ones_are_refused_or_none_the_worse(kind: str, data: st.DataObject):
    content = bytearray(image_with_metadata(kind))
    for _ in range(data.draw(st.integers(0, 9))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        bare = strip_metadata(bytes(content[: data.draw(st.integers(0, len(content)))]))
    except InvalidImage as wrong:
        assert str(wrong)
    else:
        assert len(bare) <= len(content)
