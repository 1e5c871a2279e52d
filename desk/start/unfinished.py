"""Episodes that need the host: unfinished ones and what they lack, and scheduled ones."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from desk.publishing.checklist.assemble import count_errors
from episodes.models import Appearance, Enclosure, Episode, Use
from show.models import Show
from topics.models import CueCorrection, Topic

HAS_CORRECTIONS = Exists(CueCorrection.objects.filter(transcript__episode=OuterRef("pk")))
UNFINISHED = Q(status=Episode.Status.DRAFT) | ~Q(draft_text="") | Q(HAS_CORRECTIONS)
MAX_UNFINISHED = 4
MAX_SCHEDULED = 10


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A draft, or an episode with a text or corrections that aren't public."""

    episode: Episode
    missing: tuple[str, ...]


def unfinished(*, only_drafts: bool = False) -> tuple[list[Unfinished], int]:
    """The newest few drafts, and how many there are. Two queries.

    `only_drafts` leaves out what waits in published episodes, for whoever can't change these.
    """
    episodes = Episode.objects.filter(UNFINISHED)
    if only_drafts:
        episodes = episodes.filter(status=Episode.Status.DRAFT)
    rows = _with_parts(episodes).order_by("-pk")[:MAX_UNFINISHED]
    return [Unfinished(row, _missing(row)) for row in rows], episodes.count()


@dataclass(frozen=True, slots=True)
class Scheduled:
    """An episode that will be published by itself, and how much its checklist has to fix."""

    episode: Episode
    errors: int


def scheduled(show: Show) -> list[Scheduled]:
    """The next few. Four queries, with those of what is checked."""
    rows = Episode.objects.scheduled().select_related("enclosure").order_by("published_at")
    fetched = rows.prefetch_related("topics", "references", "library_uses")[:MAX_SCHEDULED]
    return [Scheduled(row, count_errors(row, show)) for row in fetched]


def _with_parts(episodes: QuerySet[Episode]) -> QuerySet[Episode]:
    parts: dict[str, Any] = {  # QuerySets and managers
        "has_guests": Appearance.objects,
        "has_audio": Enclosure.objects.exclude(file="", url="", imported_url=""),
        "has_topics": Topic.objects,
        "has_technologies": Use.objects,
    }
    return episodes.annotate(
        has_corrections=HAS_CORRECTIONS,
        **{name: Exists(rows.filter(episode=OuterRef("pk"))) for name, rows in parts.items()},
    )


def _missing(episode: Any) -> tuple[str, ...]:
    if episode.draft_text or episode.status != Episode.Status.DRAFT:
        return ()  # the text may have it; a published one isn't listed for what it lacks
    is_podcast = not episode.is_interview
    missing = {
        "summary": not episode.summary,
        "introduction": not is_podcast and not episode.introduction,
        "guests": not episode.has_guests,
        "audio": is_podcast and not episode.has_audio,
        "topics": is_podcast and not episode.has_topics,
        "technologies": not episode.has_technologies,
        "number": episode.number is None,
        "date": episode.published_at is None,
    }
    return tuple(name for name, is_missing in missing.items() if is_missing)
