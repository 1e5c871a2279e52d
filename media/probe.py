"""What a recording says of itself: its type, its length, and whether all of it is there.

Podcast apps play MP3 and M4A; anything else is no audio here. Few blocks are read where that
will do, so that files elsewhere can be asked by range requests too.
"""

from media.mp3 import mp3_seconds
from media.mp4 import m4a_seconds
from media.sound import M4A, MP3, NotAudio, Sound, Source
from text.timecode import MAX_SECONDS

# What else is handed in, by the bytes it begins with.
OTHERS = (
    (b"RIFF", "a WAV file"),
    (b"OggS", "an Ogg file"),
    (b"fLaC", "a FLAC file"),
    (b"FORM", "an AIFF file"),
    (b"\x1aE\xdf\xa3", "a WebM or Matroska file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"<", "a web page"),
)


def probe(file: Source, size: int) -> Sound:
    """Read a recording of `size` bytes.

    Raises NotAudio for what is no MP3 or M4A or certainly cut off; else only what reading does.
    """
    file.seek(0)
    start = file.read(12)
    if not start:
        raise NotAudio("This file is empty.")
    if what := next((name for begin, name in OTHERS if start.startswith(begin)), None):
        raise NotAudio(f"This is {what}. Podcast apps play MP3 and M4A.")
    doubt = ""
    if start[4:8] == b"ftyp":
        kind, length = M4A, m4a_seconds(file, size)
    else:
        kind = MP3
        length, doubt = mp3_seconds(file, size)
    if not 0.5 < length <= MAX_SECONDS:
        raise NotAudio(f"It says that it lasts {length:,.1f} seconds; that can't be an episode.")
    return Sound(kind, round(length), size, doubt)
