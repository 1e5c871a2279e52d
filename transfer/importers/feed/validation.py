"""Refuses files that are no feed, and items that can't be episodes.

`survey` reads the whole feed once, before the first item is written.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from episodes.models import Enclosure, Episode
from text.problems import Problem, error
from transfer.importers.columns import fitting
from transfer.importers.feed.channel import FeedChannel, read_channel
from transfer.importers.feed.encoding import decoded
from transfer.importers.feed.items import (
    EPISODE,
    MOST_NUMBER,
    MOST_SEASON,
    SEASON,
    Item,
    identity,
    link_of,
    slug_of,
)
from transfer.importers.feed.midnights import Midnights
from transfer.importers.feed.split_items import MOST, FeedSegment, split
from transfer.importers.feed.values import read_whole
from transfer.importers.feed.xml_tree import BadXml, Node, parse
from transfer.importers.report import InvalidInput

ATOM = "An Atom feed; only RSS is read."
PAGE = "A web page, not its feed."
TEMPLATE = "A template, not the feed that Jekyll makes of it: import the site with import_jekyll."
NO_FEED = {"html": PAGE, "feed": ATOM, "atom:feed": ATOM}
HTML = re.compile(r"<(?:!doctype\s+)?html", re.IGNORECASE)


@dataclass(slots=True)
class Survey:
    """The channel, the prefixes of namespaces, and what is counted over all items.

    `first_seasons` has the earliest season in which each number occurs.
    """

    channel: FeedChannel
    node: Node  # the channel's element, without items
    prefixes: dict[str, str]
    guids: Counter[str]
    slugs: Counter[str | None]
    midnights: Midnights
    first_seasons: dict[int, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item's element, or why there is none, and the line of the file."""

    line: int
    node: Node | None
    problem: str = ""


def survey(file: BinaryIO, address: str = "") -> Survey:
    """Read the whole file. Raises InvalidInput if it isn't a feed."""
    outside: list[FeedSegment] = []
    size = 0
    guids: Counter[str] = Counter()
    slugs: Counter[str | None] = Counter()
    midnights = Midnights()
    seasons: dict[int, int] = {}
    declared: dict[str, str] = {}
    for segment in split(decoded(file)):
        if not segment.is_item:
            declared = declared if outside else _declared(segment)
            outside.append(segment)
            size += segment.size
            if size > MOST:
                raise InvalidInput("Too many elements outside items.", segment.line, field="feed")
        elif node := _found(segment, declared).node:
            guids[identity(node, address)] += 1
            slugs[slug_of(link_of(node))] += 1
            midnights.add(node)
            _add_season(node, seasons)
    root, prefixes, problems = _root(outside)
    channel = root.first("channel")
    if channel is None:
        message = NO_FEED.get(root.name, "No RSS feed: it has no channel.")
        raise InvalidInput(message, 1, field="feed", value=root.name)
    read = read_channel(channel, address)
    return Survey(read, channel, prefixes, guids, slugs, midnights, seasons, problems)


def found_items(file: BinaryIO, prefixes: dict[str, str]) -> Iterator[FoundItem]:
    """The items in the file's order, one at a time."""
    return (_found(segment, prefixes) for segment in split(decoded(file)) if segment.is_item)


def is_same(item: Item, first: Item | None) -> bool:
    """Whether an item with the GUID of the first one, on another page, is that episode again."""
    if first is None or item.title == first.title:
        return True
    audio, audio_of_first = item.enclosure, first.enclosure
    return audio is not None and audio_of_first is not None and audio.url == audio_of_first.url


def refusal(item: Item, accepted: Mapping[str, Item]) -> Problem | None:
    """Why this item can't be an episode. `accepted` are the items so far, by GUID."""
    if not item.guid:
        message = "No GUID, enclosure or link to identify it by."
        return error(message, item.line, field="guid", value=item.title)
    url = {"url": item.enclosure.url} if item.enclosure else {}
    for problem in (*fitting(Episode, {"guid": item.guid})[1], *fitting(Enclosure, url)[1]):
        return replace(problem, severity="error", line=item.line)
    if first := accepted.get(item.guid):
        message = f"Has the GUID of line {first.line}, “{first.title}”, which counts; left out."
        return error(message, item.line, field="guid", value=item.guid)
    return None


def _declared(segment: FeedSegment) -> dict[str, str]:
    """The prefixes of the feed's beginning, where all elements are still open."""
    try:
        return parse(segment.text)[1]
    except BadXml as wrong:
        return wrong.so_far[1] if wrong.so_far else {}


def _add_season(node: Node, first_seasons: dict[int, int]) -> None:
    try:
        number = read_whole(node.value(*EPISODE), MOST_NUMBER)
        season = read_whole(node.value(*SEASON), MOST_SEASON)
    except ValueError:
        return  # reported when the item is read
    if number is not None and season is not None:
        first_seasons[number] = min(season, first_seasons.get(number, season))


def _found(segment: FeedSegment, prefixes: dict[str, str]) -> FoundItem:
    if segment.too_large:
        return FoundItem(segment.line, None, "Larger than any item should be; left out.")
    try:
        return FoundItem(segment.line, parse(segment.text, prefixes)[0])
    except BadXml as wrong:
        return FoundItem(segment.line + wrong.line - 1, None, str(wrong))


def _root(outside: list[FeedSegment]) -> tuple[Node, dict[str, str], list[Problem]]:
    """The root without its items, as far as the XML can be read."""
    try:
        root, prefixes = parse("".join(segment.text for segment in outside))
        return root, prefixes, []
    except BadXml as wrong:
        if outside[0].text.startswith("---"):
            raise InvalidInput(TEMPLATE, 1, field="feed") from wrong
        if HTML.match(outside[0].text):
            raise InvalidInput(PAGE, 1, field="feed") from wrong
        line = _line_in_file(outside, wrong.line)
        if wrong.so_far is None:
            raise InvalidInput(str(wrong), line, field="feed") from wrong
        return *wrong.so_far, [error(str(wrong), line, field="feed")]


def _line_in_file(outside: list[FeedSegment], line: int) -> int:
    """The line of the file for a line of the joined segments."""
    for segment in outside:
        lines = segment.text.count("\n")
        if line <= lines + 1:
            return segment.line + line - 1
        line -= lines
    return outside[-1].line
