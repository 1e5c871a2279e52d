"""Technologies by year: for each technology a row of bars, one for each year of the show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from episodes.counts import UsageYear
from pages.charts.svg import element, number, shorten
from stack.models import Technology

FEWEST_YEARS = 2
FEWEST_TECHNOLOGIES = 3
MOST_YEARS = 12  # the newest
# Pixels.
NAMES = 120
NAME_LETTERS = 16
WIDTH = 238  # of all years: with the names they fit a phone, while the show is young
COLUMN = (30, 44)
TEXT = 20
ROW = 30
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
        """From 0 to 1."""
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


def years_chart(rows: Sequence[UsageHistory], *, label: str) -> SafeString | str:
    """One row for each technology; empty when there is little to compare.

    `label` is the id of the element that names the chart.
    """
    best = tallest(rows)
    if best is None or len(rows) < FEWEST_TECHNOLOGIES or len(rows[0].bars) < FEWEST_YEARS:
        return ""
    column = _column(rows[0])
    width = NAMES + column * len(rows[0].bars)
    height = TEXT + len(rows) * (ROW + GAP)
    return element(
        "svg",
        *_year_names(rows[0], NAMES, column, TEXT - 6),
        *(
            element(
                "g",
                element("text", shorten(row.technology.name, NAME_LETTERS), y=ROW - 2),
                *_bars(row, best, NAMES, column, ROW),
                transform=f"translate(0 {TEXT + place * (ROW + GAP)})",
            )
            for place, row in enumerate(rows)
        ),
        class_="years",
        role="img",
        aria_labelledby=label,
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
    )


def technology_chart(row: UsageHistory, *, label: str) -> SafeString | str:
    """One technology's row, with numbers above the bars and years below."""
    best = tallest([row])
    if best is None or len(row.bars) < FEWEST_YEARS:
        return ""
    column = _column(row)
    width, height = column * len(row.bars), TEXT + SINGLE_ROW + TEXT
    numbers = (
        _text(
            place, 0, column, TEXT + SINGLE_ROW * (1 - bar.share / best.share) - 5, str(bar.using)
        )
        for place, bar in enumerate(row.bars)
        if bar.using
    )
    return element(
        "svg",
        *numbers,
        element("g", *_bars(row, best, 0, column, SINGLE_ROW), transform=f"translate(0 {TEXT})"),
        *_year_names(row, 0, column, height - 4),
        class_="years",
        role="img",
        aria_labelledby=label,
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
    )


def _column(row: UsageHistory) -> int:
    narrowest, widest = COLUMN
    return min(widest, max(narrowest, WIDTH // len(row.bars)))


def _bars(
    row: UsageHistory, best: YearBar, left: int, column: int, height: int
) -> list[SafeString]:
    """The bars on a base line; none for a year without the technology."""
    right = left + column * len(row.bars)
    line = element("line", x1=left, x2=right, y1=height, y2=height)
    return [
        line,
        *(
            _bar(bar, left + place * column, column, height * bar.share / best.share, height)
            for place, bar in enumerate(row.bars)
            if bar.using
        ),
    ]


def _bar(bar: YearBar, x: int, column: int, size: float, height: int) -> SafeString:
    words = f"{bar.year}: {bar.using} of {bar.episodes} ({bar.percent} %)"
    size = float(number(max(size, 1.0)))
    return element(
        "rect",
        element("title", words),
        x=x + 2,
        y=height - size,
        width=column - 4,
        height=size,
    )


def _year_names(row: UsageHistory, left: int, column: int, y: int) -> list[SafeString]:
    """Four digits where they fit, else ’20."""
    is_wide = column >= 36
    return [
        _text(place, left, column, y, str(bar.year) if is_wide else f"’{bar.year % 100:02}")
        for place, bar in enumerate(row.bars)
    ]


def _text(place: int, left: int, column: int, y: float, words: str) -> SafeString:
    x = left + column * (place + 0.5)
    return element("text", words, x=float(x), y=float(y), text_anchor="middle")
