"""Probes a recording, by few blocks: type and length, and whether it is complete."""

from media.audio import M4A, MP3, AudioInfo, NotAudio, ReadableFile
from media.mp3 import mp3_seconds
from media.mp4 import m4a_seconds
from text.timecode import MAX_SECONDS

# What hosts upload by mistake, by its first bytes.
OTHERS = {
    b"RIFF": "a WAV file", b"OggS": "an Ogg file", b"fLaC": "a FLAC file", b"FORM": "an AIFF file",
    b"\x1aE\xdf\xa3": "a WebM or Matroska file", b"PK\x03\x04": "a ZIP archive", b"%PDF": "a PDF",
    b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"<": "a web page",
}  # fmt: skip


def probe(file: ReadableFile, size: int) -> AudioInfo:
    """Read a recording of `size` bytes. Raises NotAudio unless it is a complete MP3 or M4A."""
    file.seek(0)
    start = file.read(12)
    if not start:
        raise NotAudio("This file is empty.")
    if what := next((name for begin, name in OTHERS.items() if start.startswith(begin)), None):
        raise NotAudio(f"This is {what}. Podcast apps play MP3 and M4A.")
    kind = M4A if start[4:8] == b"ftyp" else MP3
    length, doubt = (m4a_seconds(file, size), "") if kind == M4A else mp3_seconds(file, size)
    if not 0.5 < length <= MAX_SECONDS:
        raise NotAudio(
            f"Its header says {length:,.1f} seconds, which can't be an episode's length."
        )
    return AudioInfo(kind, round(length), size, doubt)
