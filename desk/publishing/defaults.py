"""The number proposed for a draft, and what an episode's first publication fixes.

From then on apps and people identify the episode by its number and GUID. A new address leaves a
redirect instead (notes.apply).
"""

from django.db.models import Max, Q
from django.utils import timezone

from episodes.models import Episode

FIXED = ("kind", "number", "guid")  # after publication; the kind is part of the address


def next_number(kind: str) -> int:
    """One more than the highest of its kind, drafts included; the first is 1. One query.

    A deleted episode's number is free again unless the episode was published.
    """
    taken = Q(deleted_at=None) | Q(first_published_at__lte=timezone.now())
    numbers = Episode.with_deleted.filter(taken, kind=kind)
    last = numbers.aggregate(last=Max("number"))["last"]
    return 1 if last is None else last + 1
