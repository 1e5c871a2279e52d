"""Finds and redacts words in the metadata of recordings: tags of MP3, boxes of M4A."""

from collections.abc import Callable
from contextlib import suppress

from media.audio import M4A, NotAudio, ReadableFile
from media.id3 import read_tags
from media.mp3 import tail
from media.mp4 import boxes

AUDIO_DATA = b"mdat"
LONGEST = 64 * 1024 * 1024  # of one part; more isn't a tag, and not held in memory
# How words are written there, and at which bytes one may begin.
ENCODINGS = (
    ("utf-8", "surrogateescape", 0),
    ("latin-1", "strict", 0),
    ("utf-16-le", "surrogatepass", 0),
    ("utf-16-le", "surrogatepass", 1),
    ("utf-16-be", "surrogatepass", 0),
    ("utf-16-be", "surrogatepass", 1),
)
Spans = Callable[[str], list[tuple[int, int]]]


def metadata_ranges(file: ReadableFile, size: int, kind: str) -> list[tuple[int, int]]:
    """Ranges of the file that hold metadata, as far as a truncated file shows them."""
    if kind == M4A:
        found = []
        with suppress(NotAudio):  # the file ends there
            for box in boxes(file, 0, size):
                if box.name != AUDIO_DATA:
                    found.append((box.begin, box.end))
    else:
        _, begin = read_tags(file)
        found = [(0, begin), (max(begin, size - tail(file, size)), size)]
    return [(begin, min(end, begin + LONGEST)) for begin, end in found if end > begin]


def count_matches(data: bytes, spans: Spans) -> int:
    """How many matches `spans` finds, in the encoding with the most."""
    return max(len(spans(_decoded(data, *encoding))) for encoding in ENCODINGS)


def redact(data: bytes, spans: Spans, by: str) -> bytes:
    """The data with `by` for each match, cut or padded, so that sizes and offsets stay right."""
    for encoding in ENCODINGS:
        data = _redact(data, spans, by, *encoding)
    return data


def _redact(data: bytes, spans: Spans, by: str, code: str, errors: str, first: int) -> bytes:
    text = _decoded(data, code, errors, first)
    written, done, at = [data[:first]], 0, first
    for start, end in spans(text):
        before = text[done:start].encode(code, errors)
        room = len(text[start:end].encode(code, errors))
        written += [before, _filled(by, code, room)]
        at, done = at + len(before) + room, end
    return b"".join([*written, data[at:]])


def _decoded(data: bytes, code: str, errors: str, first: int) -> str:
    whole = data[first:]
    if code.startswith("utf-16"):
        whole = whole[: len(whole) // 2 * 2]
    return whole.decode(code, errors)


def _filled(by: str, code: str, room: int) -> bytes:
    """`by`, encoded, cut at a character boundary or padded to `room` bytes."""
    fitting = by.encode(code, "replace")[:room].decode(code, "ignore").encode(code)
    space = " ".encode(code)
    return fitting + space * ((room - len(fitting)) // len(space))
