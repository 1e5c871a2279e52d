"""Technologies used together: a triangular matrix of episode counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from pages.charts.svg import ICON, chart, element, number, shorten, technology_icon
from stack.models import Technology

FEWEST = 3
# Pixels.
CELL = 28
NAME_LETTERS = 16
NAMES = 145
# Opacity of the rarest and the commonest pair's cell; numbers stay readable on both.
LIGHTEST, DARKEST = 0.06, 0.42


@dataclass(frozen=True, slots=True)
class TechnologyPair:
    """Two technologies, the number of episodes that use both, and the path of their list."""

    first: Technology
    second: Technology
    episodes: int
    path: str


def cooccurrence_chart(
    technologies: Sequence[Technology], pairs: Mapping[tuple[int, int], TechnologyPair]
) -> SafeString | str:
    """The chart; empty with fewer than three technologies used together.

    `pairs` is by the two primary keys, the smaller first. Each technology is a row that ends with
    its name, and the column below it.

    It is hidden from assistive technology and its links are no tab stops: the table below has the
    same links, and is easier to follow by ear.
    """
    shown = [each for each in technologies if any(each.pk in pair for pair in pairs)]
    if len(shown) < FEWEST:
        return ""
    most = max(pair.episodes for pair in pairs.values())
    width, height = CELL * (len(shown) - 1) + NAMES, CELL * len(shown)
    rows = (
        element(
            "g",
            element("g", *_cells(row, shown, pairs, most), text_anchor="middle"),
            _name(row, shown[row]),
            transform=f"translate(0 {CELL * row})",
        )
        for row in range(len(shown))
    )
    return chart("cooccurrence", width, height, *rows, aria_hidden="true")


def _cells(
    row: int,
    shown: Sequence[Technology],
    pairs: Mapping[tuple[int, int], TechnologyPair],
    most: int,
) -> list[SafeString]:
    """The cells of a row; a pair that no episode uses has its 0 without a link."""
    own = shown[row].pk
    between = ((place, *sorted((own, other.pk))) for place, other in enumerate(shown[:row]))
    return [
        _cell(CELL * place, pairs[first, second], most)
        if (first, second) in pairs
        else element("text", "0", x=CELL * place + CELL // 2 - 1, y=18, class_="none")
        for place, first, second in between
    ]


def _cell(x: int, pair: TechnologyPair, most: int) -> SafeString:
    shade = LIGHTEST + (DARKEST - LIGHTEST) * pair.episodes / most
    return element(
        "a",
        element("title", f"{pair.first.name} + {pair.second.name}"),
        element("rect", x=x, width=CELL - 2, height=CELL - 2, opacity=number(shade)),
        element("text", str(pair.episodes), x=x + CELL // 2 - 1, y=18),
        href=pair.path,
        rel="nofollow",
        tabindex="-1",
    )


def _name(row: int, technology: Technology) -> SafeString:
    name = shorten(technology.name, NAME_LETTERS)
    return element(
        "a",
        element("title", technology.name) if name != technology.name else "",
        technology_icon(technology, CELL * row + 4, 7),
        element("text", name, x=CELL * row + ICON + 9, y=18),
        href=technology.get_absolute_url(),
        tabindex="-1",
    )
