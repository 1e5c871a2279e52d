"""Reads chapters, Podlove's and those of Podcasting 2.0, into topics. Pure."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from notes.grammar.draft import TopicDraft
from notes.grammar.lines import one_line
from text.markup import plain_text
from transfer.importers.feed.values import read_start
from transfer.importers.html_to_markdown import linked

MOST_CHAPTERS = 2000
READ = {"startTime", "endTime", "title", "url"}
FILE = "podcast:chapters"


@dataclass(frozen=True, slots=True)
class ChapterList:
    """Topics by their start, and how often there was something that topics can't hold."""

    topics: tuple[TopicDraft, ...] = ()
    untaken: Counter[str] = field(default_factory=Counter)


def read_chapters(data: bytes) -> ChapterList:
    """The chapters of a Podcasting 2.0 file (chapters/jsonChapters.md).

    Those without a title or hidden (`toc`) are left out. Raises ValueError if it is no such file.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        raise ValueError("it is not JSON") from wrong
    chapters = document.get("chapters") if isinstance(document, dict) else None
    if not isinstance(chapters, list) or len(chapters) > MOST_CHAPTERS:
        raise ValueError(f"it has no list of up to {MOST_CHAPTERS:,} chapters")
    topics: list[TopicDraft] = []
    untaken: Counter[str] = Counter()
    for chapter in chapters:
        topic = _topic(chapter) if isinstance(chapter, dict) else None
        if topic is None:
            untaken[f"{FILE}: hidden or without a title"] += 1
            continue
        topics.append(topic)
        untaken.update(f"{FILE}: {key[:40]}" for key in chapter if key not in READ)
    return ChapterList(in_order(topics), untaken)


def _topic(chapter: dict[str, Any]) -> TopicDraft | None:
    title, url = chapter.get("title"), chapter.get("url")
    if not isinstance(title, str) or not title.strip() or chapter.get("toc") is False:
        return None
    address = url if isinstance(url, str) else ""
    return TopicDraft(read_start(chapter.get("startTime")), linked(one_line(title), address))


def in_order(topics: Iterable[TopicDraft]) -> tuple[TopicDraft, ...]:
    return tuple(sorted(topics, key=lambda topic: topic.seconds))


def with_links(topics: Iterable[TopicDraft], chapters: ChapterList) -> ChapterList:
    """The notes' topics, with the links of chapters that say the same at the same time.

    Counts the other chapters with a link, or at a time that the notes don't have.
    """
    chapter_of = {(each.seconds, plain_text(each.text)): each for each in chapters.topics}
    found = []
    for topic in topics:
        same = chapter_of.pop((topic.seconds, plain_text(topic.text)), topic)
        found.append(replace(topic, text=same.text) if _links(same) > _links(topic) else topic)
    times = {topic.seconds for topic in found}
    lost = sum(each.seconds not in times or _links(each) for each in chapter_of.values())
    return ChapterList(tuple(found), chapters.untaken + Counter({"chapters that differ": lost}))


def _links(topic: TopicDraft) -> bool:
    return "](" in topic.text
