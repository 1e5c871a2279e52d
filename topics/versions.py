"""Versions of a transcript: what it said after each save."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from episodes.models import Episode
from guests.models import Guest
from topics.models import Cue, Transcript, TranscriptVersion

STATES = ("language", "reviewed", "source_format")
BATCH = 1000


class CueValues(NamedTuple):
    """A cue's columns, in the order in which a version lists them."""

    start: int
    end: int
    text: str
    speaker: str
    guest_id: int | None
    identifier: str
    settings: str
    language: str
    reviewed: bool


def keep_version(episode: Episode, last: TranscriptVersion | None) -> TranscriptVersion | None:
    """The version of the transcript as it is now: `last`, or a new one. None without a transcript.

    One query without a transcript, else two to four.
    """
    transcript = Transcript.objects.filter(episode=episode).first()
    if transcript is None:
        return None
    cues = [list(row) for row in _rows(transcript)]
    state = {name: getattr(transcript, name) for name in STATES}
    if last and last.cues == cues and all(getattr(last, name) == state[name] for name in STATES):
        return last
    return TranscriptVersion.objects.create(episode=episode, cues=cues, **state)


def current_cues(transcript: Transcript) -> list[CueValues]:
    """The cues as a version would have them; one query."""
    return [CueValues(*row) for row in _rows(transcript)]


def cues_in(version: TranscriptVersion) -> Iterator[CueValues]:
    """The cues of a version, in order."""
    return (CueValues(*row) for row in version.cues)


def restore_version(episode: Episode, version: TranscriptVersion) -> None:
    """Make the transcript what this version says. The edit has to be finished.

    A guest who has been deleted since is known by the speaker's name only.
    """
    state = {name: getattr(version, name) for name in STATES}
    transcript, _ = Transcript.objects.update_or_create(episode=episode, defaults=state)
    if [list(row) for row in _rows(transcript)] == version.cues:
        return
    guests = {cue.guest_id for cue in cues_in(version) if cue.guest_id}
    present = set(Guest.objects.filter(pk__in=guests).values_list("pk", flat=True))
    cues = [
        cue._asdict() | {"guest_id": cue.guest_id if cue.guest_id in present else None}
        for cue in cues_in(version)
    ]
    replace_cues(transcript, cues)


def replace_cues(transcript: Transcript, cues: list[dict[str, Any]]) -> None:
    """Replace the transcript's cues by these, given as columns in their order."""
    transcript.cues.all().delete()
    rows = (Cue(transcript=transcript, position=at, **cue) for at, cue in enumerate(cues))
    Cue.objects.bulk_create(rows, BATCH)


def _rows(transcript: Transcript) -> Any:
    return transcript.cues.order_by("position").values_list(*CueValues._fields)
