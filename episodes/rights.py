"""Who may change which episode: the one rule for every form, view and save."""

from typing import Any

from accounts.roles import PUBLISH, edits_drafts_only
from episodes.models import Episode


def may_edit(user: Any, episode: Episode | None) -> bool:
    """Whether somebody may change this episode, or a new one (None).

    Producers change drafts, not what visitors see, saw or will see by itself, nor the bin.
    """
    if not user.has_perm("episodes.change_episode"):
        return False
    return not edits_drafts_only(user) or episode is None or is_draft(episode)


def may_publish(user: Any) -> bool:
    """Whether somebody may publish, schedule, withdraw and restore episodes."""
    return user.has_perms(("episodes.change_episode", PUBLISH))


def is_draft(episode: Episode) -> bool:
    return episode.status == Episode.Status.DRAFT and episode.deleted_at is None
