"""Podcasting 2.0's JSON transcript (podcast namespace, transcripts.md)."""

import json
import math
from collections.abc import Iterable
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from text.problems import Problem, error, warning
from text.timecode import MAX_SECONDS
from topics.formats.cues import CueDraft, Parsed, tidy, tidy_lines

PAUSE, LONGEST = 1500, 12_000  # milliseconds
MOST_CHARACTERS = 400
SENTENCE_ENDS = (".", "?", "!")


def parse_podcast_json(text: str) -> Parsed:
    """The segments as cues, joined where each is a word, and problems by segment."""
    try:
        document = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as wrong:
        return [], [error(f"This is not JSON: {wrong.msg}.", wrong.lineno, "file")]
    except (RecursionError, ValueError):
        message = "This is not JSON that can be read: nested too deep, or a number too long."
        return [], [error(message, 1, "file")]
    segments = document.get("segments") if isinstance(document, dict) else None
    if not isinstance(segments, list):
        return [], [error("A list named “segments” is missing.", 1, "segments")]
    cues: list[CueDraft] = []
    problems: list[Problem] = []
    for index, (segment, following) in enumerate(zip_longest(segments, segments[1:])):
        try:
            cue = _cue(segment, following)
        except _BadSegment as bad:
            problems.append(bad.problem(index))
            continue
        if cue.text:
            cues.append(cue)
        else:
            message = "This segment has no words; left out."
            problems.append(warning(message, field=f"segments[{index}].body", value="empty"))
    return _sentences(cues), problems


def write_podcast_json(cues: Iterable[CueDraft]) -> dict[str, Any]:
    """The cues as the document that is to be sent as JSON; times in seconds."""
    segments = [
        ({"speaker": cue.speaker} if cue.speaker else {})
        | {"startTime": cue.start / 1000, "endTime": cue.end / 1000, "body": cue.text}
        for cue in cues
    ]
    return {"version": "1.0.0", "segments": segments}


class _BadSegment(ValueError):
    def __init__(self, name: str, value: object, message: str) -> None:
        super().__init__(message)
        self.name, self.value = name, value

    def problem(self, index: int) -> Problem:
        field = f"segments[{index}].{self.name}".rstrip(".")
        return error(str(self), field=field, value=str(self.value)[:200])


def _cue(segment: Any, following: Any) -> CueDraft:
    if not isinstance(segment, dict):
        raise _BadSegment("", type(segment).__name__, "A segment is an object of names and values.")
    start = _milliseconds(segment, "startTime")
    stated = segment.get("endTime") is not None
    end = _milliseconds(segment, "endTime") if stated else _until(following, start)
    if end < start:
        raise _BadSegment("endTime", segment["endTime"], "This segment ends before it starts.")
    return CueDraft(start, end, tidy_lines(_text(segment, "body")), tidy(_text(segment, "speaker")))


def _until(following: Any, start: int) -> int:
    """When the next segment starts, if it says so; that segment's own faults are its own."""
    try:
        return max(start, _milliseconds(following, "startTime"))
    except (_BadSegment, AttributeError):
        return start


def _milliseconds(segment: dict[str, Any], name: str) -> int:
    value = segment.get(name)
    is_endless = isinstance(value, float) and not math.isfinite(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or is_endless:
        raise _BadSegment(name, value, "A time is a number of seconds.")
    if not 0 <= value < MAX_SECONDS:
        raise _BadSegment(name, value, "A time lies between 0 and a week.")
    return round(value * 1000)


def _text(segment: dict[str, Any], name: str) -> str:
    value = segment.get(name)
    if value is not None and not isinstance(value, str):
        raise _BadSegment(name, value, "This is text.")
    return value or ""


def _sentences(cues: list[CueDraft]) -> list[CueDraft]:
    """Cues of a word each joined until the sentence, the speaker or the breath ends."""
    if sum(len(cue.text.split()) for cue in cues) >= 2 * len(cues):
        return cues
    joined: list[CueDraft] = []
    for cue in cues:
        last = joined[-1] if joined else None
        if last and _goes_on(last, cue):
            end = max(last.end, cue.end)
            joined[-1] = replace(last, end=end, text=f"{last.text} {cue.text}")
        else:
            joined.append(cue)
    return joined


def _goes_on(last: CueDraft, cue: CueDraft) -> bool:
    return (
        cue.speaker == last.speaker
        and not last.text.endswith(SENTENCE_ENDS)
        and len(last.text) < MOST_CHARACTERS
        and 0 <= cue.start - last.start < LONGEST
        and cue.start - last.end < PAUSE
    )
