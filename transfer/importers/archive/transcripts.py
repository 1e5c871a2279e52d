"""A post's transcript: its passages from the files beside, its particulars from the post."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from episodes.models import Episode
from guests.models import Guest
from text.problems import has_errors
from topics.formats.webvtt import parse_webvtt
from topics.models import Cue, Transcript
from transfer.export.columns import BadValue
from transfer.export.transcripts import CUES, TOLD, VTT
from transfer.importers.archive.records import read_records, read_text
from transfer.importers.archive.rows import Files, decoded, differing, mappings, save
from transfer.importers.archive.tables import guest_of
from transfer.importers.checkout import is_file
from transfer.importers.jekyll.front_matter import UnreadableFile

FOLDER = "transcripts"
COMPARED = (*TOLD, "reviewed", "guest_id")
BATCH = 1000


@dataclass(frozen=True, slots=True)
class TranscriptRows:
    """The transcript's columns and its cues', in order."""

    values: dict[str, Any]
    cues: list[dict[str, Any]]

    def write(self, episode: Episode) -> bool:
        """Make the episode's transcript this one. True when anything changed."""
        found = Transcript.objects.filter(episode=episode).first()
        transcript = found or Transcript(episode=episode)
        same = found is not None and not differing(transcript, self.values)
        if not same:
            save(transcript, self.values)
        cues = transcript.cues.order_by("position")
        if list(cues.values(*COMPARED)) == self.cues:
            return not same
        cues.delete()
        rows = (Cue(transcript=transcript, position=at, **cue) for at, cue in enumerate(self.cues))
        Cue.objects.bulk_create(rows, BATCH)
        return True


def read_transcript(stated: Mapping[str, Any], root: Path, stem: str) -> TranscriptRows:
    """What post and files say together. Raises BadValue."""
    values = decoded(Transcript, stated, Files(), {"speakers", "cues"})
    people: dict[str, Guest] = {}
    for entry in mappings(stated, "speakers"):
        people[str(entry.get("name"))] = guest_of(entry.get("guest"), "speakers")
    cues = _from_webvtt(root, stem, values["reviewed"], people) or _from_list(root, stem)
    for entry in mappings(stated, "cues"):
        at = str(entry.get("cue"))
        if not (at.isdecimal() and len(at) < 9 and int(at) < len(cues)):
            raise BadValue("cues", at[:80], "The transcript has no such cue.")
        cues[int(at)] |= _particulars(entry)
    return TranscriptRows(values, cues)


def _from_webvtt(
    root: Path, stem: str, reviewed: bool, people: Mapping[str, Guest]
) -> list[dict[str, Any]]:
    path = root / FOLDER / f"{stem}{VTT}"
    if not is_file(path, root):
        return []
    drafts, problems = parse_webvtt(_read(path, root))
    if has_errors(problems):
        raise BadValue("transcript", path.name, str(next(p for p in problems)))
    return [
        {name: getattr(draft, name) for name in TOLD}
        | {
            "reviewed": reviewed,
            "guest_id": people[draft.speaker].pk if draft.speaker in people else None,
        }
        for draft in drafts
    ]


def _from_list(root: Path, stem: str) -> list[dict[str, Any]]:
    path = root / FOLDER / f"{stem}{CUES}"
    if not is_file(path, root):
        raise BadValue("transcript", path.name, "The transcript's file is missing.")
    name = path.relative_to(root).as_posix()
    cues = []
    try:
        for record in read_records(path, name):
            columns = decoded(Cue, {"position": "0", **record.values}, Files(), {"guest"})
            told = {column: columns[column] for column in TOLD}
            cues.append(told | _particulars(record.values))
    except UnreadableFile as failure:
        raise BadValue("transcript", name, failure.problem.message) from failure
    return cues


def _particulars(entry: Mapping[str, Any]) -> dict[str, Any]:
    guest = guest_of(entry["guest"], "guest").pk if entry.get("guest") else None
    return {"reviewed": entry.get("reviewed") == "true", "guest_id": guest}


def _read(path: Path, root: Path) -> str:
    try:
        return read_text(path, path.relative_to(root).as_posix())
    except UnreadableFile as failure:
        raise BadValue("transcript", path.name, failure.problem.message) from failure
