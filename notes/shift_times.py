"""Shift topics and cues after a recording was cut or extended."""

from dataclasses import dataclass, replace

from django.db.models import Count, F, Min, QuerySet

from episodes.models import Episode
from text.timecode import MAX_SECONDS, format_timecode
from topics.models import Cue, Topic


@dataclass(frozen=True, slots=True)
class Move:
    """Shift everything after second `after` by `by` seconds."""

    after: int
    by: int


@dataclass(frozen=True, slots=True)
class Moving:
    """What a move would do. `wrong` says why it can't be done, or nothing."""

    move: Move
    topics: tuple[Topic, ...] = ()  # as they are now
    cues: int = 0
    wrong: str = ""

    def moved(self, topic: Topic) -> int:
        return topic.seconds + self.move.by


def plan_move(episode: Episode, move: Move) -> Moving:
    """Look at what would be moved; two queries."""
    rows = list(Topic.objects.filter(episode=episode))
    topics = tuple(topic for topic in rows if topic.seconds >= move.after)
    before = [topic for topic in rows if topic.seconds < move.after]
    cues = _cues(episode, move).aggregate(count=Count("pk"), first=Min("start"))
    found = Moving(move, topics, cues["count"])
    return replace(found, wrong=_wrong(found, before, cues["first"]))


def _cues(episode: Episode, move: Move) -> QuerySet[Cue]:
    return Cue.objects.filter(transcript__episode=episode, start__gte=move.after * 1000)


def _wrong(moving: Moving, before: list[Topic], first_cue: int | None) -> str:
    topics, by = moving.topics, moving.move.by
    if not topics and first_cue is None:
        return f"Nothing begins at {format_timecode(moving.move.after)} or later."
    starts = [topic.seconds for topic in topics] + ([first_cue // 1000] if first_cue else [])
    if min(starts, default=0) + by < 0:
        return "Something would begin before the recording does."
    if topics and moving.moved(topics[-1]) > MAX_SECONDS:
        return "Something would begin after more than a week."
    if topics and before and moving.moved(topics[0]) < before[-1].seconds:
        return f"“{topics[0].plain}” would come before “{before[-1].plain}” ({before[-1].time})."
    return ""


def apply_move(episode: Episode, moving: Moving) -> None:
    """Shift the rows. Call it in a transaction that ends in `finish_edit`."""
    for topic in moving.topics:
        topic.seconds = moving.moved(topic)
    Topic.objects.bulk_update(moving.topics, ["seconds"])
    shift = moving.move.by * 1000
    _cues(episode, moving.move).update(start=F("start") + shift, end=F("end") + shift)
