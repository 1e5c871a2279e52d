"""Moments and clips of an episode: `?t=1526` and `?t=1525,1600`.

Each has one address; `?t=25:26` and `?t=25m26s` redirect to it. So a stranger can't have a page
rendered under many addresses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.utils.text import get_text_list

from caching.http import CacheableRequest
from episodes.models import Episode
from text.timecode import (
    exact_duration,
    format_span,
    format_timecode,
    parse_span,
    parse_timecode,
    spoken_duration,
)
from topics.credits import credited
from topics.models import Topic

MINUTE = 60  # seconds


class TimecodeConverter:
    """A time in a path, as seconds."""

    regex = "[0-9:hms]{1,12}"

    def to_python(self, value: str) -> int:
        return parse_timecode(value)

    def to_url(self, value: int) -> str:
        return format_timecode(value)


@dataclass(frozen=True, slots=True)
class Moment:
    """A second that a link points at, and its topic (None before the first topic).

    `end`: a clip's last second; None if it has none. `length`: of the audio, if known; `following`:
    the second at which the next topic begins, if there is one.
    """

    seconds: int
    topic: Topic | None
    end: int | None = None
    length: int | None = None
    following: int | None = None

    @property
    def parameter(self) -> str:
        """Its only spelling in `?t=`, and in an audio address's `#t=` (Media Fragments, 4.2.1)."""
        return str(self.seconds) if self.end is None else f"{self.seconds},{self.end}"

    @property
    def is_topic(self) -> bool:
        """Whether it is a topic's first second: an address that our own pages link to."""
        return self.end is None and self.topic is not None and self.topic.seconds == self.seconds

    @property
    def time(self) -> str:
        return format_timecode(self.seconds)

    @property
    def offer(self) -> str:
        """What a link that plays it says after “Play”."""
        return self._named(self.offered_time)

    @property
    def offered_time(self) -> str:
        """The same without the topic's words, for a button below them."""
        return f"from {self.time}" if self.end is None else self.spoken

    @property
    def spoken(self) -> str:
        """Its time, or both times of a clip, in words."""
        return self.time if self.end is None else f"{self.time} to {format_timecode(self.end)}"

    @property
    def span(self) -> str:
        """Its time, or both times of a clip, in figures."""
        return format_span(self.seconds, self.end)

    @property
    def place(self) -> str:
        """Where in the audio it is, and how long it lasts: “25:26 of 46:03, 2 min until …”."""
        of = f" of {format_timecode(self.length)}" if self.length else ""
        rest = ""
        if self.end is not None:
            rest = f", {exact_duration(self.end - self.seconds)}"
        elif self.following:
            rest = f", {_rounded(self.following - self.seconds)} until the next topic"
        elif self.length and self.length > self.seconds:
            rest = f", {_rounded(self.length - self.seconds)} until the end"
        return f"{self.span}{of}{rest}"

    def __str__(self) -> str:
        return self._named(self.span)

    def _named(self, time: str) -> str:
        return f"{time}: {self.topic.plain}" if self.topic else time


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
        seconds, end = parse_span(value)
    except ValueError:
        return None
    if length is not None:
        if seconds > length:
            return None
        if end is not None:
            end = min(end, length) if seconds < length else None
    start = max((topic.seconds for topic in topics if topic.seconds <= seconds), default=None)
    topic = next((topic for topic in topics if topic.seconds == start), None)
    following = min((topic.seconds for topic in topics if topic.seconds > seconds), default=None)
    return Moment(seconds, topic, end, length, following)


def redirect_to_spelling(request: HttpRequest, moment: Moment | None) -> HttpResponse | None:
    """A redirect from another spelling of `?t=` to the moment's own; None if it is that one.

    A time without a moment leads to the page itself, not for good: a longer recording may follow.
    Only topics' moments are cached: of the others, an episode has thousands.
    """
    given = request.GET.get("t", "")
    spelling = moment.parameter if moment else ""
    if given != spelling:
        query = request.GET.copy()
        del query["t"]
        if moment:
            query["t"] = spelling
        rest = query.urlencode(safe=",")
        to = HttpResponsePermanentRedirect if moment else HttpResponseRedirect
        return to(f"{request.path}?{rest}" if rest else request.path)
    cast(CacheableRequest, request).is_storable = moment is None or moment.is_topic
    return None


def _rounded(seconds: int) -> str:
    return spoken_duration(seconds) if seconds >= MINUTE else exact_duration(seconds)


def described(moment: Moment, episode: Episode) -> str:
    """For who is sent a link: who says what, and where it is. Needs the episode's appearances."""
    if moment.topic is None:
        return f"{moment.place}."
    words = moment.topic.plain
    guests = credited(words, [each.guest.name for each in episode.appearances.all()])
    said = f"{get_text_list(list(guests), 'and')}: {words}" if guests else words
    return f"{said}{'' if words.endswith(('.', '?', '!', '…')) else '.'} {moment.place}."


def moment_query(moment: Moment | None) -> str:
    """The query string that points at this moment."""
    return f"?t={moment.parameter}" if moment else ""


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
