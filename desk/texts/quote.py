"""The moment of an episode that its texts quote: proposed, or chosen by the host."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any

from episodes.models import Episode
from pages.moments import Moment, parse_moment
from pages.sharing import PAGE
from search.models import Question
from search.query.parse import parse_query
from search.saved_questions import answered_by
from show.models import Highlight, Show
from topics.credits import credited
from topics.models import Topic

FEWEST_WORDS = 4  # “Next steps” says nothing to whoever hasn't listened
GREETINGS = 60  # seconds
MOST_WORDS = 500  # characters of a quotation that the host types
MOST_NAME = 120


@dataclass(frozen=True, slots=True)
class Quote:
    """`reason`: why it is proposed; empty if the host chose it. `people`: who says it."""

    moment: Moment
    words: str
    people: tuple[str, ...]
    reason: str = ""

    @property
    def clip(self) -> str:
        """The value of `?t=` that also ends there; the moment's own without a known end."""
        moment = self.moment
        end = moment.end or moment.following or moment.length
        is_span = end is not None and end > moment.seconds
        return f"{moment.seconds},{end}" if is_span else moment.parameter


def quotable_topics(episode: Episode) -> list[Topic]:
    """One of each second, none past the recording's end; none of a written interview. No query."""
    if episode.is_interview:
        return []
    length = episode.seconds
    topics = [topic for topic in episode.topics.all() if length is None or topic.seconds <= length]
    return [
        topic for before, topic in zip([None, *topics], topics, strict=False)
        if before is None or before.seconds != topic.seconds
    ]  # fmt: skip


def chosen_quote(episode: Episode, time: str, words: str = "", by: str = "") -> Quote | None:
    """The moment at a time such as 1526 or 25:26, in these words or the topic's, by this speaker or
    the guests; None before the first topic, and for any other text. No query.
    """
    topics = quotable_topics(episode)
    moment = parse_moment(time, topics, episode.seconds) if topics else None
    quote = _quote(episode, moment) if moment else None
    own = shorten(words, MOST_WORDS, placeholder="…")
    if quote is None or not own:
        return quote
    speaker = shorten(by, MOST_NAME, placeholder="…")
    return replace(quote, words=own, people=(speaker,) if speaker else quote.people)


def proposed_quote(episode: Episode, show: Show) -> Quote | None:
    """A highlight of the episode, else what answers the first of the saved questions that is
    answered, else what they talk about longest. Three queries; None without topics.
    """
    topics = quotable_topics(episode)
    if not topics:
        return None
    topic, reason = (
        _highlighted(episode, topics)
        or _answering(topics, show)
        or _longest(topics, episode.seconds)
    )
    moment = parse_moment(str(topic.seconds), topics, episode.seconds)
    return _quote(episode, moment, reason) if moment else None


def _quote(episode: Episode, moment: Moment, reason: str = "") -> Quote | None:
    if moment.topic is None:
        return None
    words = moment.topic.plain
    names = [each.guest.name for each in episode.appearances.all()]
    return Quote(moment, words, credited(words, names), reason)


def _highlighted(episode: Episode, topics: Sequence[Topic]) -> tuple[Topic, str] | None:
    for path in Highlight.objects.values_list("path", flat=True):
        match = PAGE.fullmatch(path)
        if match and match[1] == episode.slug and match[2]:
            moment = parse_moment(match[2], topics, episode.seconds)
            if moment and moment.topic:
                return moment.topic, "it is one of your highlights"
    return None


def _answering(topics: Sequence[Topic], show: Show) -> tuple[Topic, str] | None:
    """Of several answers the longest, which is the least like the question alone."""
    questions = [row for row in Question.objects.all() if not parse_query(row.query).filters]
    by_words = {topic.plain: topic for topic in topics if _says_something(topic)}
    answers = answered_by(questions, list(by_words), show.zone) if by_words else []
    for question in questions:
        found = [words for each, words in answers if each == question]
        if found:
            return by_words[max(found, key=len)], f"it answers “{question.title}”"
    return None


def _longest(topics: Sequence[Topic], length: int | None) -> tuple[Topic, str]:
    ends: list[Any] = [*(topic.seconds for topic in topics[1:]), length]
    lasting = {
        topic: end - topic.seconds
        for topic, end in zip(topics, ends, strict=True)
        if end is not None and topic.seconds >= GREETINGS and _says_something(topic)
    }
    if lasting:
        return max(lasting, key=lambda topic: lasting[topic]), "no topic is talked about longer"
    return next(filter(_says_something, topics), topics[0]), "it is the first topic"


def _says_something(topic: Topic) -> bool:
    return len(topic.plain.split()) >= FEWEST_WORDS
