"""Show notes as sections: what stands before the first heading, and what under each."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from notes.grammar.headings import (
    ATX,
    DEFINITION,
    LIBRARIES,
    REFERENCES,
    TECHNOLOGIES,
    TOPICS,
    heading_in,
)
from notes.grammar.lines import Line

HEAD = "head"
PROSE = "prose"  # below the lists: text under a heading of its own, and link definitions
LISTS = {TOPICS, REFERENCES, TECHNOLOGIES, LIBRARIES}


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
