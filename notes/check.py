"""Checks a draft against the catalogue. Reads rows, writes nothing."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from itertools import chain

from django.db.models import Model

from episodes.models import Appearance, Episode, LibraryUse, Reference
from guests.models import Guest, GuestName
from notes.grammar.draft import Draft, LinkDraft
from notes.grammar.headings import (
    HEAD,
    LIBRARIES,
    REFERENCES,
    TECHNOLOGIES,
    TOPICS,
    lines_of,
    split_sections,
)
from notes.grammar.lines import Line, numbered
from notes.validity import normalise, validity_errors
from stack.directory import entry_named, nearest_name
from stack.models import Technology, TechnologyName
from text.names import normalise_name
from text.problems import Problem, error, warning
from text.timecode import format_timecode
from text.urls import url_key

MAX_ROWS = 30_000  # of each list; positions are small integers
SIMILAR = 0.8  # difflib's ratio: one name may be the other, misspelt
SECTION_OF = {
    "topic": TOPICS, "reference": REFERENCES, "technology": TECHNOLOGIES, "library": LIBRARIES,
}  # fmt: skip
MOST_IN_DIRECTORY = 20  # new names compared with all that the directory has
MAX_SEARCHES = 200  # problems to find lines for, and new names to find similar ones for


def check(draft: Draft, text: str = "", seconds: int | None = None) -> list[Problem]:
    """Problems that the text alone doesn't show, with their lines in it. Errors prevent storing."""
    found = [*_check_title(draft), *_check_guests(draft), *_check_technologies(draft)]
    found += [*_check_links(draft), *_check_times(draft, seconds), *_check_counts(draft)]
    found += validity_errors(normalise(draft))
    return with_lines(found, text)


def with_lines(found: list[Problem], text: str) -> list[Problem]:
    """The problems with the lines of the text that they are about, as far as these are found."""
    if not found:
        return []
    lines, sections = text.splitlines(), split_sections(numbered(text))
    placed = [
        _placed(problem, lines, lines_of(sections, SECTION_OF.get(problem.field, HEAD)))
        for problem in found[:MAX_SEARCHES]
    ]
    return placed + found[MAX_SEARCHES:]


def _placed(problem: Problem, lines: list[str], section: list[Line]) -> Problem:
    """The problem with the first line that holds its value, in its own section if any, repaired."""
    if problem.line is not None or not problem.value:
        return problem
    alone = re.compile(rf"(?<!\w){re.escape(problem.value)}(?!\w)")
    for number in chain((line.number for line in section), range(1, len(lines) + 1)):
        line = lines[number - 1] if number <= len(lines) else ""
        if problem.value in line and alone.search(line):
            fixed = problem.repair and alone.sub(lambda _: problem.repair or "", line, count=1)
            return replace(problem, line=number, repair=fixed)
    return problem


def _longest(model: type[Model], field: str) -> int:
    """How many characters the column holds."""
    return getattr(model._meta.get_field(field), "max_length", None) or 0


def _check_title(draft: Draft) -> Iterator[Problem]:
    longest = _longest(Episode, "title")
    if not draft.title:
        yield error("The notes have no title.", field="title")
    if len(draft.title) > longest:
        yield error(f"The title is longer than {longest} characters.", field="title")


def _check_guests(draft: Draft) -> Iterator[Problem]:
    known = Guest.objects.by_name(guest.name for guest in draft.guests)
    new = [guest for guest in draft.guests if guest.name not in known]
    names = list(GuestName.objects.values_list("name", flat=True)) if new else []
    longest = _longest(Appearance, "title")
    for guest in draft.guests:
        yield from _check_name(guest.name, "guest", _longest(Guest, "name"))
        if len(guest.title) > longest:
            message = f"A guest's title is longer than {longest} characters."
            yield error(message, field="guest", value=guest.title)
    for guest in new[:MAX_SEARCHES]:
        for near in difflib.get_close_matches(guest.name, names, n=1, cutoff=SIMILAR):
            message = f"A new guest whose name is close to {near}’s."
            yield warning(message, field="guest", value=guest.name, repair=near)


def _check_technologies(draft: Draft) -> Iterator[Problem]:
    known = Technology.objects.by_name(draft.technologies)
    yield from _check_listed_once(draft.technologies, known)
    new = [name for name in draft.technologies if name not in known]
    rows = TechnologyName.objects.values_list("name", "technology__name") if new else []
    owners: dict[str, str] = dict(rows)  # by every name they go by
    longest = _longest(Technology, "name")
    for place, name in enumerate(new):
        yield from _check_name(name, "technology", longest)
        near = similar_technologies(name, owners, 1) if place < MAX_SEARCHES else ()
        meant = near[0] if near else None
        if not meant and place < MOST_IN_DIRECTORY and not entry_named(name):
            meant = nearest_name(name, SIMILAR)
        doubt = f" Did you mean {meant}?" if meant else ""
        yield warning(f"A new technology.{doubt}", field="technology", value=name, repair=meant)


def similar_technologies(name: str, owners: Mapping[str, str], most: int) -> tuple[str, ...]:
    """Those that a new name may mean, at most `most`: by the directory's other names, or misspelt.

    `owners` are the technologies by every name they go by.
    """
    folded = {other.casefold(): owner for other, owner in owners.items()}
    entry = entry_named(name)
    own = [folded.get(other.casefold(), "") for other in entry.names] if entry else []
    near = difflib.get_close_matches(name.casefold(), folded, n=most * 2, cutoff=SIMILAR)
    found = [*filter(None, own), *(folded[match] for match in near)]
    return tuple(dict.fromkeys(found))[:most]


def _check_listed_once(names: tuple[str, ...], known: dict[str, Technology]) -> Iterator[Problem]:
    first: dict[int, str] = {}
    for name in names:
        if name in known and first.setdefault(known[name].pk, name) != name:
            message = f"The same technology as {first[known[name].pk]}; it is listed once."
            yield warning(message, field="technology", value=name)


def _check_name(name: str, field: str, longest: int) -> Iterator[Problem]:
    if not normalise_name(name):
        yield error(f"The name of a {field} needs a letter or digit.", field=field, value=name)
    if len(name) > longest or len(normalise_name(name)) > longest:
        message = f"The name of a {field} is longer than {longest} characters."
        yield error(message, field=field, value=name)


def _check_links(draft: Draft) -> Iterator[Problem]:
    for link in draft.references:
        yield from _check_link(link, "reference", Reference)
    seen: set[str] = set()
    for link in draft.libraries:
        yield from _check_link(link, "library", LibraryUse)
        if url_key(link.url) in seen:
            yield warning("A library given twice is listed once.", field="library", value=link.url)
        seen.add(url_key(link.url))


def _check_link(
    link: LinkDraft, field: str, model: type[Reference | LibraryUse]
) -> Iterator[Problem]:
    for part, value in asdict(link).items():
        longest = _longest(model, part)
        if len(value) > longest:
            message = f"The {part} of a {field} is longer than {longest} characters."
            yield error(message, field=field, value=value)


def _check_times(draft: Draft, seconds: int | None) -> Iterator[Problem]:
    late = [topic for topic in draft.topics if seconds is not None and topic.seconds > seconds]
    for topic in late:
        message = f"A topic past the end of the audio ({format_timecode(seconds or 0)})."
        yield warning(message, field="topic", value=format_timecode(topic.seconds))


def _check_counts(draft: Draft) -> Iterator[Problem]:
    for name in ("guests", "topics", "references", "technologies", "libraries"):
        if len(getattr(draft, name)) > MAX_ROWS:
            yield error(f"More than {MAX_ROWS} {name} in one episode.", field=name)
