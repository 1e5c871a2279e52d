"""What has to be known of a whole feed before its first item is written."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from text.problems import Problem, error
from transfer.importers.feed.channel import Channel, read_channel
from transfer.importers.feed.encoding import decoded
from transfer.importers.feed.items import identity, link_of, slug_of
from transfer.importers.feed.split_items import MOST, Piece, split
from transfer.importers.feed.xml_tree import BadXml, Node, parse

ATOM = "An Atom feed; only RSS is read."
PAGE = "A web page, not its feed."
NO_FEED = {"html": PAGE, "feed": ATOM, "atom:feed": ATOM}
HTML = re.compile(r"<(?:!doctype\s+)?html", re.IGNORECASE)


class Unreadable(ValueError):
    """No feed at all; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class Survey:
    """The channel, the prefixes of namespaces, and how often each GUID and slug occurs."""

    channel: Channel
    prefixes: dict[str, str]
    guids: Counter[str]
    slugs: Counter[str | None]
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """An item's element, or why there is none, with the line of the file where that is."""

    line: int
    node: Node | None
    problem: str = ""


def survey(file: BinaryIO, address: str = "") -> Survey:
    """Read the file once. Raises Unreadable where it is no feed."""
    around: list[Piece] = []
    size = 0
    guids: Counter[str] = Counter()
    slugs: Counter[str | None] = Counter()
    for piece in split(decoded(file)):
        if not piece.is_item:
            around.append(piece)
            size += piece.size
            if size > MOST:
                raise Unreadable(error("Too much that is no item.", piece.line, field="feed"))
        elif node := _found(piece, {}).node:
            guids[identity(node, address)] += 1
            slugs[slug_of(link_of(node))] += 1
    root, prefixes, problems = _root(around)
    channel = root.first("channel")
    if channel is None:
        message = NO_FEED.get(root.name, "No RSS feed: it has no channel.")
        raise Unreadable(error(message, 1, field="feed", value=root.name))
    return Survey(read_channel(channel, address), prefixes, guids, slugs, problems)


def found_items(file: BinaryIO, prefixes: dict[str, str]) -> Iterator[Found]:
    """The items in the file's order, one at a time."""
    return (_found(piece, prefixes) for piece in split(decoded(file)) if piece.is_item)


def _found(piece: Piece, prefixes: dict[str, str]) -> Found:
    if piece.too_large:
        return Found(piece.line, None, "Larger than any item should be; left out.")
    try:
        return Found(piece.line, parse(piece.text, prefixes)[0])
    except BadXml as wrong:
        return Found(piece.line + wrong.line - 1, None, str(wrong))


def _root(around: list[Piece]) -> tuple[Node, dict[str, str], list[Problem]]:
    """The root of all that is no item. Where its XML breaks off, what stood before counts."""
    try:
        root, prefixes = parse("".join(piece.text for piece in around))
        return root, prefixes, []
    except BadXml as wrong:
        if HTML.match(around[0].text):
            raise Unreadable(error(PAGE, 1, field="feed")) from wrong
        problem = error(str(wrong), _line_in_file(around, wrong.line), field="feed")
        if wrong.so_far is None:
            raise Unreadable(problem) from wrong
        return *wrong.so_far, [problem]


def _line_in_file(around: list[Piece], line: int) -> int:
    """Where a line of the joined pieces stands in the file."""
    for piece in around:
        lines = piece.text.count("\n")
        if line <= lines + 1:
            return piece.line + line - 1
        line -= lines
    return around[-1].line
