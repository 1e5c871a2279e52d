"""Which addresses are an episode's sound, and how much of it is a download."""

from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.urls import reverse

from episodes.models import Enclosure
from media.id3 import read_tags
from media.ranges import Unsatisfiable, requested_range

MINUTE = 60
# Of a recording whose length nobody knows: a minute at 128 kbit/s.
USUAL_MINUTE = 960_000
MOST_SPANS = 100  # kept of what a listener got

Span = tuple[int, int]


@dataclass
class Sound:
    """A recording. If it isn't served from here, only requests for its address are seen."""

    enclosure: Enclosure
    is_here: bool

    @cached_property
    def start(self) -> int:
        """Where the sound begins behind the tags, in bytes."""
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
    def enough(self) -> int:
        """Bytes that a minute takes, or all of what is shorter."""
        sound = self.size - self.start
        if sound <= 0:
            return USUAL_MINUTE
        seconds = self.enclosure.seconds
        return min(sound, -(-sound * MINUTE // seconds) if seconds else USUAL_MINUTE)

    def span(self, sent: int, status: int, header: str) -> Span | None:
        """The positions of the sound that an answer held; None if it held none."""
        first = 0
        if status == 206:
            try:
                wanted = requested_range(header, self.size)
            except Unsatisfiable:
                wanted = None
            if wanted is None:
                return None  # several ranges at once: nobody who listens asks so
            first = wanted.start
        begin, end = max(first, self.start), first + sent
        return (begin, end) if begin < end else None


def merged(spans: list[Span]) -> list[Span]:
    """The same positions in order, each once."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def largest(spans: list[Span]) -> list[Span]:
    """As many as players ask for; who asks for single bytes all over a file is none."""
    if len(spans) <= MOST_SPANS:
        return spans
    return sorted(sorted(spans, key=lambda span: span[0] - span[1])[:MOST_SPANS])


@dataclass
class Sounds:
    """All recordings by the paths at which they are asked for."""

    by_path: dict[str, Sound] = field(default_factory=dict)

    @classmethod
    def now(cls) -> "Sounds":
        """One query."""
        found = cls()
        for enclosure in Enclosure.objects.all():
            is_here = bool(enclosure.file) and not settings.S3_BUCKET
            sound = Sound(enclosure, is_here)
            if is_here:
                found.by_path[f"{settings.MEDIA_URL}{enclosure.file.name}"] = sound
            else:
                for name in ("audio", "assets_audio"):
                    found.by_path[reverse(name, args=[enclosure.name])] = sound
        return found
