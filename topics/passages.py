"""A transcript to read: its cues joined into passages, below the topics they belong to."""

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
class Passage:
    """A paragraph that one speaker says from this second on."""

    seconds: int
    speaker: str
    text: str
    language: str
    is_turn: bool  # another speaker than in the passage above

    @property
    def time(self) -> str:
        return format_timecode(self.seconds)


@dataclass(frozen=True, slots=True)
class Part:
    """The passages from a topic to the next; None: before the first topic."""

    topic: Topic | None
    passages: list[Passage]


def cues_of(transcript: Transcript) -> list[CueDraft]:
    """The cues in their order, speakers by the names the show knows. One query."""
    rows = transcript.cues.values_list(
        "start", "end", "text", "speaker", "identifier", "settings", "language", "guest__name"
    )
    return [
        CueDraft(start, end, text, name or speaker, identifier, settings, language)
        for start, end, text, speaker, identifier, settings, language, name in rows
    ]


def parts(cues: Sequence[CueDraft], topics: Sequence[Topic]) -> list[Part]:
    """The whole transcript. A topic during which no cue begins has no part."""
    starts = [topic.seconds * 1000 for topic in topics]
    found = []
    for place, group in groupby(cues, key=lambda cue: bisect_right(starts, cue.start)):
        topic = topics[place - 1] if place else None
        found.append(Part(topic, list(_passages(group))))
    return found


def passage_at(parts: Iterable[Part], seconds: int) -> Passage | None:
    """The one that is said at this second; the first, of several that begin in the same one."""
    before = (each for part in parts for each in part.passages if each.seconds <= seconds)
    return max(before, key=lambda passage: passage.seconds, default=None)


def _passages(cues: Iterable[CueDraft]) -> Iterator[Passage]:
    above = None
    for run in _runs(cues):
        first = run[0]
        text = " ".join(cue.text.replace("\n", " ") for cue in run)
        is_turn = first.speaker != above
        yield Passage(first.start // 1000, first.speaker, text, first.language, is_turn)
        above = first.speaker


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
