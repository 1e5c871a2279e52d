"""How search results and apps show an episode: what is visible, and what is cut off."""

from collections.abc import Iterator
from dataclasses import dataclass

from desk.publishing.checklist.context import CheckContext
from desk.publishing.checklist.items import ChecklistItem

Cut = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Surface:
    """Where snippets appear, and how many characters of title and text fit on average."""

    name: str
    label: str
    title: int
    text: int


SEARCH = Surface("search", "Search results", 60, 155)
LIST = Surface("list", "Lists in podcast apps", 65, 90)
PLAYER = Surface("player", "Lock screens and players", 40, 0)


@dataclass(frozen=True, slots=True)
class Snippet:
    """Title and text on one surface, each split into the visible part and the rest."""

    surface: Surface
    title: Cut
    text: Cut


def snippets(context: CheckContext) -> list[Snippet]:
    """Search engines show the summary, apps the feed's description."""
    found = [_snippet(SEARCH, context.title, context.summary)]
    if not context.is_interview:
        found += [
            _snippet(LIST, context.title, context.description),
            _snippet(PLAYER, context.title, ""),
        ]
    return found


def _snippet(surface: Surface, title: str, text: str) -> Snippet:
    return Snippet(surface, cut(title, surface.title), cut(text, surface.text))


def cut(text: str, most: int) -> Cut:
    """Split after at most `most` characters, between words if possible."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words, ""
    end = words.rfind(" ", 0, most) if " " in words[:most] else most - 1
    return words[:end], words[end:].lstrip()


def check_snippets(found: list[Snippet]) -> Iterator[ChecklistItem]:
    """Titles that are cut anywhere, and a summary that search results cut."""
    for snippet in found:
        if snippet.title[1]:
            message = f"{snippet.surface.label} cut the title after “{snippet.title[0]}”."
            yield ChecklistItem("hint", message, "#id_title")
        if snippet.surface is SEARCH and snippet.text[1]:
            message = f"{snippet.surface.label} cut the summary after “{snippet.text[0]}”."
            yield ChecklistItem("hint", message, "#id_summary")
