"""Moments of an episode: `?t=1526`, `?t=25:26`, `?t=25m26s`, `/37/25:26`."""

from collections.abc import Sequence
from dataclasses import dataclass

from text.timecode import format_timecode, parse_timecode
from topics.models import Topic


class TimecodeConverter:
    """A time in a path, as seconds."""

    regex = "[0-9:hms]{1,12}"

    def to_python(self, value: str) -> int:
        return parse_timecode(value)

    def to_url(self, value: int) -> str:
        return format_timecode(value)


@dataclass(frozen=True, slots=True)
class Moment:
    """A second that a link points at, and its topic (None before the first topic)."""

    seconds: int
    topic: Topic | None

    @property
    def time(self) -> str:
        return format_timecode(self.seconds)

    def __str__(self) -> str:
        return f"{self.time}: {self.topic.plain}" if self.topic else self.time


@dataclass(frozen=True, slots=True)
class ListedTopic:
    """A topic as the page lists it. Of topics at the same second only the first is a target.

    `seconds` is text: a template would format a number for the visitor's language.
    """

    topic: Topic
    seconds: str
    time: str
    is_target: bool
    is_current: bool


def parse_moment(value: str, topics: Sequence[Topic], length: int | None) -> Moment | None:
    """The moment in `?t=`; None for an invalid time or one past the audio's `length`."""
    try:
        seconds = parse_timecode(value)
    except ValueError:
        return None
    if length is not None and seconds > length:
        return None
    start = max((topic.seconds for topic in topics if topic.seconds <= seconds), default=None)
    return Moment(seconds, next((topic for topic in topics if topic.seconds == start), None))


def moment_query(seconds: int | None) -> str:
    """The query string that points at this second."""
    return "" if seconds is None else f"?t={seconds}"


def topic_lines(topics: Sequence[Topic], moment: Moment | None) -> list[ListedTopic]:
    """The topics in order, with the moment's topic marked."""
    current = moment.topic if moment else None
    previous = [None, *(topic.seconds for topic in topics)]
    return [
        ListedTopic(
            topic,
            str(topic.seconds),
            topic.time,
            is_target=topic.seconds != before,
            is_current=topic == current,
        )
        for topic, before in zip(topics, previous, strict=False)
    ]
