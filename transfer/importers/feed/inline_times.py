"""Breaks a paragraph that lists times one after another, as on iVoox, into lines. Pure."""

import re

from text.timecode import parse_timecode

FEWEST = 3
LONGEST = 20_000  # characters of such a paragraph
LONGEST_HEADING = 100  # characters: the search for it takes quadratic time
TIME = r"(?:\d{1,2}:[0-5]?\d|\d{1,3}):[0-5]\d"
# A time of a list is in brackets, or a dash, colon or capital follows; in prose, none of these.
MARK = re.compile(
    rf"(?<![\w:.,/#=?&-])(?:\\?\[{TIME}\\?\]|\({TIME}\)|{TIME}(?=\s*[-–—:|]|\s+[^\Wa-z\d_]))",
)
ANY_TIME = re.compile(rf"(?<![\w:.,/#=?&-]){TIME}(?![\w:])")
DIGITS = re.compile(TIME)
HEADING = re.compile(r"(?:^|(?<=[.!?])\s)\W*\w+:\s*$")  # Minutado: 0:00 …
BETWEEN = " \t,;|/·•–—-"


def break_inline_times(line: str) -> list[str]:
    """What is before the first time, then a line for each; the line itself if it is no list."""
    if len(line) > LONGEST:
        return [line]
    starts = [found.start() for found in MARK.finditer(line)]
    if len(starts) < FEWEST or len(ANY_TIME.findall(line)) > 2 * len(starts):
        return [line]
    parts = [line[at:end] for at, end in zip(starts, [*starts[1:], len(line)], strict=True)]
    times = [parse_timecode(DIGITS.findall(part)[0]) for part in parts]
    if sorted(set(times)) != times or not all(map(_has_words, parts)):
        return [line]
    before = line[: starts[0]]
    if heading := HEADING.search(before, max(0, len(before) - LONGEST_HEADING)):
        before = before[: heading.start()]
    before = before.rstrip()
    return [*([before] if before else []), *(part.strip(BETWEEN) for part in parts)]


def _has_words(part: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2}", part))
