"""The lists of links and technologies, item by item."""

import re

from notes.grammar.draft import LinkDraft
from notes.grammar.headings import BULLET, RULER, strip_bullet
from notes.grammar.lines import Line, one_line, split_list
from notes.grammar.links import closing, read_link
from text.names import normalise_name
from text.problems import Problem, error, warning

ARROWS = ("→", "->", "›", "»")
STARTS_WITH_ADDRESS = re.compile(r"\s*(?:<|\[|https?://)", re.IGNORECASE)
NAME_LENGTH = 80
NOT_IN_A_NAME = set("{}<>")


def read_links(lines: list[Line], name: str) -> tuple[list[LinkDraft], list[Problem]]:
    """The references or libraries. What is no address is named and left out."""
    links, problems = [], []
    for item in _items(lines):
        text = strip_bullet(item.text)
        link, address = read_link(text)
        if link is None:
            message = "No web address; one begins with https://."
            problems.append(error(message, item.number, field=name, value=text))
            continue
        links.append(link)
        if link.url != address:
            problems.append(_mended(item, name, address, link.url))
    return links, problems


def read_technologies(lines: list[Line]) -> tuple[list[str], list[Problem]]:
    """The technologies, each once whatever its spelling."""
    names: dict[str, str] = {}
    problems = []
    for item in _items(lines):
        listed = split_names(item.text)
        if not listed:
            problems.append(_nameless(item.number, strip_bullet(item.text)))
        for name, address in map(_unlinked, listed):
            key = normalise_name(name)
            if address:
                problems.append(_misplaced_address(item.number, address))
            if not is_name(name):
                problems.append(_nameless(item.number, name))
            elif key in names:
                repair = "" if len(listed) == 1 else None
                problems.append(_repeated(item.number, name, names[key], repair))
            else:
                names[key] = name
    return list(names.values()), problems


def is_name(name: str) -> bool:
    """Whether a technology may be called so, and a list read it back as it is."""
    if not normalise_name(name) or len(name) > NAME_LENGTH or set(name) & NOT_IN_A_NAME:
        return False
    return split_names(name) == [name] and not _unlinked(name)[1]


def split_names(item: str) -> list[str]:
    """The technologies of one line: `Django →` is one, `Django, Redis and nginx` are three."""
    text = one_line(strip_bullet(item))
    for arrow in ARROWS:
        text = text.removesuffix(arrow).rstrip()
    return split_list(text)


def _items(lines: list[Line]) -> list[Line]:
    """The list's items, wrapped ones on one line, each with the number of its first line."""
    margin = min((line.indent for line in lines if not line.blank), default=0)
    parts: list[tuple[Line, list[str]]] = []
    follows = False
    for line in lines:
        if line.blank or RULER.fullmatch(line.text):
            follows = False
            continue
        starts = BULLET.match(line.text) or STARTS_WITH_ADDRESS.match(line.text)
        if follows and line.indent > margin and not starts:
            parts[-1][1].append(line.text)
        else:
            parts.append((line, [line.text]))
        follows = True
    return [Line(line.number, " ".join(texts)) for line, texts in parts]


def _unlinked(name: str) -> tuple[str, str]:
    """A technology's name and the address it was linked to, if it was."""
    end = closing(name, 0) if name.startswith("[") else -1
    if end > 0 and name[end + 1 : end + 2] == "(" and name.endswith(")"):
        return name[1:end].strip(), name[end + 2 : -1]
    return name, ""


def _mended(item: Line, name: str, address: str, url: str) -> Problem:
    repair = item.text.replace(address, url, 1)
    return warning(f"Read as {url}.", item.number, field=name, value=address, repair=repair)


def _nameless(number: int, value: str) -> Problem:
    return error("Not a technology's name.", number, field="technology", value=value)


def _repeated(number: int, name: str, first: str, repair: str | None) -> Problem:
    message = f"Listed already as “{first}”; listed once."
    return warning(message, number, field="technology", value=name, repair=repair)


def _misplaced_address(number: int, address: str) -> Problem:
    message = "A technology's address belongs to its own page; left out here."
    return warning(message, number, field="technology", value=address)
