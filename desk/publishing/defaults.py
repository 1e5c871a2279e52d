"""The number proposed for a draft, and what an episode's first publication fixes.

From then on apps and people identify the episode by its number and GUID. A new address leaves a
redirect instead (notes.apply). One that is a draft again has only its number free: apps that saw it
go by the GUID.
"""

from django.db.models import Max, Q
from django.utils import timezone

from episodes.models import Episode

FIXED = ("kind", "number", "guid")  # after publication; the kind is part of the address
FIXED_NUMBER = "Listeners know the episode by it. It changes only while the episode is a draft."


def fixed_fields(episode: Episode) -> tuple[str, ...]:
    """The fields that can't change any more. An import may have published one without a number."""
    if not episode.was_ever_public:
        return ()
    is_draft = episode.status == Episode.Status.DRAFT
    fixed = (name for name in FIXED if getattr(episode, name) is not None)
    return tuple(name for name in fixed if not (is_draft and name == "number"))


def next_number(kind: str) -> int:
    """One more than the highest of its kind, drafts included; the first is 1. One query.

    A deleted episode's number is free again unless the episode was published.
    """
    taken = Q(deleted_at=None) | Q(first_published_at__lte=timezone.now())
    numbers = Episode.with_deleted.filter(taken, kind=kind)
    last = numbers.aggregate(last=Max("number"))["last"]
    return 1 if last is None else last + 1
