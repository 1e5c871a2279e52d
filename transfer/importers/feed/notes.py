"""Reads a feed item's show notes into a draft. Pure.

Other people's notes follow no rule, so nothing in them is an error: a section that can't be read
stays with the introduction, and lines with times become topics wherever they form a list.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from notes.grammar.draft import Draft, Parsed, TopicDraft
from notes.grammar.headings import TOPICS, escape, escape_title, heading_in, is_structure
from notes.grammar.lines import in_fences, one_line
from notes.grammar.topic_lines import read_time
from notes.parse import parse
from text.problems import Problem, has_errors, warning
from text.timecode import format_timecode
from transfer.importers.feed.inline_times import break_inline_times

FEWEST = 3  # lines with a time that make a list of topics
LONGEST = 500  # characters of such a line; a longer one is a paragraph
MOST_SECTIONS = 30
TIME = r"\d{1,3}(?::[0-5]?\d){1,2}"
DECORATION = re.compile(r"(?:[^\w\[(]|_|\\?[\[(])*")
RANGE_END = re.compile(rf"(?:to |until )?\s*{TIME}(?!\w)")
FRACTION = re.compile(r"\.\d{1,3}(?!\d)")
SEPARATORS = re.compile(r"(?:\\?[)\]]|[\s\-–—−:|.,;→>~•])+")
TIME_AT_END = re.compile(rf"(?:[\s\-–—:|@.(\[])(?P<time>{TIME})(?:\\?[)\]])?[.\s]*$")
BEFORE_TIME = re.compile(r"(?:[\s\-–—:|@.]|[(\[]\\?)*")  # in reverse
INTRODUCTION = "introduction"
# A transcript with a time for each sentence isn't a list of topics.
TRANSCRIPT = re.compile(r"\W*(?:\w+ )?transcript\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NotesReader:
    """Reads notes. The show's title and the host's name help to find the guest."""

    show_title: str = ""
    host: str = ""

    def read(self, title: str, markdown: str) -> Parsed:
        """The draft of these notes under this title. Its problems are warnings."""
        head = f"# {escape_title(one_line(title))}\n\n"
        lines = _lines(markdown)
        parsed = parse(head + "\n".join(lines), self.show_title, self.host)
        if has_errors(parsed.problems) or not parsed.draft.topics:
            text = head + _topics_below(lines)
            parsed = self._without_errors(text)
        topics = without_introduction(parsed.draft.topics)
        return replace(parsed, draft=replace(parsed.draft, topics=topics))

    def _without_errors(self, text: str) -> Parsed:
        """The draft; a section with an error in it becomes part of the introduction."""
        warnings: list[Problem] = []
        for _ in range(MOST_SECTIONS):
            parsed = parse(text, self.show_title, self.host)
            wrong = next((p for p in parsed.problems if p.severity == "error"), None)
            if wrong is None:
                return replace(parsed, problems=[*warnings, *parsed.problems])
            lines = text.split("\n")
            at = _structure_above(lines, wrong.line or 1)
            if at is None:
                break
            message = f"Left in the introduction: {wrong.message}"
            warnings.append(warning(message, field="notes", value=wrong.value))
            lines[at] = escape(lines[at])
            text = "\n".join(lines)
        words = "\n".join(escape(line) for line in text.split("\n")[2:])
        problems = [
            warning(
                "No part of these notes can be recognized; all are in the introduction.",
                field="notes",
            )
        ]
        return Parsed(Draft(introduction=words.strip()), problems)


def with_topics(markdown: str) -> str:
    """The same notes; lines with times that make a list stand under “Topics Include”."""
    lines = _lines(markdown)
    text = "\n".join(lines)
    return text if parse(text).draft.topics else _topics_below(lines)


def _lines(markdown: str) -> list[str]:
    return [part for line in markdown.split("\n") for part in break_inline_times(line)]


def without_introduction(topics: tuple[TopicDraft, ...]) -> tuple[TopicDraft, ...]:
    """The topics without a 0:00 “Introduction”; our own formats add it where they need it."""
    if topics and topics[0].seconds == 0 and topics[0].text.casefold() == INTRODUCTION:
        return topics[1:]
    return topics


def _structure_above(lines: list[str], number: int) -> int | None:
    """The index of the heading or field to which this line (1-based) belongs."""
    for at in range(min(number, len(lines)) - 1, 0, -1):
        if heading_in(lines[at]) or (at == number - 1 and is_structure(lines[at])):
            return at
    return None


def _topics_below(lines: list[str]) -> str:
    """The text with the lines of a list of times under a heading at the end."""
    headings = [
        at
        for at, line in enumerate(lines)
        if (heading := heading_in(line)) and heading.kind == TOPICS and not heading.rest
    ]
    end = next((at for at, line in enumerate(lines) if TRANSCRIPT.fullmatch(line)), None)
    for read in (_timed_first, _timed_last):
        timed = _in_order(lines[:end], read)
        if len(timed) >= (1 if headings else FEWEST):
            gone = {*timed, *headings}
            rest = [line for at, line in enumerate(lines) if at not in gone]
            text = re.sub(r"\n{3,}", "\n\n", "\n".join(rest))
            return "\n".join([text, "", "## Topics Include", "", *timed.values()])
    return "\n".join(lines)


def _in_order(lines: list[str], read: Callable[[str], TopicDraft | None]) -> dict[int, str]:
    """The topics' lines by index; a line with an earlier time than one above is none."""
    found: dict[int, str] = {}
    latest = -1
    for at, (line, fenced) in enumerate(zip(lines, in_fences(lines), strict=True)):
        topic = None if fenced or len(line) > LONGEST else read(line)
        if topic and topic.seconds >= latest:
            latest = topic.seconds
            found[at] = f"- {format_timecode(topic.seconds)} -- {topic.text}"
    return found


def _timed_first(line: str) -> TopicDraft | None:
    """`[00:12:34] – Words`, `**12:34** Words`, `12:34-15:00: Words`, `▶ 12:34 Words`."""
    lead = DECORATION.match(line)
    start = lead.end() if lead else 0
    timed = read_time(line[start:])
    if timed is None or timed.seconds is None:
        return None
    words = _after(RANGE_END, _after(FRACTION, timed.text))
    emphasis = "".join(char for char in line[:start] if char in "*_")
    bullet = emphasis == "*" and line.lstrip().startswith("* ")
    if emphasis and not bullet:
        words = words.replace(emphasis, "", 1)
    words = _after(SEPARATORS, words).strip()
    return TopicDraft(timed.seconds, words) if words else None


def _timed_last(line: str) -> TopicDraft | None:
    """`Words (12:34)` and `Words – 12:34`."""
    line = line.strip().removeprefix("- ")
    found = TIME_AT_END.search(line)
    timed = read_time(found["time"]) if found else None
    if not found or timed is None or timed.seconds is None:
        return None
    words = _after(BEFORE_TIME, line[: found.start("time")][::-1])[::-1].strip()
    return TopicDraft(timed.seconds, words) if re.search(r"\w", words) else None


def _after(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.match(text)
    return text[found.end() :] if found else text
