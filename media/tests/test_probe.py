"""What recordings say of themselves, and what is none."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.audio import AudioInfo, NotAudio
from media.id3 import Tag, tag_bytes, with_chapters
from media.probe import probe
from media.tests.recordings import FRAME, PADDED, m4a, mp3

VARYING = bytes.fromhex("fffb90c4") + bytes(413)  # 128 kbit/s
ID3V1 = b"TAG" + bytes(125)
APE = b"APETAGEX" + struct.pack("<IIII", 2000, 32, 0, 0) + bytes(8)


def read(content: bytes) -> AudioInfo:
    return probe(io.BytesIO(content), len(content))


class Counted(io.BytesIO):
    """Knows how many bytes were asked for."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self.taken += len(found)
        return found


@pytest.mark.parametrize("seconds", [1, 65, 3600])
@pytest.mark.parametrize("header", [True, False])
def test_an_mp3(seconds: int, header: bool):
    content = mp3(seconds, header)
    assert read(content) == AudioInfo("audio/mpeg", seconds, len(content))


@pytest.mark.parametrize("index_first", [True, False])
def test_an_m4a(index_first: bool):
    content = m4a(1926.4, index_first=index_first)
    assert read(content) == AudioInfo("audio/mp4", 1926, len(content))


@pytest.mark.parametrize("header", [True, False])
def test_tags_around_it_are_no_sound(header: bool):
    tag = tag_bytes(with_chapters(Tag(), "Title", "Show", [], b"\xff\xfb\x50\xc4" * 100_000))
    assert read(tag + mp3(65, header) + ID3V1).seconds == 65
    assert read(tag + tag + mp3(65, header) + APE[:-8] + bytes(8) + ID3V1).doubt == ""


def test_a_bit_rate_that_varies_without_a_header_is_counted_frame_by_frame():
    content = b"".join(PADDED * (100 + part) + VARYING * 100 for part in range(20))
    assert read(content).seconds == round((4000 + 190) * 1152 / 44100)


def test_bytes_between_frames_are_read_once_and_not_without_end():
    """Reading a block again after each gap would take hours for a large file."""
    small = [bytes.fromhex(f"fff3{bits}4c0") + bytes(24 * bits - 4) for bits in (1, 2, 3)]
    head = small[0] + small[1] + small[0] + small[2]
    gap = small[0] * 2 + b"x"
    content = head + gap * 900
    file = Counted(content)
    assert probe(file, len(content)).seconds == round((4 + 1800) * 576 / 24000)
    assert file.taken < 4 * len(content) + 500_000
    for tail in (gap * 100_000, bytes(9_000_000)):
        with pytest.raises(NotAudio, match="Too much in this file is no audio"):
            read(head + tail)


def test_hours_are_read_in_a_few_blocks():
    for content in (mp3(2 * 3600), mp3(2 * 3600, header=False), m4a(7200)):
        file = Counted(content)
        assert probe(file, len(content)).seconds == 7200
        assert file.taken < 400_000


def test_cut_off():
    with pytest.raises(NotAudio, match="truncated"):
        read(mp3(100)[:-5000])
    for index_first in (True, False):
        with pytest.raises(NotAudio, match="truncated"):
            read(m4a(100, index_first=index_first)[:-50])
    without_header = mp3(100, header=False)
    assert "ends mid-frame" in read(without_header[:-50]).doubt
    assert read(without_header[:-50]).seconds == 100
    assert read(without_header + b"\0" * 500).doubt == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"spoken words" * 100, "neither MP3 nor M4A"),
        (bytes(100_000), "neither MP3 nor M4A"),
        (FRAME, "neither MP3 nor M4A"),
        (b"RIFF\0\0\0\0WAVEfmt ", "a WAV file"),
        (b"OggS" + bytes(100), "an Ogg file"),
        (b"<!doctype html>", "a web page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "an image"),
        (m4a(100, kinds=(b"text",)), "has no audio"),
        (m4a(100, kinds=(b"vide", b"soun"), brand=b"isom"), "a video"),
        (b"\0\0\0\x08ftyp" + b"\0\0\0\x08free" * 2000, "more than 2,000 boxes"),
        (m4a(100, kinds=[b"soun"] * 21), "more than 20 tracks"),
        (m4a(0), "says 0.0 seconds"),
        (m4a(8 * 24 * 3600)[:1000], "truncated"),
        (mp3(0.3), "can't be an episode"),
    ],
)
def test_no_audio(content: bytes, reason: str):
    with pytest.raises(NotAudio, match=reason):
        read(content)


STARTS = [b"", b"ID3\3\0\0", b"ID3\4\0\xff", b"\0\0\0\x18ftypM4A ", FRAME, PADDED * 2, m4a(9)]


@given(st.sampled_from(STARTS), st.binary(max_size=300), st.sampled_from([b"", PADDED * 9, ID3V1]))
def test_any_bytes_are_a_recording_or_none(start: bytes, middle: bytes, end: bytes):
    try:
        assert read(start + middle + end).seconds > 0
    except NotAudio as wrong:
        assert str(wrong).endswith(".")


@given(st.data())
def test_a_damaged_recording_is_one_or_none(data: st.DataObject):
    content = bytearray(data.draw(st.sampled_from([m4a(60), mp3(5), mp3(5, header=False)])))
    for _ in range(data.draw(st.integers(1, 20))):
        at = data.draw(st.integers(0, min(400, len(content) - 1)))
        content[at] = data.draw(st.integers(0, 255))
    try:
        read(bytes(content))
    except NotAudio as wrong:
        assert str(wrong)
