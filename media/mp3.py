"""The length of MP3 files (ISO 11172-3, 13818-3), by a Xing, Info or VBRI header or by frames."""

from collections.abc import Iterator
from dataclasses import dataclass

from media.audio import NotAudio, ReadableFile, read_at
from media.id3 import read_tags

KBITS = {
    True: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
RATES = (44100, 48000, 32000)
# The two bits of a header that say the version: 1; 2 and 2.5 with half and quarter the rate.
VERSIONS = {3: 1, 2: 2, 0: 4}
MONO = 3
# Where the first frame is looked for behind the tags, and how much is looked at elsewhere.
WINDOW = 64 * 1024
BLOCK = 1024 * 1024
SAMPLES = 9
# Between the frames of a file that was put together from others there may be their tags.
MOST_GAPS, MOST_SKIPPED = 1000, 8 * 1024 * 1024
NO_AUDIO = "This isn't audio that podcast apps play: it is neither MP3 nor M4A."
DAMAGED = "Too much in this file is no audio. Export or copy it again."
TRUNCATED = "The file is truncated. Export or copy it again."
ENDS_EARLY = (
    "The file ends mid-frame, as after an interrupted copy. Listen to its end before publishing."
)


@dataclass(frozen=True, slots=True)
class MP3Frame:
    """A frame's header: its length in bytes, and its audio in samples of `rate`."""

    size: int
    kbits: int
    rate: int
    samples: int
    side: int  # bytes between the header and an encoder's own


def mp3_seconds(file: ReadableFile, size: int) -> tuple[float, str]:
    """The length in seconds, and a sentence saying why the file may be incomplete, or nothing.

    Reads a few blocks; all of the file only if its bit rate varies without a header saying so.
    Raises NotAudio for what isn't an MP3 or has fewer bytes than its header says.
    """
    _, begin = read_tags(file)
    end = size - tail(file, size)
    window = read_at(file, begin, WINDOW)
    at = _first(window)
    if at is None or (first := _frame(window, at)) is None:
        raise NotAudio(NO_AUDIO)
    begin += at
    stated = _stated(window[at : at + first.size], first)
    if stated:
        frames, length = stated
        if length > end - begin + first.size:
            raise NotAudio(TRUNCATED)
        return frames * first.samples / first.rate, ""
    doubt = "" if _ends_whole(file, begin, end) else ENDS_EARLY
    if _constant(file, begin, end, first):
        return (end - begin) * 8 / (first.kbits * 1000), doubt
    return _walked(file, begin, end), doubt


def tail(file: ReadableFile, size: int) -> int:
    """The number of bytes of older tags at the end: ID3v1, APEv2."""
    length = 128 if read_at(file, max(0, size - 128), 3) == b"TAG" else 0
    footer = read_at(file, max(0, size - length - 32), 32)
    if footer[:8] == b"APETAGEX":
        header = 32 if int.from_bytes(footer[20:24], "little") >> 31 else 0
        length += int.from_bytes(footer[12:16], "little") + header
    return min(length, size)


def _frame(data: bytes, at: int) -> MP3Frame | None:
    """The frame whose header is at this position, if there is one."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
        return None
    first, second, third = data[at + 1 : at + 4]
    part = VERSIONS.get(first >> 3 & 3)
    bits, rate = second >> 4, second >> 2 & 3
    if part is None or bits in (0, 15) or rate == 3:
        return None
    kbits = KBITS[part == 1][bits - 1]
    hertz = RATES[rate] // part
    samples = 1152 if part == 1 else 576
    size = samples * kbits * 125 // hertz + (second >> 1 & 1)
    mono = third >> 6 == MONO
    side = (17 if mono else 32) if part == 1 else (9 if mono else 17)
    return MP3Frame(size, kbits, hertz, samples, side)


def _first(data: bytes, start: int = 0) -> int | None:
    """Offset of the first frame followed by a matching one."""
    at = data.find(0xFF, start)
    while at >= 0:
        frame = _frame(data, at)
        following = frame and _frame(data, at + frame.size)
        if frame and following and frame.rate == following.rate:
            return at
        at = data.find(0xFF, at + 1)
    return None


def _stated(data: bytes, first: MP3Frame) -> tuple[int, int] | None:
    """The number of frames and bytes in the encoder's header; 0 bytes if it doesn't state them."""
    header = data[4 + first.side :]
    if header[:4] in (b"Xing", b"Info"):
        flags = int.from_bytes(header[4:8], "big")
        frames = int.from_bytes(header[8:12], "big") if flags & 1 else 0
        at = 12 if flags & 1 else 8
        length = int.from_bytes(header[at : at + 4], "big") if flags & 2 else 0
    elif data[36:40] == b"VBRI":
        length, frames = int.from_bytes(data[46:50], "big"), int.from_bytes(data[50:54], "big")
    else:
        return None
    return (frames, length) if frames else None


def _ends_whole(file: ReadableFile, begin: int, end: int) -> bool:
    """Whether the last frame ends where the file does. True if the file's end can't be parsed."""
    start = max(begin, end - WINDOW // 4)
    data = read_at(file, start, end - start)
    at = _first(data)
    while at is not None and at < len(data):
        frame = _frame(data, at)
        if frame is None:
            return True
        at += frame.size
    return at is None or at == len(data)


def _constant(file: ReadableFile, begin: int, end: int, first: MP3Frame) -> bool:
    """Whether sampled frames, spread over the file, all have the first one's bit rate."""
    step = max(1, (end - begin) // SAMPLES)
    for position in range(begin, end, step)[:SAMPLES]:
        data = read_at(file, position, min(WINDOW // 4, end - position))
        at = _first(data)
        if any(frame.kbits != first.kbits for frame in _following(data, at)):
            return False
    return True


def _following(data: bytes, at: int | None) -> Iterator[MP3Frame]:
    while at is not None and (frame := _frame(data, at)):
        yield frame
        at += frame.size


def _walked(file: ReadableFile, begin: int, end: int) -> float:
    """The total length of all frames in seconds. Bytes between frames are skipped, if not too many.

    Raises NotAudio.
    """
    seconds, position, gaps, skipped = 0.0, begin, 0, 0
    while position < end - 4:
        data = read_at(file, position, min(BLOCK, end - position))
        at = 0
        while at < len(data) - 4:
            while frame := _frame(data, at):
                seconds += frame.samples / frame.rate
                at += frame.size
            if at >= len(data) - 4:
                break
            again = _first(data, at + 1)
            again = len(data) if again is None else again
            gaps, skipped, at = gaps + 1, skipped + again - at, again
            if gaps > MOST_GAPS or skipped > MOST_SKIPPED:
                raise NotAudio(DAMAGED)
        position += max(at, 1)
    return seconds
