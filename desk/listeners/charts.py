"""Charts of figures as inline SVG. Their width is the page's, and text isn't scaled.

Lines are drawn in an inner image that is stretched; all else has its place in percent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from desk.listeners.period import day_name
from pages.charts.svg import element, number, shorten

# Pixels.
HEIGHT = 200
TOP = 18  # above the highest grid line, for its number
FOOT = 22  # below, for days
ROW = 38
BAR = 10
# Units of the stretched image.
WIDE, HIGH = 1000, 1000
MAX_TICKS = 4
MAX_LINES = 8  # told apart by colour and dashes
NAME_LETTERS = 110
NAME_WIDTH = "76%"  # the rest is cut off: a phone has less room than a desk


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One value for each place along the chart, or fewer."""

    name: str
    values: Sequence[int]


def days_chart(
    title: str,
    days: Sequence[date],
    values: Sequence[int],
    named: Callable[[date], str] = day_name,
) -> SafeString | str:
    """A curve by day, or by month with `named`; empty without any value."""
    if not any(values) or len(days) < 2:
        return ""
    top = ceiling(max(values))
    step = 100 / len(days)
    bands = (
        element(
            "rect",
            element("title", f"{named(day)}: {value:,}"),
            class_="band", x=f"{number(step * place)}%", width=f"{number(step)}%",
            y=TOP, height=HEIGHT,
        )
        for place, (day, value) in enumerate(zip(days, values, strict=True))
    )  # fmt: skip
    best = max(range(len(days)), key=lambda place: values[place])
    desc = (
        f"{sum(values):,} from {named(days[0])} to {named(days[-1])}; "
        f"the most on {named(days[best])}: {values[best]:,}."
    )
    middle = named(days[len(days) // 2]) if len(days) > 2 else ""
    labels = _ends([named(days[0]), middle, named(days[-1])])
    points = _points(values, top, centred=True)
    area = element("path", class_="area", d=f"M{points[0][0]} {HIGH}L{_joined(points)}V{HIGH}z")
    line = element("path", class_="line line-1", d=f"M{_joined(points)}")
    return _frame(title, desc, top, [area, line], [*labels, *bands])


def lines_chart(title: str, lines: Sequence[ChartLine], unit: str) -> SafeString | str:
    """Lines over each other, all from the same start; `unit` names the steps along the chart."""
    length = max((len(line.values) for line in lines), default=0)
    if length < 2 or not any(map(any, (line.values for line in lines))):
        return ""
    top = ceiling(max(max(line.values, default=0) for line in lines))
    paths = [
        element(
            "path",
            element("title", line.name),
            class_=f"line line-{place}",
            d=f"M{_joined(_points(line.values, top, length))}",
        )
        for place, line in enumerate(lines[:MAX_LINES], start=1)
        if len(line.values) > 1
    ]
    desc = "; ".join(f"{each.name}: {each.values[-1]:,}" for each in lines if each.values)
    labels = _ends([f"{unit} 1", f"{unit} {(length + 1) // 2}", f"{unit} {length}"])
    return _frame(title, f"At the end of each line: {desc}.", top, paths, labels)


def bars_chart(title: str, bars: Sequence[tuple[str, int, str]]) -> SafeString | str:
    """A bar below each name; `bars` have names, values, and the words for the value."""
    most = max((value for _, value, _ in bars), default=0)
    if not most:
        return ""
    rows = [
        part
        for place, (name, value, words) in enumerate(bars)
        for part in _bar(ROW * place, name, words, 100 * value / most)
    ]
    desc = "; ".join(f"{name}: {words}" for name, _, words in bars)
    return element(
        "svg", element("title", title), element("desc", desc), *rows,
        class_="figures bars", width="100%", height=ROW * len(bars), role="img",
    )  # fmt: skip


def swatch(line: int) -> SafeString:
    """The stroke of a line, beside its name in the table."""
    stroke = element("path", class_=f"line line-{line}", d="M0 6H28")
    return element("svg", stroke, class_="swatch", width=28, height=12, aria_hidden="true")


def ceiling(value: int) -> int:
    """The next round number above: it has few digits, and half of it is round, too."""
    size = 1
    while size * 10 < value:
        size *= 10
    return next(each * size for each in (1, 2, 4, 6, 8, 10) if each * size >= value)


def _bar(y: int, name: str, words: str, percent: float) -> list[SafeString]:
    return [
        element(
            "svg",
            element("text", shorten(name, NAME_LETTERS), y=14),
            y=y,
            width=NAME_WIDTH,
            height=19,
        ),
        element("text", words, x="100%", y=y + 14, text_anchor="end"),
        element("rect", class_="track", x=0, y=y + 19, width="100%", height=BAR),
        element("rect", class_="bar", x=0, y=y + 19, width=f"{number(percent)}%", height=BAR),
    ]


def _frame(
    title: str, desc: str, top: int, shapes: Sequence[str], others: Sequence[str]
) -> SafeString:
    """Grid lines with their numbers, the stretched shapes, and what lies above them."""
    ticks = [0, top // 2, top] if top > 1 else [0, top]
    grid = [
        part
        for tick in ticks
        for y in (TOP + HEIGHT - HEIGHT * tick / top,)
        for part in (
            element("line", x1=0, x2="100%", y1=float(y), y2=float(y)),
            element("text", f"{tick:,}", x=0, y=float(y - 4)) if tick else "",
        )
    ]
    inner = element(
        "svg", *shapes, x=0, y=TOP, width="100%", height=HEIGHT,
        viewBox=f"0 0 {WIDE} {HIGH}", preserveAspectRatio="none",
    )  # fmt: skip
    return element(
        "svg", element("title", title), element("desc", desc), *grid, inner, *others,
        class_="figures", width="100%", height=TOP + HEIGHT + FOOT, role="img",
    )  # fmt: skip


def _points(
    values: Sequence[int], top: int, length: int = 0, *, centred: bool = False
) -> list[tuple[str, str]]:
    """Places in the stretched image: from edge to edge, or each in the middle of its day."""
    if centred:
        steps = [(place + 0.5) / len(values) for place in range(len(values))]
    else:
        steps = [place / max(1, (length or len(values)) - 1) for place in range(len(values))]
    return [
        (number(WIDE * step), number(HIGH - HIGH * value / top))
        for step, value in zip(steps, values, strict=True)
    ]


def _joined(points: Sequence[tuple[str, str]]) -> str:
    return "L".join(f"{x} {y}" for x, y in points)


def _ends(labels: Sequence[str]) -> list[SafeString]:
    """Labels below the chart: at its left, in the middle, at its right."""
    places = (("0%", "start"), ("50%", "middle"), ("100%", "end"))
    return [
        element("text", label, x=x, y=TOP + HEIGHT + FOOT - 6, text_anchor=anchor)
        for label, (x, anchor) in zip(labels, places, strict=True)
    ]
