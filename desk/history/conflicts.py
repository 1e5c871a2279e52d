"""What someone else saved while a form was open."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from desk.history.differences import differences
from episodes.models import Episode
from notes.history import last_revision, revision_at, saved_now, saved_then

MOST = 30


def changed_since(episode: Episode, edit_number: int) -> SafeString | None:
    """Who saved the episode after this edit, and what is different; None if nothing is.

    HTML, for a form's error.
    """
    seen = revision_at(episode, edit_number)
    changes = differences(saved_then(seen), saved_now(episode)) if seen else []
    if seen and not changes:
        return None
    last = last_revision(episode)
    return render_to_string(
        "admin/desk/history/conflict.html",
        {
            "who": (last and last.user) or "An import",
            "when": last and last.created_at,
            "changes": changes,
            "most": MOST,
        },
    )
