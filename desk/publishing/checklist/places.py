"""Where an item of the checklist is mended: a tab of the episode and a field on it."""

import hashlib
from typing import Any

from django.urls import reverse

from desk.publishing.checklist.items import ChecklistItem
from desk.workspace.bar import address_of
from desk.workspace.returning import returning
from episodes.models import Episode
from episodes.rights import may_edit


def anchor(item: ChecklistItem) -> str:
    """The item's id on the page of the checklist, the same as long as it says the same."""
    return f"check-{hashlib.sha256(item.message.encode()).hexdigest()[:8]}"


def go_there(item: ChecklistItem, episode: Episode) -> str:
    """The address of the field, whose save leads back to this item."""
    here = f"{reverse('desk_checklist', args=[episode.pk])}#{anchor(item)}"
    return returning(place_address(item.place, episode), here)


def can_mend(item: ChecklistItem, episode: Episode, user: Any) -> bool:
    """Whether the user can change what the item is about; the show's own pages are a host's."""
    if item.place.startswith("/"):
        return user.has_perm("show.change_show")
    return may_edit(user, episode)


def place_address(place: str, episode: Episode) -> str:
    """The address of `#id` on the form, of `tab#id` on another tab, or of a page of the desk."""
    if place.startswith("/"):
        return place
    tab, mark, fragment = place.partition("#")
    return f"{address_of(tab or 'form', episode)}{mark}{fragment}"
