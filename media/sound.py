"""A recording as its file describes itself."""

from dataclasses import dataclass
from typing import Protocol

MP3, M4A = "audio/mpeg", "audio/mp4"
ENDINGS = {MP3: ".mp3", M4A: ".m4a"}


class Source(Protocol):
    """Where a recording is read: a file, an upload, an address that gives parts."""

    def seek(self, offset: int, /) -> int: ...

    def read(self, size: int, /) -> bytes: ...


class NotAudio(ValueError):
    """Why this can't be an episode's recording, as a sentence for the host."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording; `doubt` is a sentence saying why it may be incomplete, or empty."""

    type: str
    seconds: int
    bytes: int
    doubt: str = ""
