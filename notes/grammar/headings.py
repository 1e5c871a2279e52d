"""The lines that give show notes their structure (headings, fields, dates), and the sections.

A line that would be parsed as structure is written with one leading backslash; parsing removes it.
An interview with a question called “Links” has `\\## Links`. Fenced code is never escaped.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from notes.grammar.lines import Line
from text.dates import checked_day, parse_day

TOPICS, REFERENCES, TECHNOLOGIES, LIBRARIES = "topics", "references", "technologies", "libraries"
SUPPORT = "support"
HEAD = "head"
PROSE = "prose"  # below the lists: text under a heading of its own, and link definitions
LISTS = {TOPICS, REFERENCES, TECHNOLOGIES, LIBRARIES}

NAMES = {
    TOPICS: "topics include|topics included|topics covered|topics|timestamps|time stamps|chapters",
    REFERENCES: "links|references|reference|show links|show notes links|links mentioned|resources",
    TECHNOLOGIES: "tech stack|technology stack|stack|technologies|technologies used|tech used",
    LIBRARIES: "libraries used|libraries|libraries mentioned|packages used|packages",
    SUPPORT: "support the show|support this show",
}
KINDS = {name: kind for kind, names in NAMES.items() for name in names.split("|")}
LONGEST_NAME = max(map(len, KINDS))

FIELDS = {
    "title": "title", "guest": "guest", "guests": "guests", "with": "guests", "summary": "summary",
    "description": "summary",
}  # fmt: skip

ATX = re.compile(r" {0,3}(#{1,6})(?!#)(.*)")
BULLET = re.compile(r"\s*(?:[-*+•‣◦·●○▪■–—]|\d{1,3}[.)])(?:\s+|$)")
FIELD = re.compile(r" {0,3}\**(\w{4,11})\**[ \t]*:\**(?:\s+|$)(.*)")
RULER = re.compile(r"\s*(?:-+|=+|_+|\*+)\s*")
LINE_BREAK = re.compile(r"\s*<br\s?/?>\s*", re.IGNORECASE)
DEFINITION = re.compile(r" {0,3}\[[^\]\[]{1,200}\]:\s*<?(?:https?://|mailto:|/)")
ADDRESS = re.compile(r"<?https?://|\[|www\.", re.IGNORECASE)

BACKSLASH = "\\"
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
HOURS = r"(?:(?P<hours>\d{1,2}) ?h(?:ours?|rs?|r)?)?"
MINUTES = r"(?:(?P<minutes>\d{1,3}) ?m(?:in(?:ute)?s?)?\.?)?"
DATED = re.compile(
    rf"(?:(?P<month>{MONTH}) (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})"
    rf"|(?P<day_>\d{{1,2}})\.? (?P<month_>{MONTH}),? (?P<year_>\d{{4}})"
    r"|(?P<iso>\d{4}-\d\d-\d\d))"
    rf"(?: ?[•·|,–—-] ?{HOURS} ?{MINUTES})?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading, and the text after its colon: `Stack: Django, Redis`."""

    kind: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class DateLine:
    """`Jun 29, 2020 • 1h 24min`. The date is None where the calendar has no such day."""

    date: date | None
    minutes: int | None


def heading_in(line: str) -> Heading | None:
    """The section heading this line is: in Markdown, bold, or bare words.

    Bare words need a capital, colon or emoji: a wrapped paragraph may end in “libraries”.
    """
    if BULLET.match(line) or line.startswith(("    ", "\t")):
        return None
    atx = ATX.match(line)
    name, colon, rest = (atx[2] if atx else line).partition(":")
    rest = rest.strip().strip("*_").strip()
    if len(name) > LONGEST_NAME + 20 or (atx and rest.strip("# ")):
        return None
    words = name.strip("".join(filter(_is_symbol, name)))  # no emoji and emphasis around it
    kind = KINDS.get(" ".join(words.casefold().split()))
    if not kind:
        return None
    marked = atx or colon or words != name.strip() or words[:1].isupper()
    if not marked or not _may_follow(kind, rest.strip("# ")):
        return None
    return Heading(kind, rest if not atx else "")


def field_in(line: str) -> tuple[str, str] | None:
    """The field's name and value when the line is `Guest: …`, `Summary: …` and the like."""
    match = FIELD.match(line)
    name = FIELDS.get(match[1].casefold()) if match else None
    return (name, match[2].strip()) if match and name else None


