"""“Your usual shape”: what nearly all published episodes have, and this one hasn't."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from desk.publishing.checklist.items import Finding
from episodes.models import Appearance, Enclosure, Episode, LibraryUse, Reference, Use
from search.models import Question
from search.saved_questions import answered_by, with_counts
from show.models import Show
from topics.models import Topic, Transcript

RECENT = 300  # of the newest episodes; a habit of older ones is none any more
FEWEST = 5  # published episodes, before which nothing is usual
USUAL = 0.8  # of them


@dataclass(frozen=True, slots=True)
class Habit:
    """Something of an episode: how many others have it, of how many, and whether this one does."""

    what: str
    place: str
    count: int
    total: int
    here: bool


def check_shape(habits: Iterable[Habit]) -> Iterator[Finding]:
    for habit in habits:
        usual = habit.total >= FEWEST and habit.count >= USUAL * habit.total
        if usual and not habit.here:
            message = (
                f"{habit.count} of {habit.total} episodes have {habit.what}, this one has none."
            )
            yield Finding("hint", message, habit.place)


def _of(model: type[Any], **conditions: Any) -> Exists:
    return Exists(model._base_manager.filter(episode=OuterRef("pk"), **conditions))


# Name, words, where it is mended, and what says that an episode has it.
PARTS: tuple[tuple[str, str, str, Any], ...] = (
    ("summary", "a summary", "#id_summary", ~Q(summary="")),
    ("introduction", "an introduction", "#id_introduction", ~Q(introduction="")),
    ("guests", "guests", "#appearances-group", _of(Appearance)),
    ("websites", "a link to a guest", "#appearances-group",
     _of(Appearance, guest__website__gt="")),
    ("handles", "a guest’s handle", "#appearances-group", _of(Appearance, guest__twitter__gt="")),
    ("pictures", "a guest’s picture", "#appearances-group", _of(Appearance, guest__avatar__gt="")),
    ("audio", "audio", "#enclosure-group", _of(Enclosure)),
    ("topics", "topics", "#topics-group", _of(Topic)),
    ("technologies", "a main technology", "#uses-group", _of(Use)),
    ("libraries", "libraries", "#library_uses-group", _of(LibraryUse)),
    ("references", "references", "#references-group", _of(Reference)),
    ("transcript", "a transcript", "#transcript", _of(Transcript)),
)  # fmt: skip


def part_habits(episode: Episode) -> list[Habit]:
    """Of the parts of an episode, against the newest others of its kind; two queries."""
    others = Episode.objects.published().filter(kind=episode.kind).exclude(pk=episode.pk)
    newest = others.newest_first().values("pk")[:RECENT]
    counted = {name: Count("pk", filter=has) for name, _, _, has in PARTS}
    totals = Episode.objects.filter(pk__in=newest).aggregate(total=Count("pk"), **counted)
    own = Episode.objects.filter(pk=episode.pk).aggregate(**counted)
    return [
        Habit(what, place, totals[name], totals["total"], bool(own[name]))
        for name, what, place, _ in PARTS
    ]


def question_habits(episode: Episode, show: Show) -> list[Habit]:
    """Of the host's questions, each as most episodes answer it; four queries.

    A question that too many moments answer to be counted is left out.
    """
    if episode.is_interview:
        return []
    counted = with_counts(Question.objects.all(), show.zone)
    texts = [topic.plain for topic in episode.topics.all()]
    answered = answered_by((question for question, _ in counted), texts, show.zone)
    others = Episode.objects.published().podcast().exclude(pk=episode.pk).count()
    is_counted = episode.status == Episode.Status.PUBLISHED and episode.is_due()
    return [
        Habit(
            f"a topic for “{question.title}”",
            "#topics-group",
            count.episodes - (is_counted and question in answered),
            others,
            question in answered,
        )
        for question, count in counted
        if not count.capped
    ]
