"""Joins a transcript's cues into readable paragraphs, below their topics."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from text.timecode import format_timecode
from topics.formats.cues import CueDraft
from topics.formats.podcast_json import SENTENCE_ENDS
from topics.models import Topic, Transcript

# A paragraph ends with a sentence once it is long, or before a breath; never far beyond.
LONG, TOO_LONG = 450, 1200  # characters
PAUSE = 2500  # milliseconds


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that one speaker says from this second on."""

    seconds: int
    speaker: str
    text: str
    language: str
    is_turn: bool  # another speaker than in the paragraph above

    @property
    def time(self) -> str:
        return format_timecode(self.seconds)


@dataclass(frozen=True, slots=True)
class TranscriptPart:
    """The paragraphs from a topic to the next; None: before the first topic."""

    topic: Topic | None
    paragraphs: list[Paragraph]


def cues_of(transcript: Transcript) -> list[CueDraft]:
    """The cues in order, with the catalogue's names of speakers. One query."""
    rows = transcript.cues.values_list(
        "start", "end", "text", "speaker", "identifier", "settings", "language", "guest__name"
    )
    return [
        CueDraft(start, end, text, name or speaker, identifier, settings, language)
        for start, end, text, speaker, identifier, settings, language, name in rows
    ]


def parts(cues: Sequence[CueDraft], topics: Sequence[Topic]) -> list[TranscriptPart]:
    """The whole transcript. A topic during which no cue begins has no part."""
    starts = [topic.seconds * 1000 for topic in topics]
    found = []
    for place, group in groupby(cues, key=lambda cue: bisect_right(starts, cue.start)):
        topic = topics[place - 1] if place else None
        found.append(TranscriptPart(topic, list(_paragraphs(group))))
    return found


def write_text(cues: Sequence[CueDraft]) -> str:
    """The cues as paragraphs to read, each below its speaker and time: `Nick: 12:34`."""
    return "\n".join(
        f"{each.speaker}: {each.time}\n{each.text}\n"
        if each.speaker
        else f"{each.time}\n{each.text}\n"
        for each in _paragraphs(cues)
    )


def paragraph_at(parts: Iterable[TranscriptPart], seconds: int) -> Paragraph | None:
    """The paragraph spoken at this second; the first of several that begin with it."""
    before = (each for part in parts for each in part.paragraphs if each.seconds <= seconds)
    return max(before, key=lambda paragraph: paragraph.seconds, default=None)


def _paragraphs(cues: Iterable[CueDraft]) -> Iterator[Paragraph]:
    above = None
    for run in _runs(cues):
        first, speaker = run[0], run[0].speaker
        text = " ".join(cue.text.replace("\n", " ") for cue in run)
        yield Paragraph(first.start // 1000, speaker, text, first.language, speaker != above)
        above = speaker


def _runs(cues: Iterable[CueDraft]) -> Iterator[list[CueDraft]]:
    """The cues of each paragraph."""
    run: list[CueDraft] = []
    for cue in cues:
        if run and not _goes_on(run, cue):
            yield run
            run = []
        run.append(cue)
    if run:
        yield run


def _goes_on(run: Sequence[CueDraft], cue: CueDraft) -> bool:
    last = run[-1]
    if (cue.speaker, cue.language) != (last.speaker, last.language):
        return False
    length = sum(len(each.text) for each in run)
    if last.text.endswith(SENTENCE_ENDS):
        return length < LONG and cue.start - last.end < PAUSE
    return length < TOO_LONG
