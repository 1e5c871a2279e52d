"""A transcript as WebVTT; the post states what WebVTT can't hold."""

from collections.abc import Iterable

from topics.formats.cues import CueDraft
from topics.formats.webvtt import parse_webvtt, write_webvtt
from topics.models import Cue, Transcript
from transfer.export.columns import encode
from transfer.export.front_matter import Value, dump_list

CUE_COLUMNS = ("start", "end", "text", "speaker", "identifier", "settings", "language")
VTT, CUES = ".vtt", ".cues.yml"


def transcript_file(transcript: Transcript) -> tuple[dict[str, Value], str, str]:
    """What the post states of the transcript, then the file's ending and its text.

    The file is `.vtt` if that reads back as the same cues, else `.cues.yml`. The post names each
    speaker's guest, and by its position a cue whose guest or review differs.
    """
    rows = list(transcript.cues.select_related("guest").order_by("position"))
    stated = encode(transcript)
    speakers = _speakers(rows)
    if speakers:
        stated["speakers"] = [{"name": name, "guest": slug} for name, slug in speakers.items()]
    drafts = [CueDraft(*(getattr(row, name) for name in CUE_COLUMNS)) for row in rows]
    text = write_webvtt(drafts)
    if parse_webvtt(text)[0] != drafts or not drafts:
        return stated, CUES, dump_list([_all_values(row) for row in rows])
    others: list[Value] = [
        {"cue": at, "guest": _slug(row), "reviewed": row.reviewed}
        for at, row in enumerate(rows)
        if _slug(row) != speakers.get(row.speaker, "") or row.reviewed != transcript.reviewed
    ]
    if others:
        stated["cues"] = others
    return stated, VTT, text


def _speakers(rows: Iterable[Cue]) -> dict[str, str]:
    """The guest's slug of each speaker, from the speaker's first cue."""
    found: dict[str, str] = {}
    for row in rows:
        if row.speaker:
            found.setdefault(row.speaker, _slug(row))
    return {name: slug for name, slug in found.items() if slug}


def _slug(row: Cue) -> str:
    return row.guest.slug if row.guest else ""


def _all_values(row: Cue) -> dict[str, Value]:
    values = encode(row) | {"reviewed": row.reviewed, "guest": _slug(row)}
    return {name: value for name, value in values.items() if name != "position"}
