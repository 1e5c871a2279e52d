"""What the audio parsers share: types of audio, and what a file says of itself."""

from dataclasses import dataclass
from typing import Protocol

MP3, M4A = "audio/mpeg", "audio/mp4"
AUDIO_ENDINGS = {MP3: ".mp3", M4A: ".m4a"}


class ReadableFile(Protocol):
    """A recording to read: a file, an upload or a RemoteFile."""

    def seek(self, offset: int, /) -> int: ...

    def read(self, size: int, /) -> bytes: ...


def read_at(file: ReadableFile, position: int, size: int) -> bytes:
    file.seek(position)
    return file.read(size)


class NotAudio(ValueError):
    """Why a file can't be an episode's recording, as a sentence for the host."""


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """Type, length and size of a recording; `doubt` says why it may be incomplete."""

    type: str
    seconds: int
    bytes: int
    doubt: str = ""
