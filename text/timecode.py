"""Times inside an episode, in whole seconds: `25:26`, `1:02:03`, `1h2m3s`, `1526`."""

import re

# A week. Nothing longer is an episode, and larger numbers overflow the database's integers.
MAX_SECONDS = 7 * 24 * 3600

# Each has groups for hours, minutes and seconds.
SPELLINGS = (
    re.compile(r"(?:(\d{1,3}):(?=0?[0-5]?\d:))?(\d{1,3}):([0-5]\d)", re.ASCII),
    re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s)?", re.ASCII),
    re.compile(r"()()(\d{1,6})", re.ASCII),
)

FRACTION = re.compile(r"(?<=\d)\.\d{1,9}(?=\s*(?:,|$))", re.ASCII)


def parse_timecode(value: str) -> int:
    """The seconds. Raises ValueError for other spellings and for times beyond MAX_SECONDS."""
    value = value.strip()
    found = next(filter(None, (spelling.fullmatch(value) for spelling in SPELLINGS)), None)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    if not found or not value or total > MAX_SECONDS:
        raise ValueError(f"“{value[:40]}” is not a time such as 25:26 or 1:02:03")
    return total


def parse_span(value: str) -> tuple[int, int | None]:
    """Start and end of `25:26,26:40`; the end is None if it is missing or not after the start.

    Fractions of a second, which media fragments allow, are cut off. Raises ValueError as
    `parse_timecode` does.
    """
    begin, _, stop = FRACTION.sub("", value).partition(",")
    start = parse_timecode(begin)
    end = parse_timecode(stop) if stop.strip() else None
    return start, end if end is not None and end > start else None


def format_timecode(seconds: int) -> str:
    """`m:ss`, or `h:mm:ss` from one hour on: the spelling of the show's links."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def format_span(start: int, end: int | None) -> str:
    """`25:26–26:40`, or `25:26` without an end after it."""
    if end is None or end <= start:
        return format_timecode(start)
    return f"{format_timecode(start)}–{format_timecode(end)}"


def iso_duration(seconds: int) -> str:
    """ISO 8601 duration, as schema.org and HTML's `<time>` want it: `PT1H2M3S`."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    parts = [f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if n]
    return "PT" + ("".join(parts) or "0S")


def spoken_duration(seconds: int) -> str:
    """`1 h 14 min` or `46 min`, rounded to the nearest minute, for people."""
    minutes = max(1, (seconds + 30) // 60) if seconds else 0
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def exact_duration(seconds: int) -> str:
    """`1 h 2 min 3 s`, `1 min 14 s` or `40 s`."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{n} {unit}" for n, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if n]
    return " ".join(parts) or "0 s"


def end_of(last: int, length: int | None) -> int:
    """The second at which the last topic ends, which begins at `last`.

    If the audio's `length` is unknown or too short, it gets a fiftieth, so that it is visible.
    """
    return length if length and length > last else last + max(1, last // 50)
