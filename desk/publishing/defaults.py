"""What a new episode is known by until the host says otherwise: its number, address and GUID.

All may be changed until the first publication. From then on apps and people know the episode by
number and GUID, so these stay; an address changed later leaves a redirect (notes.publish).
"""

from django.db.models import Max, Q
from django.utils import timezone

from episodes.models import Episode
from notes.write_rows import free_episode_slug

FIXED = ("kind", "number", "guid")  # once published; the kind is part of the address


def propose(kind: str, title: str) -> Episode:
    """A new draft of this kind and title, unsaved, with a GUID of its own; two queries."""
    number = next_number(kind)
    slug = free_episode_slug(kind, number, title)
    return Episode(kind=kind, number=number, slug=slug, title=title)


def next_number(kind: str) -> int:
    """One more than the last of its kind, be that a draft; the first is 1. One query.

    Numbers of deleted episodes are free again, unless listeners have known them.
    """
    taken = Q(deleted_at=None) | Q(first_published_at__lte=timezone.now())
    numbers = Episode.with_deleted.filter(taken, kind=kind)
    last = numbers.aggregate(last=Max("number"))["last"]
    return 1 if last is None else last + 1


def is_fixed(episode: Episode) -> bool:
    """Whether listeners may know the episode: once published, even if withdrawn since."""
    first = episode.first_published_at
    return first is not None and first <= timezone.now()
