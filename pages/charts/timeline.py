"""An episode's timeline: its topics along its length, each a link to its moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString

from pages.charts.svg import element, number, shorten
from pages.moments import Moment
from text.timecode import end_of, format_timecode
from topics.models import Topic

FEWEST = 3
TOOLTIP = 80
# Pixels. Widths are percentages: the chart is as wide as its column, with unscaled text.
HEIGHT = 80
TOP = 8
BAR = 46
# Minutes between ticks of the scale: the first that leaves few enough for a phone.
STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 1440)
MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Segment:
    """The topics that begin at one second, and when the next one begins. Whole seconds."""

    topics: tuple[Topic, ...]
    start: int
    end: int


def segments(topics: Sequence[Topic], length: int | None) -> list[Segment]:
    """The topics as consecutive segments, from the first topic to the end.

    Topics of one second share a segment. If the audio's `length` is unknown, or a topic begins at
    or after its end, the last segment gets a fiftieth, so that it is visible.
    """
    ordered = sorted(topics, key=lambda topic: topic.seconds)
    groups = [(start, tuple(each)) for start, each in groupby(ordered, lambda each: each.seconds)]
    if not groups:
        return []
    end = end_of(groups[-1][0], length)
    starts = [start for start, _ in groups]
    return [
        Segment(group, start, following)
        for (start, group), (_, following) in zip(groups, pairwise([*starts, end]), strict=True)
    ]


def timeline_chart(
    topics: Sequence[Topic], length: int | None, moment: Moment | None, page: str = ""
) -> SafeString | str:
    """The chart; empty with fewer than three segments. `page`: the episode's, if it isn't this one.

    It is hidden from assistive technology and its links are no tab stops: the list of topics
    below it has the same links in the same order.
    """
    parts = segments(topics, length)
    if len(parts) < FEWEST:
        return ""
    end = parts[-1].end
    track = element("rect", class_="track", y=TOP, width="100%", height=BAR)
    return element(
        "svg",
        track,
        *(_segment(part, end, moment, page) for part in parts),
        _moment(moment, end),
        _clip(moment, end),
        *_scale(end),
        class_="timeline",
        width="100%",
        height=HEIGHT,
        aria_hidden="true",
    )


def _segment(part: Segment, end: int, moment: Moment | None, page: str) -> SafeString:
    """One string, without `element`: an episode has dozens of segments."""
    words = escape(shorten(" · ".join(topic.plain for topic in part.topics), TOOLTIP))
    current = ' aria-current="true"' if moment and moment.topic in part.topics else ""
    return SafeString(
        f'<a href="{page}?t={part.start}" data-seconds="{part.start}" tabindex="-1"'
        f"{current}>"
        f"<title>{format_timecode(part.start)} {words}</title>"
        f'<rect x="{_percent(part.start, end)}" y="{TOP}"'
        f' width="{_percent(part.end - part.start, end)}" height="{BAR}"/></a>'
    )


def _moment(moment: Moment | None, end: int) -> SafeString | str:
    """A line at the moment, unless a topic begins there."""
    if moment is None or moment.seconds > end:
        return ""
    if moment.topic and moment.topic.seconds == moment.seconds:
        return ""
    x = _percent(moment.seconds, end)
    return element("line", class_="now", x1=x, x2=x, y1=0, y2=TOP + BAR + TOP)


def _clip(moment: Moment | None, end: int) -> SafeString | str:
    """A line below the bar from a clip's start to its end."""
    if moment is None or moment.end is None or moment.seconds >= end:
        return ""
    x, width = _percent(moment.seconds, end), _percent(min(moment.end, end) - moment.seconds, end)
    return element("rect", class_="clip", x=x, width=width, y=TOP + BAR + 1, height=4)


def _scale(end: int) -> list[SafeString]:
    """Times below the bar: its start, its end, and round ones between them."""
    step = next((each * 60 for each in STEPS if end // (each * 60) < MOST_TICKS), end)
    # A last tick that would touch the end's is left out.
    room = 0.86 if end < 3600 else 0.78  # 1:00:00 is wider than 60:00
    between = [tick for tick in range(step, end, step) if tick < end * room]
    return [
        _tick("0%", 0, "start"),
        *(_tick(_percent(tick, end), tick, "middle") for tick in between),
        _tick("100%", end, "end"),
    ]


def _tick(x: str, seconds: int, anchor: str) -> SafeString:
    return element("text", format_timecode(seconds), x=x, y=HEIGHT - 4, text_anchor=anchor)


def _percent(part: int, total: int) -> str:
    return f"{number(100 * part / total)}%"
