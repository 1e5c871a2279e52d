"""A post's transcript: its cues from a file, their particulars from the post."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from episodes.models import Episode
from guests.models import Guest
from text.problems import has_errors
from topics.formats.webvtt import parse_webvtt
from topics.models import Cue, Transcript
from topics.versions import replace_cues
from transfer.export.transcripts import CUE_COLUMNS, CUES, VTT
from transfer.importers.archive.records import read_exactly, read_list
from transfer.importers.archive.rows import decoded, mappings, row_of
from transfer.importers.checkout import is_file
from transfer.importers.columns import write_row
from transfer.importers.report import InvalidInput

FOLDER = "transcripts"
COMPARED = (*CUE_COLUMNS, "reviewed", "guest_id")


@dataclass(frozen=True, slots=True)
class TranscriptRows:
    """The transcript's columns and its cues', in order."""

    values: dict[str, Any]
    cues: list[dict[str, Any]]

    def write(self, episode: Episode) -> bool:
        """Make the episode's transcript equal to this. True if anything changed."""
        found = Transcript.objects.filter(episode=episode).first()
        transcript = found or Transcript(episode=episode)
        outcome, _ = write_row(transcript, self.values)
        if list(transcript.cues.order_by("position").values(*COMPARED)) == self.cues:
            return outcome != "unchanged"
        replace_cues(transcript, self.cues)
        return True


def read_transcript(stated: Mapping[str, Any], root: Path, stem: str) -> TranscriptRows:
    """The transcript of the post and its file together. Raises InvalidInput."""
    values = decoded(Transcript, stated, {"speakers", "cues"})
    people = {
        str(entry.get("name")): row_of(Guest, entry.get("guest"), "speakers").pk
        for entry in mappings(stated, "speakers")
    }
    cues = _from_webvtt(root, stem, values["reviewed"], people) or _from_list(root, stem)
    for entry in mappings(stated, "cues"):
        at = str(entry.get("cue"))
        if not (at.isdecimal() and len(at) < 9 and int(at) < len(cues)):
            raise InvalidInput("The transcript has no such cue.", field="cues", value=at)
        cues[int(at)] |= _particulars(entry)
    return TranscriptRows(values, cues)


def _from_webvtt(
    root: Path, stem: str, reviewed: bool, people: Mapping[str, int]
) -> list[dict[str, Any]]:
    path = root / FOLDER / f"{stem}{VTT}"
    if not is_file(path, root):
        return []
    drafts, problems = parse_webvtt(read_exactly(path, path.relative_to(root).as_posix()))
    if has_errors(problems):
        raise InvalidInput(str(problems[0]), field="transcript", value=path.name)
    return [
        {name: getattr(draft, name) for name in CUE_COLUMNS}
        | {"reviewed": reviewed, "guest_id": people.get(draft.speaker)}
        for draft in drafts
    ]


def _from_list(root: Path, stem: str) -> list[dict[str, Any]]:
    path = root / FOLDER / f"{stem}{CUES}"
    if not is_file(path, root):
        raise InvalidInput("The transcript's file is missing.", field="transcript", value=path.name)
    cues = []
    for record in read_list(path, path.relative_to(root).as_posix()):
        columns = decoded(Cue, {"position": "0", **record.values}, {"guest"})
        cue = {name: columns[name] for name in CUE_COLUMNS}
        cues.append(cue | _particulars(record.values))
    return cues


def _particulars(entry: Mapping[str, Any]) -> dict[str, Any]:
    guest = row_of(Guest, entry["guest"], "guest").pk if entry.get("guest") else None
    return {"reviewed": entry.get("reviewed") == "true", "guest_id": guest}
