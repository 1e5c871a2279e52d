"""Splits a feed into its items and the rest, so that one broken item breaks nothing else.

It reads the text once and holds no more than one item.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from transfer.importers.feed.encoding import LONGEST_REFERENCE, fix_references

# Sections in which a tag has no meaning, each with its end.
OPAQUE = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
ITEM = "<item"
MARKER = re.compile(r"<!\[CDATA\[|<!--|<\?|<item(?=[\s/>])|</item\s{0,20}>", re.IGNORECASE)
LONGEST_MARKER = max(40, LONGEST_REFERENCE)
# The most characters of one item, and of everything outside items.
MOST = 4_000_000


@dataclass(slots=True)
class FeedSegment:
    """An item, or the text between items. `line` is its first, 1-based."""

    line: int
    is_item: bool = False
    size: int = 0
    parts: list[str] = field(default_factory=list)

    @property
    def too_large(self) -> bool:
        return self.size > MOST

    @property
    def text(self) -> str:
        """The whole text; empty if it is too large."""
        return "" if self.too_large else "".join(self.parts)

    def add(self, text: str) -> None:
        self.size += len(text)
        if not self.too_large:
            self.parts.append(text)


def split(blocks: Iterable[str]) -> Iterator[FeedSegment]:
    """The segments in order, with references fixed. An unclosed item ends at the next one."""
    line, segment = 1, FeedSegment(1)
    for marker, text in _tokens(blocks):
        if marker == ITEM:
            yield segment
            segment = FeedSegment(line, is_item=True)
        segment.add(text if marker in OPAQUE else fix_references(text))
        line += text.count("\n")
        if marker.startswith("</") and segment.is_item:
            yield segment
            segment = FeedSegment(line)
    yield segment


def _tokens(blocks: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each piece of text with its marker: one of `OPAQUE`, `<item`, `</item>`, or empty."""
    buffer, opaque = "", ""
    for block in chain(blocks, [""]):
        buffer += block
        at, last = 0, not block
        # A marker at the very end may go on in the next block.
        safe = len(buffer) if last else max(0, len(buffer) - LONGEST_MARKER)
        while at < safe:
            if opaque:
                found = buffer.find(OPAQUE[opaque], at)
                stop = found + len(OPAQUE[opaque]) if found >= 0 else safe
                yield opaque, buffer[at:stop]
                at, opaque = stop, opaque if found < 0 else ""
                continue
            marker = MARKER.search(buffer, at)
            stop = marker.start() if marker and marker.start() < safe else _end(buffer, at, safe)
            if stop > at:
                yield "", buffer[at:stop]
            at = stop
            if marker is None or marker.start() >= safe:
                break
            opaque = marker[0].upper() if marker[0].upper() in OPAQUE else ""
            yield opaque or marker[0].lower(), marker[0]
            at = marker.end()
        buffer = buffer[at:]


def _end(buffer: str, at: int, safe: int) -> int:
    """The last position that doesn't cut a reference such as `&nbsp;` in two."""
    if safe == len(buffer):
        return safe
    reference = buffer.rfind("&", max(at, safe - LONGEST_REFERENCE), safe)
    return reference if reference >= 0 else safe
