"""Technologies by year: for each technology a row of bars, one for each year of the show."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from django.utils.safestring import SafeString

from episodes.counts import UsageYear
from pages.charts.svg import ICON, chart, element, number, shorten, technology_icon
from stack.models import Technology

FEWEST_YEARS = 2
FEWEST_TECHNOLOGIES = 3
MOST_YEARS = 12  # the newest
# Pixels.
NAMES = 138
NAME_LETTERS = 16
WIDTH = 220  # of all years: with the names they fit a phone, while the show is young
COLUMN = (30, 88)
NUMBER = 18  # beside a bar
NARROWEST_NUMBERED = 44  # a column with room for a number
TEXT = 20
ROW = 22
GAP = 6
SINGLE_ROW = 56


@dataclass(frozen=True, slots=True)
class YearBar:
    """The number of episodes in a year, and of those that use the technology."""

    year: int
    using: int
    episodes: int

    @property
    def share(self) -> float:
        """The technology's share of the year's episodes, from 0 to 1."""
        return self.using / self.episodes if self.episodes else 0.0

    @property
    def percent(self) -> int:
        return round(100 * self.share)


@dataclass(frozen=True, slots=True)
class UsageHistory:
    """One technology over the newest years of the show, oldest first."""

    technology: Technology
    bars: tuple[YearBar, ...]


def histories(technologies: Iterable[Technology], years: Sequence[UsageYear]) -> list[UsageHistory]:
    newest = years[-MOST_YEARS:]
    return [
        UsageHistory(each, tuple(YearBar(y.number, y.used[each.pk], y.episodes) for y in newest))
        for each in technologies
    ]


def tallest(rows: Iterable[UsageHistory]) -> YearBar | None:
    """The highest bar, which scales the others; None if all are empty."""
    best = max((bar for row in rows for bar in row.bars), key=lambda bar: bar.share, default=None)
    return best if best and best.using else None


def years_chart(rows: Sequence[UsageHistory]) -> SafeString | str:
    """One row for each technology; empty when there is little to compare.

    It is hidden from assistive technology and its links are no tab stops: the table below has the
    same links.
    """
    best = tallest(rows)
    if best is None or len(rows) < FEWEST_TECHNOLOGIES or len(rows[0].bars) < FEWEST_YEARS:
        return ""
    column = _column(rows[0])
    number_width = NUMBER if column >= NARROWEST_NUMBERED else 0
    groups = (
        element(
            "g",
            _name(row.technology),
            element("g", *_bars(row, best, NAMES, column, ROW, number_width)),
            transform=f"translate(0 {TEXT + place * (ROW + GAP)})",
        )
        for place, row in enumerate(rows)
    )
    return chart(
        "years",
        NAMES + column * len(rows[0].bars),
        TEXT + len(rows) * (ROW + GAP),
        *_year_names(rows[0], NAMES, column, TEXT - 6),
        *groups,
        aria_hidden="true",
    )


def technology_chart(row: UsageHistory, *, label: str) -> SafeString | str:
    """One technology's row, with numbers above the bars and years below."""
    best = tallest([row])
    if best is None or len(row.bars) < FEWEST_YEARS:
        return ""
    column = _column(row)
    height = TEXT + SINGLE_ROW + TEXT
    numbers = (
        _text(x, column, TEXT + SINGLE_ROW * (1 - bar.share / best.share) - 5, str(bar.using))
        for x, bar in zip(count(0, column), row.bars, strict=False)
    )
    return chart(
        "years",
        column * len(row.bars),
        height,
        *numbers,
        element("g", *_bars(row, best, 0, column, SINGLE_ROW), transform=f"translate(0 {TEXT})"),
        *_year_names(row, 0, column, height - 4),
        role="img",
        aria_labelledby=label,
    )


def _column(row: UsageHistory) -> int:
    narrowest, widest = COLUMN
    return min(widest, max(narrowest, WIDTH // len(row.bars)))


def _name(technology: Technology) -> SafeString:
    name = shorten(technology.name, NAME_LETTERS)
    return element(
        "a",
        element("title", technology.name) if name != technology.name else "",
        technology_icon(technology, 0, ROW - 15),
        element("text", name, x=ICON + 5, y=ROW - 4),
        href=technology.get_absolute_url(),
        tabindex="-1",
    )


def _bars(
    row: UsageHistory, best: YearBar, left: int, column: int, height: int, number_width: int = 0
) -> Iterator[SafeString]:
    """The bars on a base line; none for a year without the technology.

    With `number_width`, each bar leaves so much room for the number of episodes beside it.
    """
    yield element("line", x1=left, x2=left + column * len(row.bars), y1=height, y2=height)
    for x, bar in zip(count(left, column), row.bars, strict=False):
        if bar.using:
            size = float(number(max(height * bar.share / best.share, 1.0)))
            title = f"{bar.year}: {bar.using} of {bar.episodes} ({bar.percent} %)"
            yield element(
                "rect",
                element("title", title),
                x=x + 2,
                y=height - size,
                width=column - 4 - number_width,
                height=size,
            )
        if number_width:
            yield element("text", str(bar.using), x=x + column - number_width + 1, y=height - 4)


def _year_names(row: UsageHistory, left: int, column: int, y: int) -> Iterator[SafeString]:
    """Four digits where they fit, else ’20."""
    for x, bar in zip(count(left, column), row.bars, strict=False):
        yield _text(x, column, y, str(bar.year) if column >= 36 else f"’{bar.year % 100:02}")


def _text(x: int, column: int, y: float, words: str) -> SafeString:
    return element("text", words, x=x + column * 0.5, y=float(y), text_anchor="middle")
