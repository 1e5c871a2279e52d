"""The length of M4A files, by their boxes (ISO 14496-12)."""

from collections.abc import Iterator
from dataclasses import dataclass

from media.audio import NotAudio, ReadableFile, read_at

# A recording has a few dozen; made-up ones could keep us busy.
MOST_BOXES = 2000
# A track of sound, perhaps chapters and their pictures; each is looked through for its boxes.
MOST_TRACKS = 20
TOO_MANY_BOXES = f"This MP4 file has more than {MOST_BOXES:,} boxes; it is probably damaged."
TOO_MANY_TRACKS = f"This MP4 file has more than {MOST_TRACKS} tracks; export it again."
VIDEO = "This is a video. Podcast apps play MP3 and M4A."
NO_AUDIO = "This MP4 file has no audio."
TRUNCATED = "The file is truncated. Export or copy it again."


@dataclass(frozen=True, slots=True)
class Box:
    """`begin` and `end` are the positions of its content."""

    name: bytes
    begin: int
    end: int


def m4a_seconds(file: ReadableFile, size: int) -> float:
    """The length. Raises NotAudio for videos, truncated or odd files and those without audio."""
    outer = {box.name: box for box in boxes(file, 0, size)}
    if b"moov" not in outer:
        raise NotAudio(TRUNCATED)
    inner = list(boxes(file, outer[b"moov"].begin, outer[b"moov"].end))
    tracks = [box for box in inner if box.name == b"trak"]
    if len(tracks) > MOST_TRACKS:
        raise NotAudio(TOO_MANY_TRACKS)
    kinds = {_kind(file, track) for track in tracks}
    if b"soun" not in kinds:
        raise NotAudio(NO_AUDIO)
    # Audio files may hold pictures of chapters as a track; their brand says that they are audio.
    if b"vide" in kinds and read_at(file, 8, 3) not in (b"M4A", b"M4B"):
        raise NotAudio(VIDEO)
    header = next((box for box in inner if box.name == b"mvhd"), None)
    return _duration(file, header.begin) if header else 0


def boxes(file: ReadableFile, begin: int, end: int) -> Iterator[Box]:
    """The boxes between these positions. Raises NotAudio if one reaches beyond."""
    for _ in range(MOST_BOXES):
        if end - begin < 8:
            return
        header = read_at(file, begin, 16)
        size, content = int.from_bytes(header[:4], "big"), begin + 8
        if size == 1:
            size, content = int.from_bytes(header[8:16], "big"), begin + 16
        elif size == 0:
            size = end - begin
        if size < content - begin or begin + size > end:
            raise NotAudio(TRUNCATED)
        yield Box(header[4:8], content, begin + size)
        begin += size
    raise NotAudio(TOO_MANY_BOXES)


def _within(file: ReadableFile, outer: Box, name: bytes) -> Box | None:
    return next((box for box in boxes(file, outer.begin, outer.end) if box.name == name), None)


def _kind(file: ReadableFile, track: Box) -> bytes:
    """What a track holds: `soun`, `vide`, `text`."""
    media = _within(file, track, b"mdia")
    handler = media and _within(file, media, b"hdlr")
    return read_at(file, handler.begin + 8, 4) if handler else b""


def _duration(file: ReadableFile, begin: int) -> float:
    """The length in a movie header, in seconds."""
    data = read_at(file, begin, 32)
    is_long = data[:1] == b"\1"
    units, length = (data[20:24], data[24:32]) if is_long else (data[12:16], data[16:20])
    scale = int.from_bytes(units, "big")
    return int.from_bytes(length, "big") / scale if scale else 0
