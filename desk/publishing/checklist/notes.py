"""Checks of the notes: topics' times, and links."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from django.db.models import F

from desk.publishing.checklist.context import CheckContext, PlacedLink
from desk.publishing.checklist.items import ChecklistItem
from episodes.models import Episode
from linkcheck.models import Link
from text.timecode import format_timecode
from topics.models import CueCorrection

NEAREST = 10  # seconds between topics; less is likely an error, and YouTube rejects it

MOST_PAST = 3  # topics past the end that are named one by one


def check_text(episode: Episode) -> Iterator[ChecklistItem]:
    """A text that waits makes the other checks miss what it says."""
    if episode.draft_text:
        message = "The text isn’t applied yet, so this checklist doesn’t know what it says."
        yield ChecklistItem("warning", message, "text")


def check_topics(context: CheckContext) -> Iterator[ChecklistItem]:
    """Topics that are too close, past the end, or other than those in the recording's file."""
    if context.stale_chapters:
        message = "Title or topics have changed since they were written into the recording."
        yield ChecklistItem("warning", message, context.stale_chapters)
    for row, (topic, following) in enumerate(pairwise(context.topics), start=1):
        gap = following.start - topic.start
        if gap < NEAREST:
            apart = f"{gap} s apart" if gap else "at the same time"
            time = format_timecode(topic.start)
            message = f"“{topic.title}” and “{following.title}” are {apart}, at {time}."
            yield ChecklistItem("warning", message, f"#topics-{row}")
    yield from _past_the_end(context)


def _past_the_end(context: CheckContext) -> Iterator[ChecklistItem]:
    """Each topic past the end, or one item if it is most of them."""
    end = context.audio.seconds if context.audio else None
    if not end:
        return
    past = [(row, topic) for row, topic in enumerate(context.topics) if topic.start >= end]
    length = format_timecode(end)
    if len(past) > MOST_PAST and len(past) * 2 > len(context.topics):
        many = f"{len(past)} of {len(context.topics)} topics are past the end ({length})."
        yield ChecklistItem("error", f"{many} Is this the right recording?", "audio")
        return
    for row, topic in past:
        time = format_timecode(topic.start)
        message = f"“{topic.title}” at {time} is past the end ({length})."
        yield ChecklistItem("error", message, f"#topics-{row}")


def check_corrections(episode: Episode) -> Iterator[ChecklistItem]:
    """Corrections of the transcript that no save has made public yet. One query."""
    rows = CueCorrection.objects.filter(transcript__episode=episode)
    if count := rows.exclude(text=F("was_text"), speaker=F("was_speaker")).count():
        lines = "line" if count == 1 else "lines"
        message = f"{count} corrected {lines} of the transcript wait to be saved."
        yield ChecklistItem("warning", message, "transcript")


def check_links(
    links: Iterable[PlacedLink], results: Mapping[str, Link]
) -> Iterator[ChecklistItem]:
    """Links that are dead or not secure, by the results of the last link check."""
    for link in links:
        result = results.get(_without_fragment(link.url))
        if result and result.is_dead:
            message = f"{link.url} is dead ({result.reason or result.status})."
            yield ChecklistItem("warning", message, link.place)
        elif link.url.startswith("http://"):
            works = " https:// works, too." if result and result.https_works else ""
            yield ChecklistItem("warning", f"{link.url} is http, not https.{works}", link.place)


def link_results(links: Iterable[PlacedLink]) -> dict[str, Link]:
    """Results by address; one query."""
    urls = {_without_fragment(link.url) for link in links}
    return {row.url: row for row in Link.objects.filter(url__in=urls)}


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]
