"""Tags of recordings: existing frames are preserved, and chapters are read back as written."""

import io

from hypothesis import given
from hypothesis import strategies as st

from media.id3 import (
    MOST_FRAMES,
    MOST_TAGS,
    Frame,
    ID3Chapter,
    Tag,
    read_tags,
    tag_bytes,
    with_chapters,
)
from media.tests.recordings import mp3

SOUND = mp3(1)
PICTURE = b"\xff\xd8\xff\xe0 a picture \xff\0"


def reread(tag: Tag) -> Tag:
    """As it comes back from a file."""
    content = tag_bytes(tag)
    found, end = read_tags(io.BytesIO(content + SOUND))
    assert end == len(content)
    return found


def named(tag: Tag, name: bytes) -> list[bytes]:
    return [frame.data for frame in tag.frames if frame.id == name]


def text_of(data: bytes) -> str:
    encoding = {0: "latin-1", 1: "utf-16", 3: "utf-8"}[data[0]]
    return data[1:].decode(encoding)


def marks_of(tag: Tag) -> list[ID3Chapter]:
    """The chapters in a tag, in the order of their frames."""
    found = []
    for data in named(tag, b"CHAP"):
        _, _, rest = data.partition(b"\0")
        start, end = (int.from_bytes(rest[at : at + 4], "big") for at in (0, 4))
        body = bytes([tag.version, 0, 0, 0, 0, 0x7F, 0x7F])
        inner, _ = read_tags(io.BytesIO(b"ID3" + body + rest[16:]))
        found.append(ID3Chapter(start, end, text_of(named(inner, b"TIT2")[0])))
    return found


def listed(tag: Tag) -> list[bytes]:
    """The chapters that the top table of contents leads to, by way of those below it."""
    tables = {}
    for data in named(tag, b"CTOC"):
        name, _, rest = data.partition(b"\0")
        entries = rest[2:].split(b"\0")[:-1]
        assert rest[1] == len(entries)
        tables[name] = entries

    def below(name: bytes) -> list[bytes]:
        return [chapter for entry in tables[name] for chapter in below(entry)] if name in tables \
            else [name]  # fmt: skip

    return below(b"toc")


words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
times = st.integers(0, 2**32 - 1)
marks = st.lists(st.builds(ID3Chapter, times, times, words), max_size=8)
frames = st.lists(
    st.builds(
        Frame,
        st.sampled_from([b"TPE1", b"COMM", b"APIC", b"PRIV", b"XYZ1"]),
        st.binary(min_size=1, max_size=300),
        st.sampled_from([b"\0\0", b"\x40\0"]),
    ),
    max_size=5,
)
tags = st.builds(Tag, st.sampled_from([3, 4]), frames.map(tuple))


@given(tags)
def test_a_tag_comes_back_as_it_was(tag: Tag):
    assert reread(tag).frames == tag.frames
    assert reread(tag).version == tag.version or not tag.frames


@given(tags, words, words, marks)
def test_chapters_come_back_and_the_rest_stays(tag: Tag, title: str, show: str, chapters: list):
    written = reread(with_chapters(tag, title, show, chapters, PICTURE))
    assert written.version == tag.version
    assert [text_of(data) for data in named(written, b"TIT2")] == [title]
    assert [text_of(data) for data in named(written, b"TALB")] == [show]
    assert marks_of(written) == chapters
    preserved = [frame for frame in written.frames if frame in tag.frames]
    assert preserved == list(tag.frames)
    pictures = named(tag, b"APIC") or [b"\0image/jpeg\0\x03\0" + PICTURE]
    assert named(written, b"APIC") == pictures


@given(st.integers(1, 600))
def test_every_chapter_is_in_the_table_of_contents(count: int):
    chapters = [ID3Chapter(number, number + 1, str(number)) for number in range(count)]
    written = reread(with_chapters(Tag(), "Title", "Show", chapters, b""))
    assert listed(written) == [b"chp%d" % number for number in range(count)]


def test_written_again_there_is_one_of_each():
    chapters = [ID3Chapter(0, 1000, "Żółw"), ID3Chapter(1000, 2000, "Two")]
    once = with_chapters(Tag(4), "One", "Show", chapters, PICTURE)
    again = reread(with_chapters(reread(once), "Two", "Show", chapters[:1], PICTURE))
    assert sorted(frame.id for frame in again.frames) == [
        b"APIC",
        b"CHAP",
        b"CTOC",
        b"TALB",
        b"TIT2",
    ]
    assert marks_of(again) == chapters[:1]
    assert marks_of(reread(with_chapters(once, "Two", "Show", [], b""))) == chapters


def test_the_oldest_tags_keep_their_words():
    body = b"TP1\0\0\x05\0Nick" + b"PIC\0\0\x03abc" + b"TCO\0\0\x03\0Ab"
    content = b"ID3\2\0\0" + bytes([0, 0, 0, len(body) + 9]) + body + bytes(9)
    tag, end = read_tags(io.BytesIO(content + SOUND))
    assert end == len(content)
    assert tag == Tag(3, (Frame(b"TPE1", b"\0Nick"), Frame(b"TCON", b"\0Ab")))


def test_bytes_put_in_against_false_frames_are_taken_out():
    body = b"PRIV\0\0\0\2\0\0\xff\0\xe0"
    flagged = b"ID3\3\0\x80" + bytes([0, 0, 0, len(body)]) + body
    assert read_tags(io.BytesIO(flagged))[0].frames == (Frame(b"PRIV", b"\xff\xe0"),)
    body = b"PRIV\0\0\0\3\0\0\xff\0\xe0"
    flagged = b"ID3\4\0\x80" + bytes([0, 0, 0, len(body)]) + body
    assert read_tags(io.BytesIO(flagged))[0].frames == (Frame(b"PRIV", b"\xff\0\xe0", b"\0\2"),)


def test_what_stands_before_and_behind_the_frames_is_passed_over():
    frame = b"TPE1\0\0\0\5\0\0\0Nick"
    extended = b"ID3\4\0\x50" + bytes([0, 0, 0, 6 + len(frame)]) + b"\0\0\0\6\1\0" + frame
    footer = b"3DI\4\0\x50" + bytes(4)
    tag, end = read_tags(io.BytesIO(extended + footer + SOUND))
    assert tag.frames == (Frame(b"TPE1", b"\0Nick"),)
    assert end == len(extended) + 10


@given(st.sampled_from([b"", b"ID3\2\0", b"ID3\3\0", b"ID3\4\0"]), st.binary(max_size=400))
def test_any_bytes_are_read(start: bytes, rest: bytes):
    tag, end = read_tags(io.BytesIO(start + rest))
    assert end == 0 or end >= 10
    assert reread(tag).frames == tag.frames


class Counting(io.BytesIO):
    """A file that counts how often it is read."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        return super().read(size)


def test_a_file_of_nothing_but_tags_is_read_a_bounded_number_of_times():
    file = Counting(b"ID3\x03\0\0\0\0\0\0" * 100_000)
    tag, end = read_tags(file)
    assert tag == Tag() and end == MOST_TAGS * 10
    assert file.reads <= 2 * MOST_TAGS + 2


def test_a_tag_of_nothing_but_frames_is_read_as_far_as_anybody_writes_one():
    many = Tag(3, (Frame(b"TXXX", b"x"),) * (MOST_FRAMES + 1))
    content = tag_bytes(many)
    found, end = read_tags(io.BytesIO(content + SOUND))
    assert len(found.frames) == MOST_FRAMES
    assert end == len(content)
