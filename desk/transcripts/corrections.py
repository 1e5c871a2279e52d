"""Corrections of a transcript: stored by line while they are typed, public with the next save.

Times never change. All functions that write expect a locked episode.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import F, Max

from desk.shortcuts import SOURCE
from episodes.models import Episode
from notes.apply import finish_edit
from text.names import normalise_name
from text.timecode import format_timecode
from topics.formats.cues import CueDraft
from topics.models import Cue, CueCorrection, Transcript
from transfer.importers.transcript import people_by_name

BATCH = 1000


class Said(NamedTuple):
    """What a line says, and who says it, by the name that visitors read."""

    text: str
    speaker: str

    @property
    def digest(self) -> str:
        """By this a page tells the server what it shows."""
        return hashlib.sha256(f"{self.speaker}\n{self.text}".encode()).hexdigest()[:12]


class TranscriptLine(NamedTuple):
    """A cue as the desk shows it. Times are milliseconds.

    Its correction is outdated if the cue was replaced since.
    """

    position: int
    start: int
    end: int
    public: Said
    said: Said
    language: str = ""
    was: Said | None = None  # the cue that was corrected; None without a correction

    @property
    def is_corrected(self) -> bool:
        return self.was is not None and self.said != self.public

    @property
    def is_outdated(self) -> bool:
        return self.was is not None and self.was != self.public

    @property
    def number(self) -> int:
        """As pages count lines."""
        return self.position + 1

    @property
    def time(self) -> str:
        return format_timecode(self.start // 1000)

    @property
    def seconds(self) -> str:
        """The start as a media fragment states it."""
        return f"{self.start / 1000:.3f}"


def lines_of(
    transcript: Transcript, positions: Iterable[int] | None = None
) -> list[TranscriptLine]:
    """The lines, or those at these positions, as they are spoken. Two queries."""
    cues, corrections = transcript.cues.all(), transcript.corrections.all()
    if positions is not None:
        wanted = list(positions)
        cues = cues.filter(position__in=wanted)
        corrections = corrections.filter(position__in=wanted)
    made = {row.position: row for row in corrections}
    columns = ("position", "start", "end", "text", "speaker", "guest__name", "language")
    return [
        _line(position, start, end, Said(text, guest or speaker), language, made.get(position))
        for position, start, end, text, speaker, guest, language in cues.values_list(*columns)
    ]


def _line(
    position: int, start: int, end: int, public: Said, language: str, made: CueCorrection | None
) -> TranscriptLine:
    if made is None:
        return TranscriptLine(position, start, end, public, public, language)
    said = Said(made.text, made.speaker)
    was = Said(made.was_text, made.was_speaker)
    return TranscriptLine(position, start, end, public, said, language, was)


def count_corrected(transcript: Transcript) -> int:
    """How many lines say something else than is public, or was."""
    same = {"text": F("was_text"), "speaker": F("was_speaker")}
    return transcript.corrections.exclude(**same).count()


def lost_lines(transcript: Transcript) -> list[CueCorrection]:
    """Corrections whose line is no longer there."""
    present = transcript.cues.values("position")
    return list(transcript.corrections.exclude(position__in=present))


def correct(
    transcript: Transcript, said: Mapping[int, Said], user: User | None, step: int = 0
) -> None:
    """Store what lines, by position, shall say. What is public already needs no correction.

    Corrections of one `step` are undone together.
    """
    rows, settled = [], []
    for line in lines_of(transcript, said):
        wanted = said[line.position]
        if wanted == line.public and not step:  # a step's row says how to undo it
            settled.append(line.position)
            continue
        rows.append(
            CueCorrection(
                transcript=transcript,
                position=line.position,
                was_text=line.public.text,
                was_speaker=line.public.speaker,
                text=wanted.text,
                speaker=wanted.speaker,
                before_text=line.said.text,
                before_speaker=line.said.speaker,
                step=step,
                user=user,
            )
        )
    # Replaced rather than updated, so that a row never mixes two corrections.
    transcript.corrections.filter(position__in=[row.position for row in rows] + settled).delete()
    CueCorrection.objects.bulk_create(rows, BATCH)


def last_step(transcript: Transcript) -> int:
    """The number of the last change of many lines; 0 if there is none to undo."""
    return transcript.corrections.aggregate(last=Max("step"))["last"] or 0


def undo_step(transcript: Transcript, step: int, user: User | None) -> int:
    """Give the lines of this step what they said before; how many. Lines typed since stay."""
    rows = transcript.corrections.filter(step=step) if step else transcript.corrections.none()
    before = {row.position: Said(row.before_text, row.before_speaker) for row in rows}
    correct(transcript, before, user)
    return len(before)


def publish(episode: Episode, transcript: Transcript, user: User) -> int:
    """Make all corrections public; how many lines changed. None may be outdated.

    An emptied line goes. Ends in `finish_edit` if anything changed.
    """
    count = count_corrected(transcript)
    if not count:
        transcript.corrections.all().delete()
        return 0
    corrections = {row.position: row for row in transcript.corrections.all()}
    cues = list(transcript.cues.filter(position__in=corrections))
    people = people_by_name(episode)
    for cue in cues:
        made = corrections[cue.position]
        cue.text = made.text
        if made.speaker != made.was_speaker:
            cue.speaker, cue.guest = made.speaker, people.get(normalise_name(made.speaker))
    emptied = [cue.pk for cue in cues if not cue.text]
    Cue.objects.filter(pk__in=emptied).delete()
    Cue.objects.bulk_update([cue for cue in cues if cue.text], ["text", "speaker", "guest"], BATCH)
    transcript.corrections.all().delete()
    finish_edit(episode, user, SOURCE)
    return count


def as_cues(lines: Iterable[TranscriptLine]) -> list[CueDraft]:
    """The lines as they will be public, for a file."""
    return [
        CueDraft(line.start, line.end, line.said.text, line.said.speaker, language=line.language)
        for line in lines
        if line.said.text
    ]
