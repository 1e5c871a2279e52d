"""What waits for the host: drafts and what they lack, what is scheduled."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from episodes.models import Appearance, Enclosure, Episode, Use
from topics.models import Topic

MOST = 4
MOST_SCHEDULED = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """An episode and what is to be done on it before, or since, it is out."""

    episode: Episode
    lacks: tuple[str, ...]


def waiting() -> tuple[list[Waiting], int]:
    """Drafts, and episodes whose text isn't applied, the latest first; and how many there are.
    Two queries.
    """
    is_draft = Q(status=Episode.Status.DRAFT)
    episodes = Episode.objects.filter(is_draft | ~Q(draft_text=""))
    rows = _with_parts(episodes).order_by("-pk")[:MOST]
    return [Waiting(row, _lacks(row)) for row in rows], episodes.count()


def scheduled() -> QuerySet[Episode]:
    """What appears by itself, the next first."""
    return Episode.objects.scheduled().order_by("published_at")[:MOST_SCHEDULED]


def _with_parts(episodes: QuerySet[Episode]) -> QuerySet[Episode]:
    parts: dict[str, Any] = {  # QuerySets and managers
        "has_guests": Appearance.objects,
        "has_audio": Enclosure.objects.exclude(file="", url="", imported_url=""),
        "has_topics": Topic.objects,
        "has_technologies": Use.objects,
    }
    return episodes.annotate(
        **{name: Exists(rows.filter(episode=OuterRef("pk"))) for name, rows in parts.items()}
    )


def _lacks(episode: Any) -> tuple[str, ...]:
    if episode.draft_text:
        return ()  # what it lacks may stand in the text
    is_podcast = not episode.is_interview
    lacks = {
        "summary": not episode.summary,
        "introduction": not is_podcast and not episode.introduction,
        "guests": not episode.has_guests,
        "audio": is_podcast and not episode.has_audio,
        "topics": is_podcast and not episode.has_topics,
        "technologies": not episode.has_technologies,
        "number": episode.number is None,
        "date": episode.published_at is None,
    }
    return tuple(name for name, is_lacking in lacks.items() if is_lacking)
