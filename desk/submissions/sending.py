"""Stores what a guest sends. Everything is done under a lock of the link."""

import logging
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from desk.models import GuestComment, GuestSubmission, PreviewLink
from desk.submissions.fields import LINKS, PHOTO, PRONUNCIATION, TITLE, present_value
from desk.submissions.forms import SubmissionForm
from desk.submissions.limits import MOST_COMMENTS, RETENTION
from desk.submissions.photos import discard_photo, store_photo
from episodes.models import Appearance
from guests.models import Guest
from show.clock.reading import removable_before

logger = logging.getLogger(__name__)

State = GuestSubmission.State
TEXTS = (TITLE, PRONUNCIATION, *LINKS)


def appearance_of(link: PreviewLink) -> Appearance:
    """The guest's appearance in the episode. Two rows in one query."""
    rows = Appearance.objects.select_related("guest")
    return rows.get(episode=link.episode_id, guest=link.guest_id)


def store_sent(link: PreviewLink, appearance: Appearance, form: SubmissionForm) -> None:
    """Store each valid field that differs from what pages show. The form says what failed."""
    sent = {row.field: row for row in link.submissions.all()}
    for field in TEXTS:
        if field in form.changed_data and field in form.cleaned_data:
            _store(link, appearance, sent.get(field), field, form.cleaned_data[field])
    if form.cleaned_data.get(PHOTO):
        _store_photo(link, appearance, sent.get(PHOTO), form)
    if form.cleaned_data.get("comment") and "at" in form.cleaned_data:
        _add_comment(link, form)


def _store_photo(
    link: PreviewLink, appearance: Appearance, former: GuestSubmission | None, form: SubmissionForm
) -> None:
    try:
        name = store_photo(form.cleaned_data[PHOTO], link.expires_at + RETENTION)
    except OSError:
        logger.exception("A guest's photo could not be stored")
        form.add_error(PHOTO, "The photo could not be stored. Send it again later.")
        return
    if former:
        discard_photo(former.value)
    _store(link, appearance, former, PHOTO, name)


def _store(
    link: PreviewLink, appearance: Appearance, row: GuestSubmission | None, field: str, value: str
) -> None:
    present = present_value(appearance, field)
    is_waiting = row is not None and row.state == State.WAITING
    if value == present:
        if row and is_waiting:
            row.delete()
        return
    if row and is_waiting and row.value == value:
        return
    row = row or GuestSubmission(link=link, field=field)
    row.value, row.before, row.state = value, present, State.WAITING
    row.sent_at = timezone.now()
    row.save()


def _add_comment(link: PreviewLink, form: SubmissionForm) -> None:
    if link.comments.count() >= MOST_COMMENTS:
        form.add_error("comment", f"You have sent {MOST_COMMENTS} comments. That is the most.")
        return
    text, seconds = form.cleaned_data["comment"], form.cleaned_data["at"]
    if not link.comments.filter(text=text, seconds=seconds, done_at=None).exists():  # sent twice
        GuestComment.objects.create(link=link, text=text, seconds=seconds)


def take_back(link: PreviewLink, what: str) -> None:
    """Delete the guest's photo (`photo`) or the comment with this key, unless the host took it."""
    if what == PHOTO:
        for row in link.submissions.filter(field=PHOTO, state=State.WAITING):
            discard_photo(row.value)
            row.delete()
    elif what.isascii() and what.isdecimal() and len(what) < 19:
        link.comments.filter(pk=int(what), done_at=None).delete()


def sent_values(link: PreviewLink, appearance: Appearance) -> dict[str, Any]:
    """What the form's fields begin with."""
    waiting = {row.field: row.value for row in link.submissions.all() if row.state == State.WAITING}
    return {field: waiting.get(field, present_value(appearance, field)) for field in TEXTS}


def end_links(guest: Guest) -> None:
    """Delete the guest's links, and all that came through them."""
    _delete(PreviewLink.objects.filter(guest=guest))


def delete_leftovers() -> str:
    """Delete guests' links that expired RETENTION ago, and what came through them."""
    over = removable_before(RETENTION)
    count = _delete(PreviewLink.objects.exclude(guest=None).filter(expires_at__lt=over))
    return (
        f"Deleted {count} expired {'link' if count == 1 else 'links'} of guests." if count else ""
    )


def _delete(links: QuerySet[PreviewLink]) -> int:
    """Delete these links; their photos follow."""
    photos = GuestSubmission.objects.filter(link__in=links, field=PHOTO)
    for name in photos.values_list("value", flat=True):
        discard_photo(name)
    _, counts = links.delete()
    return counts.get(PreviewLink._meta.label, 0)
