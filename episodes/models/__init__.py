"""Episodes and the rows that belong to them. Topics are an app of their own."""

from episodes.models.episode import Episode, new_guid
from episodes.models.files import DiscardedFile, Enclosure, SocialCard
from episodes.models.joins import (
    Appearance,
    Joined,
    LibraryUse,
    Mention,
    Reference,
    Sponsor,
    Use,
    in_order,
)  # fmt: skip
from episodes.models.queries import NEWEST_FIRST, EpisodeQuerySet
from episodes.rules.visibility import NOT_DELETED, PUBLISHED, SCHEDULED, VIEWABLE

__all__ = [
    "NEWEST_FIRST", "NOT_DELETED", "PUBLISHED", "SCHEDULED", "VIEWABLE", "Appearance",
    "DiscardedFile", "Enclosure", "Episode", "EpisodeQuerySet", "Joined", "LibraryUse", "Mention",
    "Reference", "SocialCard", "Sponsor", "Use", "in_order", "new_guid",
]  # fmt: skip
