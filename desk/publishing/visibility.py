"""What a save changes for visitors: its message says so, and has a button that takes it back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from desk.model_admin import is_key
from desk.publishing.checklist.assemble import build_checklist
from desk.publishing.page import fetch_episode_or_404
from desk.shortcuts import may_publish_episodes, user_of
from episodes.models import Enclosure, Episode
from notes.history import last_revision, was_public
from notes.id3_chapters import are_chapters_stale
from notes.models import Revision
from notes.restoring import restore_state
from show.models import Show

UNDO = "admin/desk/publishing/undo.html"
DATE = "j M Y, H:i"
STALE = (
    "Title or topics have changed since they were written into the recording. "
    '<a href="{}">Write them into it again</a>'
)
CONFLICT = "Nothing was taken back: somebody saved this episode meanwhile."


def tell_visibility(request: HttpRequest, before: Revision | None, episode: Episode) -> None:
    """Add a message if the save after `before` published the episode, or took it away.

    `before` is None for a new episode. Call it after `finish_edit`. A change costs ten queries.
    """
    was = is_seen(before)
    if was == is_seen(last_revision(episode)):
        return
    if was:
        words, errors = f"Visitors no longer see it: {_how_it_is(episode)}", 0
    else:
        errors = _errors(episode)
        words = "Visitors see it now."
        if errors:
            words = f"Visitors see it now, and the checklist has {errors} to fix."
    context = {"words": f"“{episode}”: {words}", "needs_check": errors} | undo(before, episode)
    messages.warning(request, render_to_string(UNDO, context, request))


def tell_stale_chapters(request: HttpRequest, episode: Episode) -> None:
    """Add a message if apps still show the former chapters of a published recording."""
    audio = Enclosure.objects.filter(episode=episode).first()
    if not audio or not episode.is_published:
        return
    if are_chapters_stale(episode, list(episode.topics.all()), audio):
        address = reverse("desk_audio", args=[episode.pk])
        messages.warning(request, format_html(STALE, address))


def undo(before: Revision | None, episode: Episode) -> dict[str, Any]:
    """What the template of the button needs."""
    return {"episode": episode, "number": before.number if before else 0}


def is_seen(revision: Revision | None) -> bool:
    """Whether visitors read this revision."""
    return was_public(revision) and not (revision and revision.beside.get("deleted"))


def _errors(episode: Episode) -> int:
    checklist = build_checklist(fetch_episode_or_404(episode.pk), Show.objects.current())
    return checklist.counts["error"]


def _how_it_is(episode: Episode) -> str:
    if episode.is_withdrawn:
        return "its page shows only your notice."
    if episode.is_scheduled and episode.published_at:
        when = date_format(timezone.localtime(episode.published_at), DATE)
        return f"it is scheduled for {when}."
    return "it is a draft."


@may_publish_episodes
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back status and date of the revision `to`; of a new episode, with 0, make a draft."""
    episode = get_object_or_404(Episode.with_deleted, pk=pk)
    if request.POST.get("seen") != str(episode.edit_number):
        messages.error(request, CONFLICT)
        return redirect("admin:episodes_episode_change", pk)
    number = request.POST.get("to", "")
    before = Revision.objects.filter(episode=pk, number=number).first() if is_key(number) else None
    try:
        restore_state(episode, before, user_of(request))
    except ValidationError as error:
        messages.error(request, f"Nothing was taken back: {' '.join(error.messages)}")
    except OSError as error:
        messages.error(request, f"Nothing was taken back: a file could not be stored ({error}).")
    else:
        now = Episode.with_deleted.get(pk=pk)
        seen = "visitors see it again" if now.is_published else _how_it_is(now).rstrip(".")
        messages.success(request, f"Taken back: {seen}.")
    return redirect("admin:episodes_episode_change", pk)