def date_in(line: str) -> DateLine | None:
    """The date and length when that is all the line says."""
    match = DATED.fullmatch(" ".join(line.split())) if len(line) < 80 else None
    if not match:
        return None
    hours, minutes = match["hours"], match["minutes"]
    length = int(hours or 0) * 60 + int(minutes or 0) if hours or minutes else None
    return DateLine(_day(match), length)


def is_structure(line: str) -> bool:
    """Whether the line would be read as structure somewhere in show notes."""
    return bool(heading_in(line) or field_in(line) or date_in(line) or LINE_BREAK.fullmatch(line))


def escape(line: str) -> str:
    """The line as it is written so that it reads back as text."""
    indent, backslashes, rest = _escapable(line)
    return f"{indent}\\{backslashes}{rest}" if is_structure(indent + rest) else line


def unescape(line: str) -> str:
    """The text behind `escape`. A line that nobody escaped stays as it is."""
    indent, backslashes, rest = _escapable(line)
    if not backslashes or not is_structure(indent + rest):
        return line
    return f"{indent}{backslashes[1:]}{rest}"


def escape_title(title: str) -> str:
    """The title as it is written behind `#`: one called “Links” isn't a section."""
    return f"\\{title}" if heading_in(f"# {title.lstrip(BACKSLASH)}") else title


def unescape_title(title: str) -> str:
    """The text behind `escape_title`."""
    marked = title.startswith(BACKSLASH) and heading_in(f"# {title.lstrip(BACKSLASH)}")
    return title[1:] if marked else title


def strip_bullet(line: str) -> str:
    """The line without its list marker (`-`, `*`, `•`, `1.`) and outer spaces."""
    bullet = BULLET.match(line)
    return line[bullet.end() :].strip() if bullet else line.strip()


def _escapable(line: str) -> tuple[str, str, str]:
    """The line's indentation (as far as a mark may have one), its backslashes, and the rest."""
    indent = line[: min(3, len(line) - len(line.lstrip(" ")))]
    text = line[len(indent) :]
    rest = text.lstrip(BACKSLASH)
    return indent, text[: len(text) - len(rest)], rest


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return parse_day(match["iso"])
        month = MONTHS.index((match["month"] or match["month_"])[:3].lower()) + 1
        year, day = match["year"] or match["year_"], match["day"] or match["day_"]
        return checked_day(date(int(year), month, int(day)))
    except ValueError:
        return None


def _is_symbol(char: str) -> bool:
    return char.isspace() or char in "*_#" or unicodedata.category(char) in ("So", "Sk", "Mn", "Cf")


def _may_follow(kind: str, rest: str) -> bool:
    """Whether `rest` may follow a heading's colon. A line that continues in prose is none."""
    if not rest:
        return True
    if kind == TECHNOLOGIES:
        return not rest.endswith(".") and ("," in rest or len(rest.split()) <= 4)
    if kind == TOPICS:
        return rest.lstrip("([")[:1].isdigit()
    return kind != SUPPORT and bool(ADDRESS.match(rest))


@dataclass(slots=True)
class Section:
    """A heading's kind, the number of the line that begins it, and the lines below it."""

    kind: str
    number: int
    lines: list[Line] = field(default_factory=list)


def split_sections(lines: Iterable[Line]) -> list[Section]:
    """The sections in order of the text. The first is always the head."""
    sections = [Section(HEAD, 1)]
    definitions: list[Line] = []
    for line in lines:
        current = sections[-1]
        heading = None if line.fenced else heading_in(line.text)
        if heading:
            sections.append(Section(heading.kind, line.number))
            if heading.rest:
                sections[-1].lines.append(Line(line.number, heading.rest))
        elif line.fenced or current.kind not in LISTS:
            current.lines.append(line)
        elif DEFINITION.match(line.text):
            definitions.append(line)
        elif ATX.match(line.text):
            sections.append(Section(PROSE, line.number, [line]))
        else:
            current.lines.append(line)
    if definitions:
        sections.append(Section(PROSE, definitions[0].number, definitions))
    return sections


def lines_of(sections: Iterable[Section], kind: str) -> list[Line]:
    """The lines under every heading of this kind."""
    return [line for section in sections if section.kind == kind for line in section.lines]
