"""Topics too near to one another, and beyond the end."""

from collections.abc import Iterator
from itertools import pairwise

from desk.publishing.checklist.context import Sheet
from desk.publishing.checklist.items import Finding
from text.timecode import format_timecode

NEAREST = 10  # seconds: nearer ones are slips of the finger, and YouTube takes none of them


def check_topics(sheet: Sheet) -> Iterator[Finding]:
    """In the order of the topics."""
    for row, (topic, following) in enumerate(pairwise(sheet.topics), start=1):
        gap = following.start - topic.start
        if gap < NEAREST:
            apart = f"{gap} s apart" if gap else "at the same time"
            message = (
                f"“{topic.title}” and “{following.title}” are {apart}, at "
                f"{format_timecode(topic.start)}."
            )
            yield Finding("warning", message, f"#topics-{row}")
    end = sheet.audio.seconds if sheet.audio else None
    for row, topic in enumerate(sheet.topics):
        if end and topic.start >= end:
            message = (
                f"“{topic.title}” at {format_timecode(topic.start)} is past the end, which is at "
                f"{format_timecode(end)}."
            )
            yield Finding("error", message, f"#topics-{row}")
