"""Small recordings for tests, made from nothing: silence that real decoders play."""

import struct
from collections.abc import Iterable

# MPEG 1, layer III, 64 kbit/s, mono: 26 ms of silence each, at 44.1 kHz.
FRAME = bytes.fromhex("fffb50c4") + bytes(204)
PADDED = bytes.fromhex("fffb52c4") + bytes(205)
SAMPLES, RATE = 1152, 44100
FRAMES_A_SECOND = RATE / SAMPLES


def mp3(seconds: float, header: bool = True) -> bytes:
    """An MP3 of this length, with the header that encoders put first unless told not to."""
    count = round(seconds * FRAMES_A_SECOND)
    # One frame in 51 is a byte shorter, so that the rate is exactly 64 kbit/s.
    frames = b"".join(FRAME if number % 51 == 50 else PADDED for number in range(count))
    if not header:
        return frames
    about = b"Info" + struct.pack(">III", 3, count, len(frames) + len(FRAME))
    return FRAME[:21] + about + bytes(len(FRAME) - 21 - len(about)) + frames


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, name) + body


def m4a(
    seconds: float,
    *,
    kinds: Iterable[bytes] = (b"soun",),
    brand: bytes = b"M4A ",
    index_first: bool = True,
) -> bytes:
    """The boxes of an M4A whose sound is zeros: enough for what reads lengths, not for players."""
    header = box(b"mvhd", bytes(12), struct.pack(">II", 1000, round(seconds * 1000)), bytes(80))
    handlers = [box(b"hdlr", bytes(8), kind, bytes(12)) for kind in kinds]
    tracks = [box(b"trak", box(b"mdia", handler)) for handler in handlers]
    index = box(b"moov", header, *tracks)
    sound = box(b"mdat", bytes(round(seconds * 100)))
    parts = (index, sound) if index_first else (sound, index)
    return box(b"ftyp", brand, bytes(4), brand) + b"".join(parts)
