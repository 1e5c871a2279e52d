"""Parses show notes into drafts. Pure: no text makes it raise."""

from notes.grammar.document import ShowReader, split_document
from notes.grammar.draft import Parsed, ParsedDocument
from notes.grammar.headings import SUPPORT
from notes.grammar.lines import numbered
from notes.grammar.reading import read_notes
from notes.grammar.sections import Section, split_sections
from text.problems import Problem, warning


def parse(text: str, show_title: str = "", host: str = "") -> Parsed:
    """One episode's or interview's notes.

    `show_title` and `host` help to find the guest in “In this episode of …, NAME goes over …”.
    Problems name lines, counted from 1. Lines with an error are missing from the draft.
    """
    sections = split_sections(numbered(text))
    parsed = read_notes(sections, show_title, host)
    for section in sections:
        if section.kind == SUPPORT:
            parsed.problems.append(_misplaced(section))
    return parsed


def parse_document(text: str) -> ParsedDocument:
    """A file of several episodes, each under its date, below the show's own header.

    An episode's problems are in its `Parsed.problems`, the show's in `ParsedDocument.problems`; all
    name lines of the file. A file without dates is one episode.
    """
    header, parts = split_document(numbered(text))
    show = ShowReader(header)
    episodes = []
    for part in parts:
        sections = split_sections(part)
        sections[0].number = part[0].number if part else 1
        show.take_support(sections)
        episodes.append(read_notes(sections, show.draft.title, show.draft.author))
    return ParsedDocument(tuple(episodes), show.found, show.problems)


def _misplaced(section: Section) -> Problem:
    value = next((line.text.strip() for line in section.lines if not line.blank), "")
    message = "This block belongs to the show; the episode leaves it out."
    return warning(message, section.number, field="support", value=value)
