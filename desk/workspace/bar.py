"""The bar on every screen of an episode: its state, its tabs, and what can be done with it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.roles import edits_drafts_only, sees_episodes
from episodes.models import Episode
from episodes.rights import may_edit, may_publish

# Key, label, name of the address. Some need permission to change episodes, some a recording.
TABS = (
    ("text", "Text", "desk_text"),
    ("form", "Form", "admin:episodes_episode_change"),
    ("guests", "Guests", "desk_guests"),
    ("audio", "Audio", "desk_audio"),
    ("transcript", "Transcript", "desk_transcript"),
    ("checklist", "Checklist", "desk_checklist"),
    ("history", "History", "admin:episodes_episode_history"),
)
ADDRESSES = {key: name for key, _, name in TABS}
NEW_TABS = (
    ("text", "Text", "desk_paste"),
    ("form", "Form", "admin:episodes_episode_add"),
)
NEEDS_CHANGE = frozenset({"text", "audio", "transcript"})
ONLY_PODCAST = frozenset({"audio", "transcript"})
IN_BIN = frozenset({"form", "history"})


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    address: str
    is_current: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Save:
    """The button that submits a screen's form, which stands elsewhere on the page."""

    form: str  # its id
    label: str = "Save"
    name: str = ""
    value: str = ""
    on_enter: str = ""  # the value sent instead when Enter is pressed in a field


@dataclass(frozen=True, slots=True)
class Workspace:
    """The bar's content. `episode` is None until it is created."""

    episode: Episode | None
    tabs: tuple[Tab, ...]
    current: str
    may_change: bool
    may_publish: bool
    is_only_for_others: bool  # whoever works on drafts reads it
    may_delete: bool
    save: Save | None

    @property
    def label(self) -> str:
        """The current tab's; empty on a screen without one."""
        return next((tab.label for tab in self.tabs if tab.is_current), "")


def workspace(
    user: Any, episode: Episode | None, current: str, save: Save | None = None
) -> Workspace:
    """The bar for this user. `current` is a key of TABS, or names a screen without a tab."""
    rows, keys = (TABS, [episode.pk]) if episode else (NEW_TABS, [])
    may_change = may_edit(user, episode)
    shown = [row for row in rows if _is_shown(row[0], episode, may_change)]
    return Workspace(
        episode=episode,
        tabs=tuple(
            Tab(label, reverse(name, args=keys), key == current, _note(key, episode))
            for key, label, name in shown
        ),
        current=current,
        may_change=may_change,
        may_publish=may_publish(user),
        is_only_for_others=edits_drafts_only(user) and not may_change,
        may_delete=bool(
            episode and not episode.deleted_at and user.has_perm("episodes.delete_episode")
        )
        and sees_episodes(user)
        and not edits_drafts_only(user),
        save=save,
    )


def _note(key: str, episode: Episode | None) -> str:
    return "(not applied yet)" if key == "text" and episode and episode.draft_text else ""


def _is_shown(key: str, episode: Episode | None, may_change: bool) -> bool:
    if episode and episode.deleted_at:
        return key in IN_BIN
    if key in NEEDS_CHANGE and not may_change:
        return False
    return not (episode and episode.is_interview and key in ONLY_PODCAST)


def address_of(key: str, episode: Episode) -> str:
    """The address of a tab of an existing episode. Raises KeyError for another key."""
    return reverse(ADDRESSES[key], args=[episode.pk])
