"""What an episode's transcript tab shows."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from desk.shortcuts import locked_episode
from desk.transcripts.corrections import TranscriptLine, last_step, lines_of, lost_lines
from desk.transcripts.forms import MOST_SPEAKERS
from episodes.models import Episode
from topics.models import CueCorrection, Transcript
from transfer.importers.transcript import people_by_name

PER_PAGE = 3000  # lines: three hours of speech
MOST_OUTDATED = 100


@dataclass(frozen=True, slots=True)
class Speaker:
    name: str
    lines: int


@dataclass(frozen=True, slots=True)
class TranscriptContent:
    """The transcript with its corrections. Lines are one page of all."""

    transcript: Transcript
    page: Page
    total: int
    corrected: int
    outdated: Sequence[TranscriptLine]
    lost: Sequence[CueCorrection]
    speakers: Sequence[Speaker]
    undoable: int  # lines of the last step
    names: Sequence[str] = field(default_factory=list)  # of guests and the host

    @property
    def needs_choice(self) -> bool:
        return bool(self.outdated or self.lost)


def podcast_episode(pk: int) -> Episode:
    """Raises Http404 for what is in writing, or in the bin."""
    episodes = Episode.objects.select_related("enclosure")
    return get_object_or_404(episodes, pk=pk, kind=Episode.Kind.PODCAST)


def locked_transcript(pk: int) -> tuple[Episode, Transcript]:
    """The episode, locked, and its transcript. Raises Http404 without one."""
    episode = locked_episode(pk)
    if episode.is_interview:
        raise Http404("A written interview has no transcript.")
    return episode, get_object_or_404(Transcript, episode=episode)


def tab_address(pk: int, number: int = 0) -> str:
    """The tab, at this line if it isn't 0."""
    address = reverse("desk_transcript", args=[pk])
    return f"{address}?at={number}#line-{number}" if number else address


def read_content(
    episode: Episode, transcript: Transcript, query: str, page: str | None, number: int
) -> TranscriptContent:
    """The page with this line's number if there is one, among the lines with the query's words."""
    lines = lines_of(transcript)
    found = matching(lines, query) if query else lines
    pages = Paginator(found, PER_PAGE)
    place = next((at for at, line in enumerate(found) if line.number == number), None)
    step = last_step(transcript)
    return TranscriptContent(
        transcript=transcript,
        page=pages.get_page(page if place is None else place // PER_PAGE + 1),
        total=len(lines),
        corrected=sum(line.is_corrected for line in lines),
        outdated=[line for line in lines if line.is_outdated][:MOST_OUTDATED],
        lost=lost_lines(transcript),
        speakers=speakers_in(lines),
        undoable=transcript.corrections.filter(step=step).count() if step else 0,
        names=names_of(episode),
    )


def matching(lines: Sequence[TranscriptLine], query: str) -> list[TranscriptLine]:
    """The lines with these words, in whatever case."""
    pattern = re.compile(r"\s+".join(map(re.escape, query.split())), re.IGNORECASE)
    return [line for line in lines if pattern.search(line.said.text)]


def speakers_in(lines: Sequence[TranscriptLine]) -> list[Speaker]:
    """Who speaks how many lines, most first; the first MOST_SPEAKERS."""
    return count_speakers(line.said.speaker for line in lines)


def count_speakers(names: Iterable[str]) -> list[Speaker]:
    """Each name with how often it occurs, as `speakers_in`."""
    counts = Counter(names)
    return [Speaker(name, count) for name, count in counts.most_common(MOST_SPEAKERS)]


def names_of(episode: Episode) -> list[str]:
    """The episode's guests and the host."""
    return sorted({person.name for person in people_by_name(episode).values()})
