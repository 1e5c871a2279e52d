"""Parses show notes into drafts. Pure: no text makes it raise."""

from notes.grammar.document import ShowReader, split_document
from notes.grammar.draft import Draft, GuestDraft, Parsed, ParsedDocument
from notes.grammar.head import Head, guests_in, is_guest_name, read_head
from notes.grammar.headings import (
    BULLET,
    LIBRARIES,
    LINE_BREAK,
    PROSE,
    REFERENCES,
    SUPPORT,
    TECHNOLOGIES,
    TOPICS,
    Section,
    field_in,
    lines_of,
    split_sections,
    unescape,
)  # fmt: skip
from notes.grammar.items import read_links, read_technologies
from notes.grammar.lines import Line, numbered, one_line, reflow
from notes.grammar.topic_lines import read_time, read_topics
from text.markup import LONGEST_PARAGRAPH
from text.problems import Problem, warning


def parse(text: str, show_title: str = "", host: str = "") -> Parsed:
    """One episode's notes. `show_title` and `host` help to find the guest in the introduction."""
    sections = split_sections(numbered(text))
    parsed = read_notes(sections, show_title, host)
    parsed.problems.extend(_misplaced(each) for each in sections if each.kind == SUPPORT)
    return parsed


def parse_document(text: str) -> ParsedDocument:
    """Episodes, each under its date, below the show's header. Without a date, it is one episode."""
    header, parts = split_document(numbered(text))
    show = ShowReader(header)
    episodes = []
    for part in parts:
        sections = split_sections(part)
        sections[0].number = part[0].number if part else 1
        show.take_support(sections)
        episodes.append(read_notes(sections, show.draft.title, show.draft.author))
    return ParsedDocument(tuple(episodes), show.found, show.problems)


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
                problems.append(line.warning("", "A line break alone is left out."))
    return problems


def _introduction(head: Head, sections: list[Section]) -> str:
    """The text above the sections, followed by any prose below them."""
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
    headed = [section.lines[0] for section in sections if section.kind == PROSE]
    message = "No section of show notes; it stays in the introduction."
    problems = [line.warning("introduction", message) for line in headed]
    lines = [line for line in head.introduction if not line.fenced]
    fields = [line for line in lines if field_in(line.text)]
    message = "Treated as introduction: such lines belong directly below the title."
    problems += [line.warning("introduction", message) for line in fields]
    message = f"Longer than {LONGEST_PARAGRAPH:,} characters: shown without links and emphasis."
    long = [line for line in lines if len(line.text) > LONGEST_PARAGRAPH]
    problems += [line.warning("introduction", message) for line in long]
    timed = None if has_topics else next((line for line in lines if read_time(line.text)), None)
    if timed:
        message = "A time within the introduction: is the line “Topics Include” missing above it?"
        problems.append(timed.warning("introduction", message))
    return problems


def _misplaced(section: Section) -> Problem:
    value = next((line.text.strip() for line in section.lines if not line.blank), "")
    message = "This block belongs to the show; the episode leaves it out."
    return warning(message, section.number, field="support", value=value)
