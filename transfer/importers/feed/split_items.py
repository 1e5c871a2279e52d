"""A feed cut into its items and all the rest, so that one broken item breaks nothing else.

Pure text, read once from front to back: no more is held than one item.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from transfer.importers.feed.encoding import LONGEST_REFERENCE, mended

# Where no tag means anything, and what ends that.
OPAQUE = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
ITEM = "<item"
MARK = re.compile(r"<!\[CDATA\[|<!--|<\?|<item(?=[\s/>])|</item\s{0,20}>", re.IGNORECASE)
LONGEST_MARK = max(40, LONGEST_REFERENCE)
# The most characters of one item, and of all that is no item. Larger ones are no feed's.
MOST = 4_000_000


@dataclass(slots=True)
class Piece:
    """A stretch of the file: an item, or what stands between. `line` is its first, 1-based."""

    line: int
    is_item: bool = False
    size: int = 0
    parts: list[str] = field(default_factory=list)

    @property
    def too_large(self) -> bool:
        return self.size > MOST

    @property
    def text(self) -> str:
        """All of it; nothing of a piece that is too large."""
        return "" if self.too_large else "".join(self.parts)

    def add(self, text: str) -> None:
        self.size += len(text)
        if not self.too_large:
            self.parts.append(text)


def split(blocks: Iterable[str]) -> Iterator[Piece]:
    """The pieces in order, mended as `decoding.mended` does. An item nobody closed ends at the
    next."""
    line, piece = 1, Piece(1)
    for mark, text in _tokens(blocks):
        if mark == ITEM:
            yield piece
            piece = Piece(line, is_item=True)
        piece.add(text if mark in OPAQUE else mended(text))
        line += text.count("\n")
        if mark.startswith("</") and piece.is_item:
            yield piece
            piece = Piece(line)
    yield piece


def _tokens(blocks: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each stretch of text with the mark that it is: of `OPAQUE`, `<item`, `</item>`, or none."""
    buffer, opaque = "", ""
    for block in chain(blocks, [""]):
        buffer += block
        at, last = 0, not block
        # What stands at the very end may go on in the next block.
        safe = len(buffer) if last else max(0, len(buffer) - LONGEST_MARK)
        while at < safe:
            if opaque:
                found = buffer.find(OPAQUE[opaque], at)
                stop = found + len(OPAQUE[opaque]) if found >= 0 else safe
                yield opaque, buffer[at:stop]
                at, opaque = stop, opaque if found < 0 else ""
                continue
            mark = MARK.search(buffer, at)
            stop = mark.start() if mark and mark.start() < safe else _whole(buffer, at, safe)
            if stop > at:
                yield "", buffer[at:stop]
            at = stop
            if mark is None or mark.start() >= safe:
                break
            opaque = mark[0].upper() if mark[0].upper() in OPAQUE else ""
            yield opaque or mark[0].lower(), mark[0]
            at = mark.end()
        buffer = buffer[at:]


def _whole(buffer: str, at: int, safe: int) -> int:
    """How far the text goes without cutting a reference such as `&nbsp;` in two."""
    if safe == len(buffer):
        return safe
    reference = buffer.rfind("&", max(at, safe - LONGEST_REFERENCE), safe)
    return reference if reference >= 0 else safe
