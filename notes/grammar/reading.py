"""One episode's lines as a draft, with what is wrong in them."""

from notes.grammar.draft import Draft, GuestDraft, Parsed
from notes.grammar.head import Head, is_guest_name, read_head
from notes.grammar.headings import (
    BULLET,
    LIBRARIES,
    LINE_BREAK,
    REFERENCES,
    TECHNOLOGIES,
    TOPICS,
    field_in,
    unescape,
)
from notes.grammar.introduced import guests_in
from notes.grammar.items import read_links, read_technologies
from notes.grammar.lines import Line, one_line, reflow
from notes.grammar.sections import PROSE, Section, lines_of
from notes.grammar.times import read_time
from notes.grammar.topic_lines import read_topics
from text.problems import Problem, warning


def read_notes(sections: list[Section], show_title: str = "", host: str = "") -> Parsed:
    """The draft these sections make. Problems are in order of the lines."""
    problems = _drop_line_breaks(sections)
    head = read_head(sections[0].lines)
    introduction = _introduction(head, sections)
    topics, topic_problems = read_topics(lines_of(sections, TOPICS))
    references, reference_problems = read_links(lines_of(sections, REFERENCES), "reference")
    technologies, technology_problems = read_technologies(lines_of(sections, TECHNOLOGIES))
    libraries, library_problems = read_links(lines_of(sections, LIBRARIES), "library")
    problems += head.problems + _doubts(head, sections, bool(topics)) + topic_problems
    problems += reference_problems + technology_problems + library_problems
    draft = Draft(
        title=head.title or "",
        summary=one_line(" ".join(head.summary)),
        introduction=introduction,
        guests=_guests(head, introduction, show_title, host),
        topics=tuple(topics),
        references=tuple(references),
        technologies=tuple(technologies),
        libraries=tuple(libraries),
    )
    return Parsed(
        draft,
        sorted(problems, key=lambda problem: problem.line or 0),
        dated=head.dated.date if head.dated else None,
        minutes=head.dated.minutes if head.dated else None,
        first_line=sections[0].number,
    )


def _drop_line_breaks(sections: list[Section]) -> list[Problem]:
    """Blank the lines that hold nothing but `<br />`; they say nothing."""
    problems = []
    for section in sections:
        for at, line in enumerate(section.lines):
            if not line.fenced and LINE_BREAK.fullmatch(line.text):
                section.lines[at] = Line(line.number, "")
                value = line.text.strip()
                problems.append(
                    warning("A line break alone is left out.", line.number, value=value)
                )
    return problems


def _introduction(head: Head, sections: list[Section]) -> str:
    """The text above the sections, then what stands below them in prose."""
    texts = _unescaped(head.introduction)
    if head.plain and not any(line.blank or BULLET.match(line.text) for line in head.introduction):
        texts = reflow(texts)
    prose = [_unescaped(section.lines) for section in sections if section.kind == PROSE]
    parts = ["\n".join(lines).strip("\n") for lines in (texts, *prose)]
    return "\n\n".join(part for part in parts if part).strip()


def _unescaped(lines: list[Line]) -> list[str]:
    return [line.text if line.fenced else unescape(line.text) for line in lines]


def _guests(head: Head, introduction: str, show_title: str, host: str) -> tuple[GuestDraft, ...]:
    if head.guests is not None:
        return tuple(head.guests.values())
    names = guests_in(introduction, show_title, host)
    return tuple(GuestDraft(name) for name in names if is_guest_name(name))


def _doubts(head: Head, sections: list[Section], has_topics: bool) -> list[Problem]:
    """Lines of the introduction that may belong elsewhere."""
    problems = [
        warning(
            "No section of show notes; it stays in the introduction.",
            section.number,
            field="introduction",
            value=section.lines[0].text.strip(),
        )
        for section in sections
        if section.kind == PROSE
    ]
    lines = [line for line in head.introduction if not line.fenced]
    for line in lines:
        if field_in(line.text):
            message = "Kept in the introduction; such lines stand right below the title."
            problems.append(
                warning(message, line.number, field="introduction", value=line.text.strip())
            )
    timed = None if has_topics else next((line for line in lines if read_time(line.text)), None)
    if timed:
        message = "A time within the introduction: is the line “Topics Include” missing above it?"
        problems.append(
            warning(message, timed.number, field="introduction", value=timed.text.strip())
        )
    return problems
