"""The shape of an episode: its topics along its length, each a link to its moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString

from pages.charts.svg import element, number, shorten
from pages.moments import Moment
from text.timecode import format_timecode
from topics.models import Topic

FEWEST = 3
TOOLTIP = 80
# Pixels. Widths are percentages: the picture is as wide as its column, its text isn't stretched.
HEIGHT = 62
TOP = 6
BAR = 32
# Minutes between the marks of the scale, the first that leaves few enough of them for a phone.
STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 1440)
MOST_MARKS = 5


@dataclass(frozen=True, slots=True)
class Segment:
    """The topics that begin at one second, and when the next one begins. Whole seconds."""

    topics: tuple[Topic, ...]
    start: int
    end: int


def segments(topics: Sequence[Topic], length: int | None) -> list[Segment]:
    """The topics as consecutive parts of the episode, from the first one to the end.

    Topics of one second share a part. Where the audio's `length` is unknown, or a topic begins
    at its end or later, a fiftieth is added for the last one, so that it can be seen.
    """
    ordered = sorted(topics, key=lambda topic: topic.seconds)
    parts = [(start, tuple(each)) for start, each in groupby(ordered, lambda each: each.seconds)]
    if not parts:
        return []
    last = parts[-1][0]
    end = length if length and length > last else last + max(1, last // 50)
    starts = [start for start, _ in parts]
    return [
        Segment(together, start, following)
        for (start, together), (_, following) in zip(parts, pairwise([*starts, end]), strict=True)
    ]


def episode_shape(
    topics: Sequence[Topic], length: int | None, moment: Moment | None
) -> SafeString | str:
    """The picture, or nothing where there are fewer than three parts to tell apart.

    It is hidden from assistive technology and its links are no tab stops: the list of topics
    right below it has the same links in the same order, with their words, and is its text.
    """
    parts = segments(topics, length)
    if len(parts) < FEWEST:
        return ""
    end = parts[-1].end
    track = element("rect", class_="track", y=TOP, width="100%", height=BAR)
    return element(
        "svg",
        track,
        *(_segment(part, end, moment) for part in parts),
        _moment(moment, end),
        *_scale(end),
        class_="shape",
        width="100%",
        height=HEIGHT,
        aria_hidden="true",
    )


def _segment(part: Segment, end: int, moment: Moment | None) -> SafeString:
    """Written at a stroke: an episode has dozens of them."""
    words = escape(shorten(" · ".join(topic.plain for topic in part.topics), TOOLTIP))
    current = ' aria-current="true"' if moment and moment.topic in part.topics else ""
    return SafeString(
        f'<a href="?t={part.start}" data-seconds="{part.start}" tabindex="-1"'
        f"{current}>"
        f"<title>{format_timecode(part.start)} {words}</title>"
        f'<rect x="{_percent(part.start, end)}" y="{TOP}"'
        f' width="{_percent(part.end - part.start, end)}" height="{BAR}"/></a>'
    )


def _moment(moment: Moment | None, end: int) -> SafeString | str:
    """A line where the second asked for is, unless that is where a topic begins."""
    if moment is None or moment.seconds > end:
        return ""
    if moment.topic and moment.topic.seconds == moment.seconds:
        return ""
    x = _percent(moment.seconds, end)
    return element("line", class_="now", x1=x, x2=x, y1=0, y2=TOP + BAR + TOP)


def _scale(end: int) -> list[SafeString]:
    """Times below the bar: its beginning, its end, and round ones between them."""
    step = next((each * 60 for each in STEPS if end // (each * 60) < MOST_MARKS), end)
    # The last mark gives way to the end's own when they would touch.
    room = 0.86 if end < 3600 else 0.78  # 1:00:00 is wider than 60:00
    between = [mark for mark in range(step, end, step) if mark < end * room]
    return [
        _mark("0%", 0, "start"),
        *(_mark(_percent(mark, end), mark, "middle") for mark in between),
        _mark("100%", end, "end"),
    ]


def _mark(x: str, seconds: int, anchor: str) -> SafeString:
    return element("text", format_timecode(seconds), x=x, y=HEIGHT - 4, text_anchor=anchor)


def _percent(part: int, whole: int) -> str:
    return f"{number(100 * part / whole)}%"
