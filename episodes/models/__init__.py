"""An episode and all that hangs on it but its topics, which are an app of their own."""

from episodes.models.audio import DiscardedFile, Enclosure, Sponsor
from episodes.models.cards import SocialCard
from episodes.models.episode import Episode, new_guid
from episodes.models.joins import Appearance, Joined, LibraryUse, Mention, Reference, Use
from episodes.models.queries import (
    NEWEST_FIRST,
    NOT_DELETED,
    PUBLISHED,
    SCHEDULED,
    VIEWABLE,
    EpisodeQuerySet,
)

__all__ = [
    "NOT_DELETED",
    "NEWEST_FIRST",
    "PUBLISHED",
    "SCHEDULED",
    "VIEWABLE",
    "Appearance",
    "DiscardedFile",
    "SocialCard",
    "Enclosure",
    "Episode",
    "EpisodeQuerySet",
    "Joined",
    "LibraryUse",
    "Mention",
    "Reference",
    "Sponsor",
    "Use",
    "new_guid",
]
