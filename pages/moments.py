"""Moments of an episode: `?t=1526`, `?t=25:26`, `?t=25m26s`."""

from collections.abc import Sequence
from dataclasses import dataclass

from text.timecode import format_timecode, parse_timecode
from topics.models import Topic


@dataclass(frozen=True, slots=True)
class Moment:
    """A second someone points at, and what is talked about then (None before the first topic)."""

    seconds: int
    topic: Topic | None

    @property
    def time(self) -> str:
        return format_timecode(self.seconds)

    def __str__(self) -> str:
        return f"{self.time}: {self.topic.plain}" if self.topic else self.time


@dataclass(frozen=True, slots=True)
class Line:
    """A topic as the page lists it. Of topics at the same second only the first is a target.

    Numbers are words here already: in a template each would be made one by the visitor's language.
    """

    topic: Topic
    seconds: str
    time: str
    is_target: bool
    is_current: bool


def asked_moment(value: str, topics: Sequence[Topic], length: int | None) -> Moment | None:
    """The moment `?t=` names; None when it names none, or one past the audio's `length`."""
    try:
        seconds = parse_timecode(value)
    except ValueError:
        return None
    if length is not None and seconds > length:
        return None
    start = max((topic.seconds for topic in topics if topic.seconds <= seconds), default=None)
    return Moment(seconds, next((topic for topic in topics if topic.seconds == start), None))


def topic_lines(topics: Sequence[Topic], moment: Moment | None) -> list[Line]:
    """The topics in their order, the moment's one marked."""
    current = moment.topic if moment else None
    previous = [None, *(topic.seconds for topic in topics)]
    return [
        Line(
            topic,
            str(topic.seconds),
            topic.time,
            is_target=topic.seconds != before,
            is_current=topic == current,
        )
        for topic, before in zip(topics, previous, strict=False)
    ]
