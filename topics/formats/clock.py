"""Times of cues, in milliseconds: `01:02:03.456`, `02:03,456`, `2:03`."""

import re

from text.timecode import MAX_SECONDS

ARROW = "-->"
CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)(?:[.,](\d{1,3}))?", re.ASCII)


def parse_clock(value: str) -> int:
    """Milliseconds. Hours may be missing, and comma stand for point; raises ValueError."""
    match = CLOCK.fullmatch(value)
    if not match or (match[1] and int(match[2]) > 59):
        raise ValueError(f"“{value[:40]}” is not a time such as 00:01:02.345.")
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
    whole = hours * 3600 + minutes * 60 + seconds
    if whole >= MAX_SECONDS:
        raise ValueError(f"“{value[:40]}” is a week or more.")
    return whole * 1000 + int((match[4] or "0").ljust(3, "0"))


def format_clock(milliseconds: int) -> str:
    """`hh:mm:ss.mmm`, WebVTT's long form."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"


def parse_timing(line: str) -> tuple[int, int, str]:
    """Start, end and what follows, of a line such as `00:01.000 --> 00:02.500 align:left`.

    Raises ValueError that says what is wrong with it.
    """
    left, _, right = line.partition(ARROW)
    last, _, rest = right.strip().partition(" ")
    start, end = parse_clock(left.strip()), parse_clock(last.strip())
    if end < start:
        raise ValueError("This cue ends before it starts.")
    return start, end, rest.strip()
