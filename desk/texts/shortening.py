"""Shortens a text by whole parts, so that no word and no link is ever cut. Pure."""

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shortened:
    """`left_out`: the parts that are missing, in the order of the text."""

    text: str
    left_out: tuple[str, ...] = ()


def shorten(text: str, fits: Callable[[str], bool], link: str) -> Shortened:
    """Leave out paragraphs until the text fits, the last one first; then lines, likewise.

    The first one stays, and the first one with this `link`, so the result may still not fit.
    """
    whole = Shortened(text)
    for separator in ("\n\n", "\n"):
        whole = _without_last(whole, separator, fits, link)
    return whole


def _without_last(
    found: Shortened, separator: str, fits: Callable[[str], bool], link: str
) -> Shortened:
    parts = found.text.split(separator)
    linking = next((index for index, part in enumerate(parts) if _has_link(part, link)), 0)
    order = [index for index in range(len(parts) - 1, 0, -1) if index != linking]

    def without(count: int) -> str:
        out = set(order[:count])
        return separator.join(part for index, part in enumerate(parts) if index not in out)

    count = bisect_left(range(len(order)), True, key=lambda count: fits(without(count)))
    left_out = (parts[index] for index in sorted(order[:count]))
    return Shortened(without(count), (*left_out, *found.left_out))


def _has_link(part: str, link: str) -> bool:
    """Not if it has only a longer one, such as to a moment of the same page."""
    return bool(link and re.search(rf"{re.escape(link)}(?![\w/?#&=%-])", part))
