"""SubRip (SRT), with speakers as in the podcast namespace's transcripts.md: `Sarah: Hello`."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from text.problems import error, warning
from topics.formats.cues import (
    ARROW,
    CueDraft,
    Parsed,
    file_lines,
    format_clock,
    is_speaker_name,
    read_cue,
)

OVERRIDES = re.compile(r"\{\\[^{}]*\}")  # {\an8}, which SubStation leaves behind
OPENING = re.compile(r"([^:\n]{1,60}):\s+(\S.*)", re.DOTALL)
SOUND = re.compile(r"[\[(][^\[\]()]*[\])]|[♪♫\s]+")


def parse_srt(text: str) -> Parsed:
    """The file's cues and what is wrong with it. A cue's number is its identifier."""
    lines = file_lines(text)
    times = [at for at, line in enumerate(lines) if ARROW in line]
    starts = [at - 1 if at and lines[at - 1].strip().isdecimal() else at for at in times]
    cues, problems = [], []
    before = lines[: starts[0]] if starts else lines
    if strays := [number for number, line in enumerate(before, start=1) if line.strip()]:
        message = "These words belong to no cue: a line of times must be above them."
        problems.append(error(message, strays[0], "cue", before[strays[0] - 1]))
    for at, first, end in zip(times, starts, [*starts[1:], len(lines)], strict=False):
        identifier = lines[first].strip() if first < at else ""
        found, wrong = _read_cue(lines[at], lines[at + 1 : end], at + 1)
        cues += [replace(cue, identifier=identifier) for cue in found[:1]] + found[1:]
        problems += wrong
    return with_speakers(cues), problems


def write_srt(cues: Iterable[CueDraft]) -> str:
    """The cues as a file, in the order given; a name opens each cue with another speaker."""
    blocks, speaker = [], ""
    for number, cue in enumerate(cues, start=1):
        times = f"{format_clock(cue.start)} {ARROW} {format_clock(cue.end)}".replace(".", ",")
        name = f"{cue.speaker}: " if cue.speaker != speaker and cue.speaker else ""
        blocks.append(f"{number}\n{times}\n{name}{cue.text}\n")
        speaker = cue.speaker
    return "\n".join(blocks)


def with_speakers(cues: list[CueDraft]) -> list[CueDraft]:
    """The cues with `Sarah: ` moved from text to speaker, up to the next name.

    The first cue must name its speaker; a name recurs, unlike the “Remember:” of a sentence.
    """
    pairs = [(cue, _opening(cue.text)) for cue in cues]
    speaking = [name for cue, (name, _) in pairs if SOUND.sub("", cue.text)]
    first = next(iter(speaking), "")
    if not first or any(cue.speaker for cue in cues):
        return cues
    names = {name for name, times in Counter(speaking).items() if times > 1} | {first}
    speaker, result = "", []
    for cue, (name, words) in pairs:
        if name and name in names:
            speaker, cue = name, replace(cue, text=words)
        result.append(replace(cue, speaker=speaker))
    return result


def _opening(text: str) -> tuple[str, str]:
    """The name that opens the text, and the rest; an empty name for every other text."""
    match = OPENING.fullmatch(text)
    return (match[1], match[2]) if match and is_speaker_name(match[1]) else ("", text)


def _read_cue(times: str, lines: list[str], number: int) -> Parsed:
    text = OVERRIDES.sub("", "\n".join(lines))
    (cues, problems), rest = read_cue(times, text, number, number)
    if rest:
        problems.insert(0, warning("Positions on the screen are left out.", number, "times", rest))
    return cues, problems
