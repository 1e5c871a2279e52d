"""House style: what nearly all published episodes have and this one lacks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from desk.publishing.checklist.items import ChecklistItem
from episodes.models import Appearance, Enclosure, Episode, LibraryUse, Reference, Use
from search.models import Question
from search.saved_questions import answered_by, with_answers
from show.models import Show
from topics.models import Topic, Transcript

RECENT = 300  # episodes compared, the newest; older ones may follow former habits
FEWEST = 5  # published episodes before anything counts as usual
USUAL = 0.8  # share of the episodes compared


@dataclass(frozen=True, slots=True)
class Habit:
    """A feature of episodes, how many of the others have it, and whether this one does."""

    what: str
    place: str
    count: int
    total: int
    here: bool


def check_habits(habits: Iterable[Habit]) -> Iterator[ChecklistItem]:
    for habit in habits:
        usual = habit.total >= FEWEST and habit.count >= USUAL * habit.total
        if usual and not habit.here:
            message = (
                f"{habit.count} of {habit.total} episodes have {habit.what}; this one doesn’t."
            )
            yield ChecklistItem("hint", message, habit.place)


def _exists(model: type[Any], **conditions: Any) -> Exists:
    return Exists(model._base_manager.filter(episode=OuterRef("pk"), **conditions))


ADD_GUEST = "guests#add-guest"
# The field of a guest's card that these parts are about.
CARD_FIELDS = {"websites": "website", "handles": "twitter", "images": "avatar"}
# Name, words, where to add it, and the condition for having it.
PARTS: tuple[tuple[str, str, str, Any], ...] = (
    ("summary", "a summary", "#id_summary", ~Q(summary="")),
    ("introduction", "an introduction", "#id_introduction", ~Q(introduction="")),
    ("guests", "guests", ADD_GUEST, _exists(Appearance)),
    ("websites", "a link to a guest", ADD_GUEST,
     _exists(Appearance, guest__website__gt="")),
    ("handles", "a guest’s handle", ADD_GUEST,
     _exists(Appearance, guest__twitter__gt="")),
    ("images", "a guest’s image", ADD_GUEST, _exists(Appearance, guest__avatar__gt="")),
    ("audio", "audio", "audio#id_file", _exists(Enclosure)),
    ("topics", "topics", "#topics-group", _exists(Topic)),
    ("technologies", "a main technology", "#uses-group", _exists(Use)),
    ("libraries", "libraries", "#library_uses-group", _exists(LibraryUse)),
    ("references", "references", "#references-group", _exists(Reference)),
    ("transcript", "a transcript", "transcript", _exists(Transcript)),
)  # fmt: skip


def part_habits(episode: Episode) -> list[Habit]:
    """Parts of an episode, compared with the newest others of its kind; two queries."""
    others = Episode.objects.published().filter(kind=episode.kind).exclude(pk=episode.pk)
    newest = others.newest_first().values("pk")[:RECENT]
    counted = {name: Count("pk", filter=has) for name, _, _, has in PARTS}
    totals = Episode.objects.filter(pk__in=newest).aggregate(total=Count("pk"), **counted)
    own = Episode.objects.filter(pk=episode.pk).aggregate(**counted)
    return [
        Habit(
            what,
            _card_place(episode, CARD_FIELDS[name]) if name in CARD_FIELDS else place,
            totals[name],
            totals["total"],
            bool(own[name]),
        )
        for name, what, place, _ in PARTS
    ]


def _card_place(episode: Episode, field: str) -> str:
    """This field of the first guest in whom it is empty; where to add one if there is none."""
    guests = [row.guest for row in episode.appearances.all()]
    lacking = next((guest for guest in guests if not getattr(guest, field)), None)
    return f"guests#id_guest-{lacking.pk}-{field}" if lacking else ADD_GUEST


def question_habits(episode: Episode, show: Show) -> list[Habit]:
    """Saved questions that most episodes answer; four queries.

    Skips a question with more answers than are counted.
    """
    if episode.is_interview:
        return []
    counted = with_answers(Question.objects.all(), show.zone)
    texts = [topic.plain for topic in episode.topics.all()]
    rows = answered_by([question for question, *_ in counted], texts, show.zone)
    answered = {question for question, _ in rows}
    others = Episode.objects.published().podcast().exclude(pk=episode.pk).count()
    is_counted = episode.is_published
    return [
        Habit(
            f"a topic for “{question.title}”",
            "#topics-group",
            count.episodes - (is_counted and question in answered),
            others,
            question in answered,
        )
        for question, count, _ in counted
        if not count.capped
    ]
