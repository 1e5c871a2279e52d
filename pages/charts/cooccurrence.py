"""What is used with what: a staircase of technologies, in each cell the episodes with both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from pages.charts.svg import element, number, shorten
from stack.models import Technology

FEWEST = 3
# Pixels.
CELL = 28
NAME_LETTERS = 16
NAMES = 126
# How opaque the cells of the rarest and the commonest pair are; numbers on them stay readable.
LIGHTEST, DARKEST = 0.06, 0.42


@dataclass(frozen=True, slots=True)
class Pair:
    """Two technologies, the number of episodes that use both, and where those are listed."""

    first: Technology
    second: Technology
    together: int
    path: str


def staircase(
    technologies: Sequence[Technology], pairs: Mapping[tuple[int, int], Pair]
) -> SafeString | str:
    """The picture, or nothing where fewer than three technologies run beside another.

    `pairs` is by the two primary keys, the smaller first. Each technology is a step, with its
    name: to the left of it are those before it, below it those that follow.

    It is hidden from assistive technology and its links are no tab stops: the table behind it
    has the same links, and dozens of numbers in a triangle say little to who can't see it.
    """
    shown = [each for each in technologies if any(each.pk in pair for pair in pairs)]
    if len(shown) < FEWEST:
        return ""
    most = max(pair.together for pair in pairs.values())
    width, height = CELL * (len(shown) - 1) + NAMES, CELL * len(shown)
    steps = (
        element(
            "g",
            element("g", *_cells(row, shown, pairs, most), text_anchor="middle"),
            _name(row, shown[row]),
            transform=f"translate(0 {CELL * row})",
        )
        for row in range(len(shown))
    )
    return element(
        "svg",
        *steps,
        class_="together",
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
        aria_hidden="true",
    )


def _cells(
    row: int, shown: Sequence[Technology], pairs: Mapping[tuple[int, int], Pair], most: int
) -> list[SafeString]:
    """The cells of a step that any episode stands behind."""
    own = shown[row].pk
    between = ((place, *sorted((own, other.pk))) for place, other in enumerate(shown[:row]))
    return [
        _cell(CELL * place, pairs[first, second], most)
        for place, first, second in between
        if (first, second) in pairs
    ]


def _cell(x: int, pair: Pair, most: int) -> SafeString:
    shade = LIGHTEST + (DARKEST - LIGHTEST) * pair.together / most
    return element(
        "a",
        element("title", f"{pair.first.name} + {pair.second.name}"),
        element("rect", x=x, width=CELL - 2, height=CELL - 2, opacity=number(shade)),
        element("text", str(pair.together), x=x + CELL // 2 - 1, y=18),
        href=pair.path,
        rel="nofollow",
        tabindex="-1",
    )


def _name(row: int, technology: Technology) -> SafeString:
    name = shorten(technology.name, NAME_LETTERS)
    return element(
        "a",
        element("title", technology.name) if name != technology.name else "",
        element("text", name, x=CELL * row + 4, y=18),
        href=technology.get_absolute_url(),
        tabindex="-1",
    )
