"""The time at the start of a topic's line, in all the spellings people use."""

import re
from dataclasses import dataclass

from notes.grammar.headings import strip_bullet
from text.timecode import parse_timecode

# 6:40, 1:03:52. More digits than a time has are read too, to be named as wrong.
CLOCK = re.compile(r"\d{1,6}(?::\d{1,6}){1,2}(?!\w)(?!:\d)", re.ASCII)
# 1:04-22, 1.04.22, 1:19;27: another sign where a colon belongs.
MISTYPED = re.compile(
    r"(\d{1,3})([:.;-])(\d{1,2})([:.;,-])(\d{2})(?=\s|$|[\])–—|]|--|:(?!\d))", re.ASCII
)
# 1:04 22 and 6.40, only where a dash behind shows that these are no words of the topic.
SPACED = re.compile(r"(\d{1,3})(:)(\d{1,2})( )(\d{2})(?=\s*(?:--|[–—]|-\s))", re.ASCII)
DOTTED = re.compile(r"(\d{1,3})[.;](\d{2})(?=\s*(?:--|[–—]|-\s|:\s|$))", re.ASCII)
# 12-59 and 12,59 may be a range or a number: no time, but perhaps one is meant.
DOUBTFUL = re.compile(r"(\d{1,3})[-,/](\d{2})(?=\s*(?:--|[–—]|-\s))", re.ASCII)
# 1h2m3s, 2m 30s. One unit alone (“5m users”) needs a dash or colon behind it.
UNITS = re.compile(
    r"(?:\d{1,3}h ?\d{1,4}m(?: ?\d{1,6}s)?"
    r"|\d{1,4}m ?\d{1,6}s"
    r"|\d{1,6}[hms](?=\s*(?:--|[–—:])|\s-\s))(?!\w)",
    re.ASCII,
)
SEPARATOR = re.compile(r"\s*(?:-{1,3}>?|[–—−|:→])?\s*")


@dataclass(frozen=True, slots=True)
class TimedText:
    """A line's time and words. `seconds` is None when the time can't be meant as written."""

    value: str
    seconds: int | None
    text: str
    mended: bool = False


def read_time(line: str) -> TimedText | None:
    """The time that begins the line and the text behind it; None for a line without one."""
    text = strip_bullet(line)
    opened = text[:1] in ("(", "[")
    start = 1 if opened else 0
    value, spelling, mended = _time_at(text[start:])
    if not value:
        return None
    rest = text[start + len(value) :]
    if opened:
        if rest[:1] not in (")", "]"):
            return None
        rest = rest[1:]
    separator = SEPARATOR.match(rest)
    words = rest[separator.end() :] if separator else rest
    return TimedText(value, _seconds(spelling), words.strip(), mended)


def doubtful_time(line: str) -> tuple[str, str] | None:
    """What begins a line without a time as if it were one, and the time it may mean."""
    match = DOUBTFUL.match(strip_bullet(line))
    spelling = f"{match[1]}:{match[2]}" if match else ""
    return (match[0], spelling) if match and _seconds(spelling) is not None else None


def _time_at(text: str) -> tuple[str, str, bool]:
    """What is written, what it spells, and whether that is a repair. Empty: no time."""
    for pattern in (MISTYPED, SPACED):
        match = pattern.match(text)
        if match and _is_mistyped(match[2], match[4]):
            return match[0], f"{match[1]}:{int(match[3]):02}:{match[5]}", True
    if match := CLOCK.match(text):
        return match[0], match[0], False
    if match := DOTTED.match(text):
        return match[0], f"{match[1]}:{match[2]}", True
    if match := UNITS.match(text):
        return match[0], match[0].replace(" ", ""), False
    return "", "", False


def _is_mistyped(first: str, second: str) -> bool:
    """One of the two colons is another sign, or both are the same other sign."""
    return first != second if ":" in (first, second) else first == second


def _seconds(spelling: str) -> int | None:
    try:
        return parse_timecode(spelling)
    except ValueError:
        return None
