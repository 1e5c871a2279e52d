"""How an episode is shown where there is little room: what of it is seen, and what is cut off."""

from collections.abc import Iterator
from dataclasses import dataclass

from desk.publishing.checklist.context import Sheet
from desk.publishing.checklist.items import Finding

Cut = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Room:
    """How many letters fit, as measured on usual titles; widths vary with the letters."""

    name: str
    where: str
    title: int
    text: int


SEARCH = Room("search", "Search results", 60, 155)
LIST = Room("list", "Lists of podcast apps", 65, 90)
PLAYER = Room("player", "Lock screens and players", 40, 0)


@dataclass(frozen=True, slots=True)
class Snippet:
    """Title and description in one place: what is shown, and what is cut off."""

    room: Room
    title: Cut
    text: Cut


def snippets(sheet: Sheet) -> list[Snippet]:
    """Search engines show the summary; apps what the feed describes, else nothing."""
    found = [_snippet(SEARCH, sheet.title, sheet.summary)]
    if not sheet.is_interview:
        found += [
            _snippet(LIST, sheet.title, sheet.description),
            _snippet(PLAYER, sheet.title, ""),
        ]
    return found


def _snippet(room: Room, title: str, text: str) -> Snippet:
    return Snippet(room, cut(title, room.title), cut(text, room.text))


def cut(text: str, most: int) -> Cut:
    """The beginning in so many letters, ended between words where there are any, and the rest."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words, ""
    end = words.rfind(" ", 0, most) if " " in words[:most] else most - 1
    return words[:end], words[end:].lstrip()


def check_snippets(found: list[Snippet]) -> Iterator[Finding]:
    """Titles that are cut, and summaries that search results cut."""
    for snippet in found:
        if snippet.title[1]:
            message = f"{snippet.room.where} end the title after “{snippet.title[0]}”."
            yield Finding("hint", message, "#id_title")
        if snippet.room is SEARCH and snippet.text[1]:
            message = f"{snippet.room.where} end the summary after “{snippet.text[0]}”."
            yield Finding("hint", message, "#id_summary")
