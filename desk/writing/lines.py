"""A text by its lines: where its topics stand, and how a line is mended. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from desk.writing.changes import word_pieces
from notes.grammar.headings import BULLET, RULER, TOPICS, strip_bullet
from notes.grammar.lines import numbered
from notes.grammar.sections import lines_of, split_sections
from notes.grammar.times import read_time
from text.problems import Problem


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A line of “Topics Include”. `value` is its time as written, empty while it has none."""

    number: int
    seconds: int | None
    value: str
    words: str


def topic_lines(text: str) -> list[TopicLine]:
    """The lines that are topics, or will be once they have a time; not those that go on."""
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
            found.append(TopicLine(line.number, timed.seconds, timed.value, timed.text))
        elif line.indent <= margin or BULLET.match(line.text):
            found.append(TopicLine(line.number, None, "", strip_bullet(line.text).strip()))
    return found


def line_of_topic(text: str, seconds: int, place: int = 0) -> int | None:
    """The number of the line of the topic at this time; `place` tells those at one time apart."""
    found = [line.number for line in topic_lines(text) if line.seconds == seconds]
    return found[min(place, len(found) - 1)] if found else None


def mended(text: str, repair: str) -> str:
    """The text with a line as a problem's repair has it: `12 the line` replaces line 12."""
    number, _, line = repair.partition(" ")
    found = text.split("\n")
    at = int(number) - 1 if number.isdecimal() and len(number) < 8 else -1
    if not 0 <= at < len(found):
        return text
    found[at] = line
    return "\n".join(found)


def with_repairs(text: str, problems: Iterable[Problem]) -> list[tuple[Problem, str | None]]:
    """Each problem with what its repair puts into the line; None without one, or for no line."""
    lines = text.split("\n")
    return [(problem, _put_in(lines, problem)) for problem in problems]


def _put_in(lines: list[str], problem: Problem) -> str | None:
    """The words that come, or the whole line where some only go."""
    if problem.repair is None or problem.line is None or problem.line > len(lines):
        return None
    pieces = word_pieces(lines[problem.line - 1], problem.repair)
    come = [piece.text.strip() for piece in pieces if piece.how == "new"]
    return " … ".join(filter(None, come)) or problem.repair.strip()
