"""The notes by line: topic lines, and repairs of single lines. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from desk.writing.diff import diff_words
from notes.grammar.headings import BULLET, RULER, TOPICS, lines_of, split_sections, strip_bullet
from notes.grammar.lines import numbered
from notes.grammar.topic_lines import read_time
from text.problems import Problem


@dataclass(frozen=True, slots=True)
class TextTopicLine:
    """A line of “Topics Include”. `value` is its time as written; empty without one."""

    number: int
    seconds: int | None
    value: str
    words: str


def topic_lines(text: str) -> list[TextTopicLine]:
    """Topics, with or without a time; without the lines that continue one."""
    lines = [
        line
        for line in lines_of(split_sections(numbered(text)), TOPICS)
        if not line.blank and not RULER.fullmatch(line.text)
    ]
    margin = min((line.indent for line in lines), default=0)
    found = []
    for line in lines:
        timed = read_time(line.text)
        if timed:
            found.append(TextTopicLine(line.number, timed.seconds, timed.value, timed.text))
        elif line.indent <= margin or BULLET.match(line.text):
            found.append(TextTopicLine(line.number, None, "", strip_bullet(line.text).strip()))
    return found


def line_of_topic(text: str, seconds: int, index: int = 0) -> int | None:
    """The line number of the topic at this time; `index` selects one of several."""
    found = [line.number for line in topic_lines(text) if line.seconds == seconds]
    return found[min(index, len(found) - 1)] if found else None


def apply_repair(text: str, repair: str) -> str:
    """Replace one line: `12 the line` replaces line 12."""
    number, _, line = repair.partition(" ")
    lines = text.split("\n")
    index = int(number) - 1 if number.isdecimal() and len(number) < 8 else -1
    if not 0 <= index < len(lines):
        return text
    lines[index] = line
    return "\n".join(lines)


def with_repairs(text: str, problems: Iterable[Problem]) -> list[tuple[Problem, str | None]]:
    """Each problem with the words its repair inserts; None if there is no repair."""
    lines = text.split("\n")
    return [(problem, _inserted_words(lines, problem)) for problem in problems]


def _inserted_words(lines: list[str], problem: Problem) -> str | None:
    """The inserted words, or the whole line if the repair only deletes."""
    if problem.repair is None or problem.line is None or problem.line > len(lines):
        return None
    spans = diff_words(lines[problem.line - 1], problem.repair)
    inserted = [span.text.strip() for span in spans if span.kind == "inserted"]
    return " … ".join(filter(None, inserted)) or problem.repair.strip()
