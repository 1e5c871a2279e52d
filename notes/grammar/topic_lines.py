"""“Topics Include”, line by line: a time, its words, and lines that go on."""

from dataclasses import dataclass
from itertools import pairwise

from notes.grammar.draft import TopicDraft
from notes.grammar.headings import BULLET, RULER
from notes.grammar.lines import Line, one_line
from notes.grammar.times import TimedText, doubtful_time, read_time
from text.problems import Problem, error, warning
from text.timecode import format_timecode

# A line this long was broken by a margin, not by its writer.
WRAPPED_LENGTH = 60


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
                problems.append(_joined(line))
            current.parts.append(line.text)
            current.last = line.text
        elif timed is None:
            problems.append(_untimed(line))
        elif timed.seconds is None:
            problems.append(_mistimed(line, timed))
            current = None
        else:
            if timed.mended:
                problems.append(_mended(line, timed.value, timed.seconds))
            current = OpenTopic(timed.seconds, timed.value, line, [timed.text], line.text)
            topics.append(current)
    problems += [_without_words(topic) for topic in topics if topic.wordless]
    worded = [topic for topic in topics if not topic.wordless]
    return [topic.draft() for topic in worded], problems + _backwards(worded)


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
    if line.endswith(","):
        return True
    return len(line) >= WRAPPED_LENGTH and (following[:1].islower() or following[:1] in "[(<")


def _backwards(topics: list[OpenTopic]) -> list[Problem]:
    return [
        warning(
            f"This time is before the topic above it, {format_timecode(before.seconds)}.",
            after.line.number,
            field="topic",
            value=after.value,
        )
        for before, after in pairwise(topics)
        if after.seconds < before.seconds
    ]


def _mended(line: Line, value: str, seconds: int) -> Problem:
    time = format_timecode(seconds)
    return warning(
        f"Read as {time}.",
        line.number,
        field="topic",
        value=value,
        repair=line.text.replace(value, time, 1),
    )


def _mistimed(line: Line, timed: TimedText) -> Problem:
    message = (
        f"No such time before “{timed.text[:60]}”: write 25:26 or 1:02:03, "
        "minutes and seconds up to 59, at most a week."
    )
    return error(message, line.number, field="topic", value=timed.value)


def _untimed(line: Line) -> Problem:
    message = "A topic begins with its time, such as 25:26; a line that goes on is indented."
    meant = doubtful_time(line.text)
    repair = line.text.replace(*meant, 1) if meant else None
    return error(message, line.number, field="topic", value=line.text.strip(), repair=repair)


def _joined(line: Line) -> Problem:
    return warning(
        "Without a time, so it is read as the end of the topic above.",
        line.number,
        field="topic",
        value=line.text.strip(),
        repair=f"    {line.text.strip()}",
    )


def _without_words(topic: OpenTopic) -> Problem:
    return error("A time without words.", topic.line.number, field="topic", value=topic.value)
