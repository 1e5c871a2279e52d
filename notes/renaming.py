"""What follows for episodes when something they name is called otherwise."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import F

from episodes.models import Episode
from notes.history import record_revision
from notes.read_rows import PARTS, fetched_draft
from search.index import refresh


def finish_renaming(keys: Iterable[int], user: User | None, source: str) -> None:
    """The end of a write that changed names in these episodes and none of their own texts.

    In the same transaction: a revision of each, an edit that open forms notice, and what search
    knows, of all at once. Search locks episodes in the order of their keys; so does this.
    """
    chosen = Episode.with_deleted.filter(pk__in=list(keys)).order_by("pk")
    locked = [episode.pk for episode in chosen.select_for_update(of=("self",))]
    chosen.order_by().update(edit_number=F("edit_number") + 1)
    refresh(locked)
    rows = chosen.select_related("enclosure", "sponsor").prefetch_related(*PARTS)
    for episode in rows:
        record_revision(episode, fetched_draft(episode), user, source)
