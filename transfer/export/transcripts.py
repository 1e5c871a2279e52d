"""A transcript as WebVTT, with what WebVTT can't say beside."""

from collections.abc import Iterable

from topics.formats.cues import CueDraft
from topics.formats.webvtt import parse_webvtt, write_webvtt
from topics.models import Cue, Transcript
from transfer.export.columns import encode
from transfer.export.front_matter import Value, dump_list

TOLD = ("start", "end", "text", "speaker", "identifier", "settings", "language")
VTT, CUES = ".vtt", ".cues.yml"


def transcript_files(transcript: Transcript) -> tuple[dict[str, Value], dict[str, str]]:
    """What the post says of the transcript, and its files by ending.

    `.vtt` holds the cues, if it reads back as they are, and else `.cues.yml`. Speakers' guests
    stand in the post; a cue whose guest or review differs is named there by its place.
    """
    rows = list(transcript.cues.select_related("guest").order_by("position"))
    stated = encode(transcript)
    speakers = _speakers(rows)
    if speakers:
        stated["speakers"] = [{"name": name, "guest": slug} for name, slug in speakers.items()]
    drafts = [CueDraft(*(getattr(row, name) for name in TOLD)) for row in rows]
    text = write_webvtt(drafts)
    if parse_webvtt(text)[0] != drafts or not drafts:
        return stated, {CUES: dump_list([_whole(row) for row in rows])}
    others: list[Value] = [
        {"cue": at, "guest": _slug(row), "reviewed": row.reviewed}
        for at, row in enumerate(rows)
        if _slug(row) != speakers.get(row.speaker, "") or row.reviewed != transcript.reviewed
    ]
    if others:
        stated["cues"] = others
    return stated, {VTT: text}


def _speakers(rows: Iterable[Cue]) -> dict[str, str]:
    """The guest's slug of each speaker, as their first cue has it."""
    found: dict[str, str] = {}
    for row in rows:
        if row.speaker:
            found.setdefault(row.speaker, _slug(row))
    return {name: slug for name, slug in found.items() if slug}


def _slug(row: Cue) -> str:
    return row.guest.slug if row.guest else ""


def _whole(row: Cue) -> dict[str, Value]:
    values = encode(row) | {"reviewed": row.reviewed, "guest": _slug(row)}
    return {name: value for name, value in values.items() if name != "position"}
