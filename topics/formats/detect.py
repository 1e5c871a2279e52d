"""Detects the format of a transcript's file, and reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from text.problems import Problem, error, has_errors, warning
from text.timecode import format_timecode
from topics.formats.cues import ARROW, CueDraft, Parsed
from topics.formats.plain import parse_plain
from topics.formats.podcast_json import parse_podcast_json
from topics.formats.srt import parse_srt
from topics.formats.webvtt import parse_webvtt

PARSERS: dict[str, Callable[[str], Parsed]] = {
    "vtt": parse_webvtt, "srt": parse_srt, "json": parse_podcast_json, "text": parse_plain,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """The cues of a file, by their start, and its problems."""

    format: str
    cues: list[CueDraft]
    problems: list[Problem]


NO_TIMES = (
    "No words with times in this file. WebVTT and SRT have them, and so have lines such as "
    "“Nick: 12:34”."
)


def detect_format(text: str, file_name: str = "") -> str:
    """`vtt`, `srt`, `json` or `text`: by the file's ending if that says it, else by its content."""
    ending = file_name.rpartition(".")[2].lower()
    if ending in ("vtt", "srt", "json"):
        return ending
    beginning = text.removeprefix("\ufeff").lstrip()
    if beginning.startswith("WEBVTT"):
        return "vtt"
    if beginning.startswith("{"):
        return "json"
    return "srt" if ARROW in text else "text"


def read_transcript(text: str, file_name: str = "") -> Reading:
    """Read a file whole. With an error among the problems nothing of it should be stored."""
    found = detect_format(text, file_name)
    cues, problems = PARSERS[found](text)
    if not cues and not has_errors(problems):
        problems = [*problems, error(NO_TIMES, None, "file")]
    for above, cue in pairwise(cues):
        if cue.start < above.start:
            message = "This starts before the cue above it; moved to its place in time."
            time = format_timecode(cue.start // 1000)
            problems.append(warning(message, cue.line or None, "start", time))
    return Reading(found, sorted(cues, key=attrgetter("start")), problems)
