"""Words inside recordings are found and overwritten, and nothing else is."""

import io
import re

import pytest

from media.audio import M4A, MP3
from media.id3 import Frame, ID3Chapter, Tag, read_tags, tag_bytes, with_chapters
from media.metadata_redaction import count_matches, metadata_ranges, redact
from media.tests.recordings import box, m4a, mp3

SOUND = mp3(1)


def spans(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer("Łódź|Lodz", text)]


def replaced(data: bytes, kind: str = MP3, by: str = "Town") -> bytes:
    file = io.BytesIO(data)
    new = bytearray(data)
    for begin, end in metadata_ranges(file, len(data), kind):
        new[begin:end] = redact(data[begin:end], spans, by)
    return bytes(new)


@pytest.mark.parametrize("version", [3, 4])
def test_of_an_mp3(version: int) -> None:
    comment = Frame(b"COMM", b"\x01eng" + b"\xff\xfe\0\0" + "in Łódź".encode("utf-16"))
    tag = with_chapters(
        Tag(version, (comment,)), "Lodz", "Łódź and on", [ID3Chapter(0, 9, "To Łódź!")], b""
    )
    data = tag_bytes(tag) + SOUND + b"TAG" + b"Lodz".ljust(125, b"\0")
    assert (
        sum(
            count_matches(data[a:b], spans)
            for a, b in metadata_ranges(io.BytesIO(data), len(data), MP3)
        )
        >= 3
    )
    new = replaced(data)
    assert len(new) == len(data)
    assert SOUND in new
    assert b"TAGTown\0" in new
    frames = {frame.id: frame.data for frame in read_tags(io.BytesIO(new))[0].frames}
    assert frames[b"TIT2"] == b"\0Town"
    code = "utf-8" if version == 4 else "utf-16"
    assert frames[b"TALB"][1:].decode(code).split() == ["Town", "and", "on"]
    assert "Town".encode("utf-16-le") in frames[b"COMM"]
    for code in ("utf-8", "utf-16-le", "utf-16-be"):
        assert "Łódź".encode(code) not in new


def test_of_an_m4a() -> None:
    about = box(b"udta", box(b"meta", "About Łódź".encode(), "Łódź".encode("utf-16-be")))
    data = m4a(1) + about
    new = replaced(data, M4A, by="A town whose name is longer")
    assert len(new) == len(data)
    assert new.startswith(m4a(1))
    assert b"About A town" in new
    assert "A to".encode("utf-16-be") in new


def test_what_only_sounds_like_it_stays() -> None:
    data = SOUND + b"Lodz" + SOUND
    assert replaced(data) == data
    assert replaced(m4a(1)[:-20], M4A) == m4a(1)[:-20]
