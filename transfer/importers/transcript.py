"""Imports a transcript's file: completely, or not at all."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from episodes.models import Episode
from guests.models import Guest
from notes.apply import finish_edit
from show.models import Show
from text.names import normalise_name
from text.problems import Problem, error, has_errors, warning
from text.timecode import format_timecode
from topics.formats.cues import CueDraft
from topics.formats.detect import Reading, read_transcript
from topics.models import Cue, Transcript
from topics.versions import replace_cues
from transfer.importers.columns import longest
from transfer.importers.report import Report

SOURCE = "import_transcript"
SHORT_TEXTS = ("speaker", "identifier", "settings", "language")
STATED = ("start", "end", "text", "guest_id", *SHORT_TEXTS)
# Milliseconds for which a cue may outlast the audio: many stay on the screen after the last word.
TOLERANCE = 2000
# How files begin that hosts take for text.
DOCUMENTS = {
    b"PK\x03\x04": "a Word document or another packed file",
    b"\xd0\xcf\x11\xe0": "an old Word document",
    b"%PDF-": "a PDF",
    b"{\\rtf": "a rich text document",
    b"ID3": "a recording",
}


def find_episode(name: str) -> Episode:
    """The podcast's episode of this number or slug. Raises Episode.DoesNotExist."""
    key = {"number": int(name)} if name.isdecimal() else {"slug": name}
    return Episode.objects.get(kind=Episode.Kind.PODCAST, **key)


def import_transcript(episode: Episode, file: Path, report: Report, reviewed: bool = False) -> None:
    """Replace the episode's transcript by the file's. Raises OSError if it can't be read."""
    reading = read_file(file.read_bytes(), file.name)
    people = people_by_name(episode)
    problems = reading.problems + check(reading.cues, episode, people)
    report.within(file).problems(problems)
    if has_errors(problems):
        report.refuse(str(episode))
        return
    with transaction.atomic():
        outcome, replaced = store_transcript(episode, reading, people, reviewed=reviewed)
        transaction.set_rollback(report.dry_run)
    report.outcome(str(episode), outcome, replaced)


def read_file(data: bytes, file_name: str) -> Reading:
    """Read an upload or file by its name's ending, else by its content."""
    for start, kind in DOCUMENTS.items():
        if data.startswith(start):
            message = f"This is {kind}, not text: save it as plain text, or paste its text."
            return Reading("", [], [error(message, None)])
    try:
        return read_transcript(data.decode("utf-8-sig"), file_name)
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        return Reading("", [], [error("This file is not UTF-8; nothing is read.", line)])


def check(cues: list[CueDraft], episode: Episode, people: dict[str, Guest]) -> list[Problem]:
    """Problems of the cues for this episode: lengths, the audio's end, unknown speakers."""
    problems = []
    for cue in cues:
        for name in SHORT_TEXTS:
            value, limit = getattr(cue, name), longest(Cue, name)
            if len(value) > limit:
                message = f"This is longer than {limit} characters."
                problems.append(error(message, cue.line or None, field=name, value=value))
    return problems + _past_the_end(cues, episode) + _unknown_speakers(cues, people)


def _past_the_end(cues: list[CueDraft], episode: Episode) -> list[Problem]:
    if episode.seconds is None:
        return []
    late = [cue for cue in cues if cue.end > episode.seconds * 1000 + TOLERANCE]
    if not late:
        return []
    many = "1 cue lies" if len(late) == 1 else f"{len(late)} cues lie"
    message = f"From here on {many} past the audio's end at {format_timecode(episode.seconds)}."
    time = format_timecode(late[0].end // 1000)
    return [warning(message, late[0].line or None, field="end", value=time)]


def _unknown_speakers(cues: list[CueDraft], people: dict[str, Guest]) -> list[Problem]:
    first_lines: dict[str, int] = {}
    for cue in cues:
        if cue.speaker and normalise_name(cue.speaker) not in people:
            first_lines.setdefault(cue.speaker, cue.line)
    message = "Neither a guest of this episode nor the host goes by this name."
    return [
        warning(message, line or None, field="speaker", value=speaker)
        for speaker, line in first_lines.items()
    ]


def people_by_name(episode: Episode) -> dict[str, Guest]:
    """The episode's guests and the host by normalised name, and by a unique first name."""
    people = set(episode.guests.prefetch_related("names"))
    if host := Show.objects.current().host:
        people.add(host)
    by_name: dict[str, Guest] = {}
    by_first_name: dict[str, set[Guest]] = defaultdict(set)
    for person in people:
        for name in [person.name, *(other.name for other in person.names.all())]:
            by_name[normalise_name(name)] = person
            by_first_name[normalise_name(name.split()[0])].add(person)
    unique = {
        name: owners.pop() for name, owners in by_first_name.items() if name and len(owners) == 1
    }
    return unique | by_name


@transaction.atomic
def store_transcript(
    episode: Episode,
    reading: Reading,
    people: dict[str, Guest],
    *,
    reviewed: bool = False,
    user: User | None = None,
    source: str = SOURCE,
) -> tuple[str, list[str]]:
    """Make the episode's transcript equal to the reading, which must have no errors.

    Ends in `finish_edit`. Unchanged words stay reviewed; for new ones `reviewed` decides. Returns
    new, changed or unchanged, and the host's edits that it replaced.
    """
    episode = Episode.objects.select_for_update(of=("self",)).get(pk=episode.pk)
    transcript, is_new = Transcript.objects.get_or_create(episode=episode)
    wanted = [_values(cue, people) for cue in reading.cues]
    same_words = not is_new and wanted == list(transcript.cues.order_by("position").values(*STATED))
    was_reviewed = transcript.reviewed
    reviewed = reviewed or (same_words and was_reviewed)
    if same_words and (transcript.source_format, was_reviewed) == (reading.format, reviewed):
        return "unchanged", []
    transcript.source_format, transcript.reviewed = reading.format, reviewed
    transcript.save()
    if same_words:
        transcript.cues.update(reviewed=reviewed)
    else:
        replace_cues(transcript, [cue | {"reviewed": reviewed} for cue in wanted])
    finish_edit(episode, user, source)
    lost = ["reviewed: “True” → “False”"] if was_reviewed and not reviewed else []
    return "new" if is_new else "changed", lost


def _values(cue: CueDraft, people: dict[str, Guest]) -> dict[str, Any]:
    """The columns of the cue's row, those in STATED."""
    speaker = people.get(normalise_name(cue.speaker))
    stated = {name: getattr(cue, name) for name in STATED if name != "guest_id"}
    return stated | {"guest_id": speaker.pk if speaker else None}
