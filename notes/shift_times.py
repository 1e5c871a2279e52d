"""Shift topics and cues after a recording was cut or extended."""

from dataclasses import dataclass

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Greatest

from episodes.models import Episode
from text.timecode import MAX_SECONDS, format_timecode
from topics.models import Cue, Topic


@dataclass(frozen=True, slots=True)
class Move:
    """`by` seconds were added at second `at` of the former recording; below 0, cut from there."""

    at: int
    by: int

    def of(self, seconds: int) -> int:
        """Where it begins now. What began within a cut begins where the cut was."""
        return seconds if seconds < self.at else max(self.at, seconds + self.by)

    def cuts(self, seconds: int) -> bool:
        """Whether this second of the former recording was cut."""
        return self.at <= seconds < self.at - self.by


@dataclass(frozen=True, slots=True)
class MovedTopic:
    topic: Topic  # as it is now
    seconds: int  # where it will begin
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Moving:
    """What a move would do. `wrong` says why it can't be done, or nothing."""

    move: Move
    topics: tuple[MovedTopic, ...] = ()
    cues: int = 0  # that will begin elsewhere
    cut_cues: int = 0  # that were said within a cut, and go
    wrong: str = ""


def plan_move(episode: Episode, move: Move) -> Moving:
    """Look at what would be moved; two queries."""
    topics = tuple(
        MovedTopic(topic, move.of(topic.seconds), move.cuts(topic.seconds))
        for topic in Topic.objects.filter(episode=episode, seconds__gte=move.at)
    )
    cues = _cues(episode, move).aggregate(
        count=Count("pk"), cut=Count("pk", filter=_is_cut(move)), last=Max("start")
    )
    last = max(topics[-1].topic.seconds if topics else 0, (cues["last"] or 0) // 1000)
    wrong = ""
    if not topics and not cues["count"]:
        wrong = f"Nothing begins at {format_timecode(move.at)} or later."
    elif last + move.by > MAX_SECONDS:
        wrong = "Something would begin after more than a week."
    return Moving(move, topics, cues["count"] - cues["cut"], cues["cut"], wrong)


def _cues(episode: Episode, move: Move) -> QuerySet[Cue]:
    return Cue.objects.filter(transcript__episode=episode, start__gte=move.at * 1000)


def _is_cut(move: Move) -> Q:
    """Of a cue that begins at the move or later: whether it was said within a cut."""
    return Q(end__lte=(move.at - move.by) * 1000)


def apply_move(episode: Episode, moving: Moving) -> None:
    """Shift the rows. Call it in a transaction that ends in `finish_edit`."""
    for moved in moving.topics:
        moved.topic.seconds = moved.seconds
    Topic.objects.bulk_update([moved.topic for moved in moving.topics], ["seconds"])
    _cues(episode, moving.move).filter(_is_cut(moving.move)).delete()  # the history keeps them
    at, by = moving.move.at * 1000, moving.move.by * 1000
    _cues(episode, moving.move).update(
        start=Greatest(F("start") + by, at), end=Greatest(F("end") + by, at)
    )
