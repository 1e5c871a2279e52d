"""What guests sent for an episode: taken over, left or done, with one click each."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_POST

from desk.appearances.cards import guest_admin
from desk.appearances.forms import ProfileForm
from desk.focal_point import FIELDS as FOCAL_POINT
from desk.models import GuestComment, GuestSubmission, PreviewLink
from desk.shortcuts import finish, locked_episode, may_change_episodes, user_of
from desk.submissions.fields import LABELS, PHOTO, TITLE, column_of, present_value
from desk.submissions.limits import LIFETIME
from desk.submissions.photos import discard_photo
from desk.workspace.returning import return_address
from episodes.models import Appearance, Episode
from guests.models import Guest

State = GuestSubmission.State
SENT_AGAIN = (
    "{} sent another “{}” since this page was loaded. Nothing was taken over: look at it below."
)
NOT_ONLY_IN_DRAFTS = "A host or an editor takes this over: the guest is not only in drafts."
CHANGED = "“{}” of {} has changed since this page was loaded. Compare again, then take it over."


@may_change_episodes
@require_POST
def make_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A link to a guest's own page of this episode. A former one of theirs ends."""
    with transaction.atomic():
        episode = locked_episode(pk)
        rows = Appearance.objects.select_related("guest")
        key = request.POST.get("guest", "")
        if not key.isascii() or not key.isdecimal() or len(key) > 18:
            raise BadRequest("No guest.")
        guest = get_object_or_404(rows, episode=episode, guest=int(key)).guest
        now = timezone.now()
        former = PreviewLink.objects.filter(episode=episode, guest=guest, expires_at__gt=now)
        former.update(expires_at=now)
        PreviewLink.objects.create(
            episode=episode,
            guest=guest,
            recipient=guest.name[:100],
            created_by=user_of(request),
            expires_at=now + LIFETIME,
        )
    messages.success(request, f"Link for {guest.name} created. Copy the text and send it.")
    return _back(request, pk, guest.pk)


@may_change_episodes
@require_POST
def decide(request: HttpRequest, pk: int, submission: int) -> HttpResponse:
    """Take over what a guest sent for one field, or leave the field as it is."""
    with transaction.atomic():
        rows = GuestSubmission.objects.select_related("link")
        found = get_object_or_404(rows, pk=submission, link__episode=pk)
        guest = get_object_or_404(Guest.objects.select_for_update(), pk=found.link.guest_id)
        episode = locked_episode(pk)
        row = get_object_or_404(rows.select_for_update(of=("self",)), pk=submission)
        appearance = get_object_or_404(Appearance, episode=episode, guest=guest)
        appearance.guest = guest
        may_change = guest_admin().has_change_permission(request, guest)
        if row.field != TITLE and not may_change:
            raise PermissionDenied(NOT_ONLY_IN_DRAFTS)
        _decide(request, row, appearance, episode)
    return _back(request, pk, guest.pk)


def _decide(
    request: HttpRequest, row: GuestSubmission, appearance: Appearance, episode: Episode
) -> None:
    label, guest = LABELS[row.field], appearance.guest
    if request.POST.get("do") != "take":
        row.state = State.LEFT
        row.save(update_fields=["state"])
        messages.success(request, f"“{label}” of {guest} stays as it is.")
        return
    if row.state == State.TAKEN:
        return  # a second click
    if request.POST.get("sent", "") != row.value:
        messages.warning(request, SENT_AGAIN.format(guest, label))
        return
    if request.POST.get("now", "") != present_value(appearance, row.field):
        messages.warning(request, CHANGED.format(label, guest))
        return
    if row.field == TITLE:
        appearance.title = row.value
        appearance.save()
        finish(request, Episode.objects.get(pk=episode.pk))
    elif problem := _save_profile(request, guest, row):
        messages.error(request, f"“{label}” of {guest} was not taken over: {problem}")
        return
    row.state = State.TAKEN
    row.save(update_fields=["state"])
    messages.success(request, f"“{label}” of {guest} taken over.")


def _save_profile(request: HttpRequest, guest: Guest, row: GuestSubmission) -> str:
    """Save one field of the guest as their form does; returns why it can't be, if so."""
    column = column_of(row.field)
    data, files = QueryDict(mutable=True), MultiValueDict[str, SimpleUploadedFile]()
    fields = [column]
    if row.field == PHOTO:
        fields += FOCAL_POINT
        for name in FOCAL_POINT:
            data[name] = "" if (value := getattr(guest, name)) is None else str(value)
        try:
            with default_storage.open(row.value) as file:
                content = file.read()
        except FileNotFoundError:
            return "the storage has lost it. Ask for it again."
        photo = SimpleUploadedFile(f"{guest.slug}.jpg", content, "image/jpeg")
        files.appendlist(column, photo)
    else:
        data[column] = row.value
    model_admin: Any = guest_admin()
    form_class = model_admin.get_form(request, guest, change=True, form=ProfileForm, fields=fields)
    form = form_class(data, files, instance=guest)
    if not form.is_valid():
        return " ".join(str(error) for errors in form.errors.values() for error in errors)
    model_admin.save_model(request, form.instance, form, change=True)
    message = model_admin.construct_change_message(request, form, [])
    model_admin.log_change(request, form.instance, message)
    if row.field == PHOTO:
        discard_photo(row.value)
    return ""


@may_change_episodes
@require_POST
def comment_done(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """The host has seen to a comment; or, with `undo`, has not after all."""
    row = get_object_or_404(GuestComment, pk=comment, link__episode=pk)
    done_at: datetime | None = None if "undo" in request.POST else timezone.now()
    GuestComment.objects.filter(pk=row.pk).update(done_at=done_at)
    messages.success(request, "Comment open again." if done_at is None else "Comment done.")
    return _back(request, pk, row.link.guest_id)


def _back(request: HttpRequest, pk: int, guest: int | None) -> HttpResponse:
    """To the page where it was pressed."""
    return redirect(return_address(request, f"{reverse('desk_guests', args=[pk])}#page-of-{guest}"))
