"""An episode's topics as chapters: one list for pages, feeds and players."""

from dataclasses import dataclass
from typing import Any

from episodes.models import Episode
from topics.models import Topic


@dataclass(frozen=True, slots=True)
class Chapter:
    """`start` in whole seconds; `title` as plain text."""

    start: int
    title: str


def chapters(topics: list[Topic]) -> list[Chapter]:
    """Exactly the topics given, in their order. No 0:00 chapter is made up."""
    return [Chapter(topic.seconds, topic.plain) for topic in topics]


def with_introduction(found: list[Chapter]) -> list[Chapter]:
    """The chapters behind a derived 0:00 “Introduction”, for formats that must start there."""
    starts_late = found and found[0].start
    return [Chapter(0, "Introduction"), *found] if starts_late else found


def json_chapters(episode: Episode, topics: list[Topic]) -> dict[str, Any]:
    """Podcasting 2.0 JSON chapters, version 1.2.0 (podcast-namespace, chapters/jsonChapters.md)."""
    listed = [{"startTime": each.start, "title": each.title} for each in chapters(topics)]
    return {"version": "1.2.0", "title": episode.title, "chapters": listed}
