"""WebVTT, read and written (W3C, WebVTT: The Web Video Text Tracks Format)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from text.problems import Problem, error, warning
from topics.formats.cues import (
    ARROW,
    CueDraft,
    Parsed,
    file_lines,
    format_clock,
    read_cue,
    tidy,
)  # fmt: skip

HEADER = re.compile(r"WEBVTT(?:[ \t](.*))?")
NOT_CUES = re.compile(r"NOTE(?=\s|$)|(?:STYLE|REGION)(?=\s*$)")
MOST_SETTINGS = 20  # there are six
SETTING = re.compile(r"[a-z]+:\S+")

Block = tuple[int, list[str]]


def parse_webvtt(text: str) -> Parsed:
    """The file's cues, one for each voice, and what is wrong or left out."""
    lines = file_lines(text)
    header = HEADER.fullmatch(lines[0])
    if not header:
        return [], [error("A WebVTT file begins with a line WEBVTT.", 1, "header", lines[0])]
    cues: list[CueDraft] = []
    problems: list[Problem] = []
    if (header[1] or "").strip():
        problems.append(_left_out("Words after WEBVTT are", 1, header[1]))
    for number, block in _blocks(lines):
        found, wrong = _read_block(number, block)
        cues += found
        problems += wrong
    return cues, problems


def write_webvtt(cues: Iterable[CueDraft]) -> str:
    """The cues as a file, in the order given. Texts must be tidy, as those of drafts are."""
    return "\n\n".join(["WEBVTT", *map(_written, cues)]) + "\n"


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Runs of lines below the first, with their number; a second line of times begins another."""
    block: list[str] = []
    timed = False
    for number, line in enumerate([*lines[1:], ""], start=2):
        times = ARROW in line
        if block and (not line.strip() or (times and timed)):
            yield number - len(block), block
            block, timed = [], False
        if line.strip():
            block.append(line)
            timed = timed or times


def _read_block(number: int, block: list[str]) -> Parsed:
    at = next((index for index, line in enumerate(block) if ARROW in line), None)
    if at is None:
        return [], [_no_cue(number, block)]
    if at > 1:
        message = "These lines come before a cue's times; only its identifier may."
        return [], [error(message, number, "cue", block[0])]
    (cues, wrong), rest = read_cue(block[at], "\n".join(block[at + 1 :]), number + at, number)
    settings, unknown = _settings(rest, number + at)
    cues = [replace(cue, settings=settings) for cue in cues]
    if at and cues:
        cues[0] = replace(cues[0], identifier=tidy(block[0]))
    return cues, unknown + wrong


def _no_cue(number: int, block: list[str]) -> Problem:
    words = " ".join(block)
    if kind := NOT_CUES.match(block[0]):
        return _left_out(f"{kind[0]} blocks are", number, words)
    if number == 2:
        return _left_out("Lines of the header are", number, words)
    message = "These words belong to no cue: a line of times must be directly above them."
    return error(message, number, "cue", words)


def _settings(rest: str, number: int) -> tuple[str, list[Problem]]:
    words = tidy(rest).split(maxsplit=MOST_SETTINGS)
    known = [word for word in words if SETTING.fullmatch(word)]
    message = "This isn't a cue setting; left out."
    unknown = [word for word in words if word not in known]
    return " ".join(known), [warning(message, number, "settings", word) for word in unknown]


def _left_out(what: str, number: int, value: str) -> Problem:
    return warning(f"{what} left out.", number, "file", value.strip())


def _written(cue: CueDraft) -> str:
    times = f"{format_clock(cue.start)} {ARROW} {format_clock(cue.end)} {cue.settings}".rstrip()
    voice = f"<v {_escaped(cue.speaker)}>" if cue.speaker else ""
    words = _escaped(cue.text)
    if cue.language:
        words = f"<lang {_escaped(cue.language)}>{words}</lang>"
    return "\n".join(filter(None, [cue.identifier, times, voice + words]))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
