"""Which addresses are an episode's audio, and how many of its bytes make a download."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import reverse

from episodes.models import Enclosure
from media.id3 import read_tags
from media.ranges import Unsatisfiable, requested_range

MINUTE = 60
DEFAULT_MINUTE_BYTES = 960_000  # at 128 kbit/s, for audio of unknown length
MAX_SPANS = 100  # stored for each listener

Span = tuple[int, int]


@dataclass
class AudioFile:
    """An episode's audio file. If it isn't local, the log has only requests for its address."""

    enclosure: Enclosure
    is_local: bool

    @cached_property
    def start(self) -> int:
        """The first byte of audio, after the tags."""
        if not str(self.enclosure.file.name).lower().endswith(".mp3"):
            return 0
        try:
            with self.enclosure.file.open("rb") as file:
                return read_tags(file)[1]
        except FileNotFoundError:
            return 0

    @property
    def size(self) -> int:
        return self.enclosure.bytes or 0

    @property
    def download_bytes(self) -> int:
        """The size of a minute of audio, or of all if it is shorter."""
        audio = self.size - self.start
        if audio <= 0:
            return DEFAULT_MINUTE_BYTES
        seconds = self.enclosure.seconds
        return min(audio, -(-audio * MINUTE // seconds) if seconds else DEFAULT_MINUTE_BYTES)

    def span(self, sent: int, status: int, header: str) -> Span | None:
        """The bytes of audio in a response; None if it has none."""
        first = 0
        if status == 206:
            try:
                requested = requested_range(header, self.size)
            except Unsatisfiable:
                requested = None
            if requested is None:
                return None  # several ranges at once, which no player asks for
            first = requested.start
        begin, end = max(first, self.start), first + sent
        return (begin, end) if begin < end else None


def audio_by_path() -> dict[str, AudioFile]:
    """All audio files by the paths of their requests; one query."""
    found = {}
    for enclosure in Enclosure.objects.all():
        if enclosure.file and not settings.S3_BUCKET:
            found[f"{settings.MEDIA_URL}{enclosure.file.name}"] = AudioFile(enclosure, True)
        else:
            for name in ("audio", "assets_audio"):
                found[reverse(name, args=[enclosure.name])] = AudioFile(enclosure, False)
    return found


def merged(spans: list[Span]) -> list[Span]:
    """The same bytes as disjoint spans in order."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def largest(spans: list[Span]) -> list[Span]:
    """The largest spans, at most MAX_SPANS: clients that request single bytes are no players."""
    if len(spans) <= MAX_SPANS:
        return spans
    return sorted(sorted(spans, key=lambda span: span[0] - span[1])[:MAX_SPANS])
