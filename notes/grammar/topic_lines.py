"""“Topics Include”, line by line: a time in any spelling, its words, and lines that go on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from notes.grammar.draft import TopicDraft
from notes.grammar.headings import BULLET, RULER, strip_bullet
from notes.grammar.lines import Line, one_line
from text.problems import Problem
from text.timecode import format_timecode, parse_timecode

# A line this long was broken by a margin, not by its writer.
WRAPPED_LENGTH = 60

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


@dataclass(slots=True)
class OpenTopic:
    """A topic whose text may go on in the next line."""

    seconds: int
    value: str  # the time as written
    line: Line
    parts: list[str]
    last: str

    @property
    def wordless(self) -> bool:
        return not any(self.parts)

    def draft(self) -> TopicDraft:
        return TopicDraft(self.seconds, one_line(" ".join(self.parts)))


@dataclass(frozen=True, slots=True)
class TimedText:
    """A line's time and words. `seconds` is None when the time can't be meant as written."""

    value: str
    seconds: int | None
    text: str
    fixed: bool = False


def read_topics(lines: list[Line]) -> tuple[list[TopicDraft], list[Problem]]:
    """The topics in the text's order, with a warning where times run backwards."""
    topics: list[OpenTopic] = []
    problems: list[Problem] = []
    margin = min((line.indent for line in lines if not line.blank), default=0)
    current: OpenTopic | None = None
    for line in lines:
        if line.blank or RULER.fullmatch(line.text):
            continue
        timed = read_time(line.text)
        if current and _goes_on(current, line, timed, margin):
            if line.indent <= margin and not current.wordless:
                message = "Without a time, so it is read as the end of the topic above."
                repair = f"    {line.text.strip()}"
                problems.append(line.warning("topic", message, repair=repair))
            current.parts.append(line.text)
            current.last = line.text
        elif timed is None:
            problems.append(_untimed(line))
        elif timed.seconds is None:
            problems.append(_mistimed(line, timed))
            current = None
        else:
            if timed.fixed:
                time = format_timecode(timed.seconds)
                repair = line.text.replace(timed.value, time, 1)
                problems.append(line.warning("topic", f"Read as {time}.", timed.value, repair))
            current = OpenTopic(timed.seconds, timed.value, line, [timed.text], line.text)
            topics.append(current)
    worded = [topic for topic in topics if not topic.wordless]
    wordless = [topic for topic in topics if topic.wordless]
    problems += [
        each.line.error("topic", "This topic has no text.", each.value) for each in wordless
    ]
    for before, after in pairwise(worded):
        if after.seconds < before.seconds:
            message = f"This time is before the topic above it, {format_timecode(before.seconds)}."
            problems.append(after.line.warning("topic", message, after.value))
    return [topic.draft() for topic in worded], problems + list(_repeated(worded))


def _repeated(topics: list[OpenTopic]) -> Iterator[Problem]:
    """A topic that is listed twice; its second line may go."""
    seen = set[TopicDraft]()
    for topic in topics:
        draft, repair = topic.draft(), "" if len(topic.parts) == 1 else None
        if draft in seen:
            yield topic.line.warning("topic", "This topic is listed twice.", topic.value, repair)
        seen.add(draft)


def _goes_on(topic: OpenTopic, line: Line, timed: TimedText | None, margin: int) -> bool:
    """Whether the line continues the topic above it."""
    if BULLET.match(line.text):
        return False
    indented = line.indent > margin
    if timed:
        # “…from\n    12:30 on”: only a list with bullets shows that this is no topic.
        return indented and bool(BULLET.match(topic.line.text))
    if indented or topic.wordless:
        return True
    follows = line.number == topic.line.number + len(topic.parts)
    return follows and _is_wrapped(topic.last.rstrip(), line.text.lstrip())


def _is_wrapped(line: str, following: str) -> bool:
    """Whether a line seems to have been broken by a margin before what follows."""
    goes_on = following[:1].islower() or following[:1] in "[(<"
    return line.endswith(",") or (len(line) >= WRAPPED_LENGTH and goes_on)


def _mistimed(line: Line, timed: TimedText) -> Problem:
    message = (
        f"No such time before “{timed.text[:60]}”: write 25:26 or 1:02:03, "
        "minutes and seconds up to 59, at most a week."
    )
    return line.error("topic", message, timed.value)


def _untimed(line: Line) -> Problem:
    message = "A topic begins with its time, such as 25:26; a line that goes on is indented."
    meant = doubtful_time(line.text)
    repair = line.text.replace(*meant, 1) if meant else None
    return line.error("topic", message, repair=repair)


def read_time(line: str) -> TimedText | None:
    """The time that begins the line and the text behind it; None for a line without one."""
    text = strip_bullet(line)
    opened = text[:1] in ("(", "[")
    start = 1 if opened else 0
    value, spelling, fixed = _time_at(text[start:])
    if not value:
        return None
    rest = text[start + len(value) :]
    if opened:
        if rest[:1] not in (")", "]"):
            return None
        rest = rest[1:]
    separator = SEPARATOR.match(rest)
    words = rest[separator.end() :] if separator else rest
    return TimedText(value, _seconds(spelling), words.strip(), fixed)


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
