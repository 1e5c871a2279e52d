"""What someone else saved while a form was open."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from desk.history.differences import differences
from desk.writing.diff import Difference
from episodes.models import Episode
from notes.history import current_snapshot, last_revision, revision_at, snapshot_of

MAX_CHANGES = 30


def changed_since(
    episode: Episode, edit_number: int, reader: User | None = None, *, can_merge: bool = False
) -> SafeString | None:
    """A form error that names who saved the episode after this edit and what differs.

    None if nothing differs. It has a button if the form `can_merge`.
    """
    seen = revision_at(episode, edit_number)
    changes = differences(snapshot_of(seen), current_snapshot(episode)) if seen else []
    if seen and not changes:
        return None
    last = last_revision(episode)
    who, when = (last.user, last.created_at) if last else (None, None)
    more = {"is_reader": bool(who and who == reader), "opened_at": edit_number}
    return conflict_message(
        who or "An import", when, changes, **more, can_merge=can_merge and seen is not None
    )


def conflict_message(
    who: User | str, when: datetime | None, changes: list[Difference], **more: Any
) -> SafeString:
    context = {"who": who, "when": when, "changes": changes, "most": MAX_CHANGES} | more
    return render_to_string("admin/desk/history/conflict.html", context)
