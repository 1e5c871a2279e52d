"""An episode's topic strip: the timeline without words, small enough for a card."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.safestring import SafeString

from pages.charts.svg import element
from pages.charts.timeline import FEWEST
from text.timecode import end_of

# The units of its viewBox, which the style sheet stretches.
WIDTH, HEIGHT = 1000, 10


def topic_strip(starts: Sequence[int], length: int | None) -> SafeString:
    """The strip of topics that begin at these seconds, in order; a bare bar for fewer than three.

    Two paths rather than dozens of elements: a page has up to 24 strips. The player's position
    fills `.played` (static/js/continue.js).
    """
    parts: list[str] = []
    if len(starts) >= FEWEST:
        end = end_of(starts[-1], length)
        edges = [round(WIDTH * seconds / end) for seconds in (*starts, end)]
        shapes = [f"M{left} 0h{right - left}v{HEIGHT}H{left}z" for left, right in pairwise(edges)]
        parts = [element("path", d="".join(shapes[first::2])) for first in (0, 1)]
    played = element("rect", class_="played", width=0, height=HEIGHT)
    return element(
        "svg",
        *parts,
        played,
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
