"""ID3v2 tags at the start of MP3 files: what is in one, and chapters into one.

Version 2.3 (id3.org/id3v2.3.0) and 2.4 (id3v2.4.0-structure); chapters by the addendum
id3v2-chapters-1.0. Of 2.2, text frames are understood. Our own, because the library that writes
chapters, mutagen, is under the GPL and this project is not: see CONTRIBUTING.md, Dependencies.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from media.audio import ReadableFile, read_at

HEADER = 10
# A longer tag is read up to here; the frames after it are dropped.
LONGEST_TAG = 16 * 1024 * 1024
# More are no tags but an attack: a file may have one for each ten bytes.
MOST_TAGS = 100
MOST_FRAMES = 10_000
FRAME_ID = re.compile(rb"[A-Z][A-Z0-9]{3}")
OLD_FRAME_ID = re.compile(rb"[A-Z][A-Z0-9]{2}")
# Frames of 2.2 whose content is that of a longer name's.
RENAMED = {
    b"TT2": b"TIT2", b"TP1": b"TPE1", b"TAL": b"TALB", b"TRK": b"TRCK", b"TYE": b"TYER",
    b"TCO": b"TCON", b"TEN": b"TENC", b"TCR": b"TCOP", b"COM": b"COMM", b"ULT": b"USLT",
}  # fmt: skip
# Frames that hold offsets into the file, or that we write ourselves.
REWRITTEN = {b"SEEK", b"ASPI", b"MLLT", b"POSS", b"RBUF", b"CHAP", b"CTOC"}
UNSYNCHRONISED, EXTENDED, FOOTER = 0x80, 0x40, 0x10
FRAME_UNSYNCHRONISED = 0x02
NO_OFFSET = b"\xff" * 8  # of a chapter's bytes: its times count
TOP_LEVEL, ORDERED = 0x02, 0x01
MOST_ENTRIES = 255  # of one table of contents: their count is a byte
FRONT_COVER = b"\x03"


@dataclass(frozen=True, slots=True)
class Frame:
    """`flags` are the two bytes of its header; `data` is unchanged from the file."""

    id: bytes
    data: bytes
    flags: bytes = b"\0\0"


@dataclass(frozen=True, slots=True)
class Tag:
    """Frames in the spelling of version 2.`version`, which is 3 or 4."""

    version: int = 3
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class ID3Chapter:
    """A chapter; times in milliseconds."""

    start: int
    end: int
    title: str


def read_tags(file: ReadableFile) -> tuple[Tag, int]:
    """The frames, as far as understood, of the tags that the file begins with; where they end."""
    found, position = Tag(), 0
    for _ in range(MOST_TAGS):
        header = _header(file, position)
        if header is None:
            break
        version, flags, size = header
        if version in (2, 3, 4) and not found.frames:
            found = _tag(version, flags, file.read(min(size, LONGEST_TAG)))
        position += HEADER + size + (HEADER if flags & FOOTER and version == 4 else 0)
    return found, position


def with_chapters(
    tag: Tag, title: str, show: str, chapters: Sequence[ID3Chapter], picture: bytes
) -> Tag:
    """The tag with these instead of its own title, album, and, if given, chapters and JPEG."""
    replaced = {b"TIT2", b"TALB"} | (REWRITTEN if chapters else REWRITTEN - {b"CHAP", b"CTOC"})
    retained = [frame for frame in tag.frames if frame.id not in replaced]
    if picture and not any(frame.id == b"APIC" for frame in retained):
        retained.append(Frame(b"APIC", b"\0image/jpeg\0" + FRONT_COVER + b"\0" + picture))
    named = [_text(b"TIT2", title, tag.version), _text(b"TALB", show, tag.version)]
    return Tag(tag.version, (*named, *_chapters(chapters, tag.version), *retained))


def tag_bytes(tag: Tag) -> bytes:
    """The bytes of the tag, for the start of a file."""
    body = b"".join(_frame_bytes(frame, tag.version) for frame in tag.frames)
    return b"ID3" + bytes([tag.version, 0, 0]) + _syncsafe(len(body)) + body


def _header(file: ReadableFile, position: int) -> tuple[int, int, int] | None:
    """Version, flags and size of the tag at this position."""
    header = read_at(file, position, HEADER)
    if len(header) < HEADER or header[:3] != b"ID3" or max(header[6:]) > 0x7F:
        return None
    return header[3], header[5], _number(header[6:], 7)


def _tag(version: int, flags: int, body: bytes) -> Tag:
    if flags & UNSYNCHRONISED and version < 4:
        body = body.replace(b"\xff\0", b"\xff")
    if flags & EXTENDED and version > 2:
        size = _number(body[:4], 7 if version == 4 else 8)
        body = body[size if version == 4 else size + 4 :]
    frames = islice(_frames(body, version), MOST_FRAMES)
    if version == 2:
        return Tag(
            3, tuple(Frame(RENAMED[old.id], old.data) for old in frames if old.id in RENAMED)
        )
    if flags & UNSYNCHRONISED and version == 4:
        return Tag(version, tuple(map(_marked, frames)))
    return Tag(version, tuple(frames))


def _frames(body: bytes, version: int) -> Iterator[Frame]:
    """Each frame has a name and a size of 4 bytes, and flags. In 2.2: of 3 bytes, and none."""
    name, width, header = (OLD_FRAME_ID, 3, 6) if version == 2 else (FRAME_ID, 4, HEADER)
    at = 0
    while name.match(body, at):
        size = _number(body[at + width : at + 2 * width], 7 if version == 4 else 8)
        data = body[at + header : at + header + size]
        if not data or len(data) < size:
            return
        yield Frame(body[at : at + width], data, body[at + 2 * width : at + header])
        at += header + size


def _marked(frame: Frame) -> Frame:
    """The frame, marked as unsynchronised (FF 00 means FF). 2.4 can mark all frames in the tag."""
    flags = bytes([frame.flags[0], frame.flags[1] | FRAME_UNSYNCHRONISED])
    return Frame(frame.id, frame.data, flags)


def _chapters(chapters: Sequence[ID3Chapter], version: int) -> list[Frame]:
    """Tables of contents, the top one first, and the chapters they list."""
    if not chapters:
        return []
    names = [b"chp%d" % number for number in range(len(chapters))]
    parts = [names[at : at + MOST_ENTRIES] for at in range(0, len(names), MOST_ENTRIES)]
    frames = [_contents(b"toc", parts[0], TOP_LEVEL)]
    if len(parts) > 1:
        tables = [b"toc%d" % number for number in range(len(parts))]
        frames = [_contents(b"toc", tables, TOP_LEVEL)]
        frames += [_contents(table, part) for table, part in zip(tables, parts, strict=True)]
    for name, chapter in zip(names, chapters, strict=True):
        times = chapter.start.to_bytes(4, "big") + chapter.end.to_bytes(4, "big")
        title = _frame_bytes(_text(b"TIT2", chapter.title, version), version)
        frames.append(Frame(b"CHAP", name + b"\0" + times + NO_OFFSET + title))
    return frames


def _contents(name: bytes, entries: list[bytes], level: int = 0) -> Frame:
    listed = b"".join(entry + b"\0" for entry in entries)
    return Frame(b"CTOC", name + b"\0" + bytes([level | ORDERED, len(entries)]) + listed)


def _text(name: bytes, text: str, version: int) -> Frame:
    """The text, encoded. Every reader knows Latin-1, so it comes first."""
    text = text.replace("\0", "")
    try:
        return Frame(name, b"\0" + text.encode("latin-1"))
    except UnicodeEncodeError:
        wide = b"\x03" + text.encode() if version == 4 else b"\x01" + text.encode("utf-16")
        return Frame(name, wide)


def _frame_bytes(frame: Frame, version: int) -> bytes:
    size = len(frame.data)
    stated = _syncsafe(size) if version == 4 else size.to_bytes(4, "big")
    return frame.id + stated + frame.flags + frame.data


def _number(digits: bytes, bits: int) -> int:
    """A number of several bytes, of which the lower `bits` count."""
    value = 0
    for digit in digits:
        value = value << bits | digit & ((1 << bits) - 1)
    return value


def _syncsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
