"""An episode's audio: handed in, looked at beside the one before, taken; and topics moved."""

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from desk.audio.forms import MoveForm, RecordingForm
from desk.audio.recording import Gone, Recording, doubts, recording_from, take
from desk.publishing.page import is_public
from desk.shortcuts import desk_page, finish
from episodes.models import Enclosure, Episode
from feeds.enclosures import is_on_this_site
from notes.shift_times import apply_move, plan_move
from topics.models import Topic

logger = logging.getLogger(__name__)

UNPROCESSABLE = 422
NOT_STORED = "Nothing was saved: the recording could not be stored."
MEANWHILE = "Somebody saved this episode while you looked at this. Here is how it stands now."


@require_http_methods(["GET", "POST"])
def audio(request: HttpRequest, pk: int) -> HttpResponse:
    """What an episode's audio is, and a form that hands in a recording.

    The first one becomes the episode's at once; one that replaces another is looked at before.
    Scripts are answered in JSON: `{"location": …}`, or `{"errors": […]}` with status 422.
    """
    episode = _podcast(request, pk)
    known = Enclosure.objects.filter(episode=episode).first()
    if request.method == "GET":
        return _page(request, episode, known, RecordingForm(known))
    form = RecordingForm(known, request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, episode, known, form)
    try:
        location = _handed_in(request, episode, known, form)
    except OSError as error:
        logger.error("A recording could not be stored", exc_info=error)
        form.add_error(None, f"{NOT_STORED} ({error})")
        return _refused(request, episode, known, form)
    if _is_script(request):
        return JsonResponse({"location": location})
    return HttpResponseRedirect(location)


def _handed_in(
    request: HttpRequest, episode: Episode, known: Enclosure | None, form: RecordingForm
) -> str:
    """Where to go on. Raises OSError."""
    recording = form.hold(episode)
    if known or Enclosure.objects.filter(episode=episode).exists():  # meanwhile, while it was sent
        query = urlencode({"new": recording.token(episode)})
        return f"{reverse('desk_audio_change', args=[episode.pk])}?{query}"
    with transaction.atomic():
        locked = _locked(episode)
        take(locked, recording)
        _finish(request, locked)
    messages.success(request, "The episode has its audio.")
    for doubt in doubts(episode, recording):
        messages.warning(request, doubt)
    return reverse("desk_audio" if is_public(episode) else "desk_checklist", args=[episode.pk])


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What would change: another recording (`?new=`), topics and cues moved (`?after=&by=`).

    A GET shows it; the POST of what was shown does it, all in one transaction.
    """
    episode = _podcast(request, pk)
    values = request.POST if request.method == "POST" else request.GET
    try:
        new = recording_from(values["new"], episode) if values.get("new") else None
    except Gone as gone:
        messages.error(request, f"{gone} Please hand it in again.")
        return HttpResponseRedirect(reverse("desk_audio", args=[episode.pk]))
    asked = any(values.get(name) for name in ("after", "by"))
    form = MoveForm(values if asked else None)
    if request.method == "GET" or (asked and not form.is_valid()):
        return _preview(request, episode, new, form)
    try:
        with transaction.atomic():
            locked = _locked(episode)
            why = _why_not(locked, values, form)
            if not why:
                _apply(request, locked, new, form)
    except OSError as error:
        logger.error("A recording could not be stored", exc_info=error)
        why = f"{NOT_STORED} ({error})"
    if why:
        messages.error(request, why)
        return _preview(request, _podcast(request, pk), new, form)
    messages.success(request, _told(new, form))
    return HttpResponseRedirect(reverse("desk_audio", args=[episode.pk]))


def _why_not(episode: Episode, values: Any, form: MoveForm) -> str:
    if values.get("seen") != str(episode.edit_number):
        return MEANWHILE
    move = form.move() if form.is_bound else None
    return plan_move(episode, move).wrong if move else ""


def _apply(request: HttpRequest, episode: Episode, new: Recording | None, form: MoveForm) -> None:
    """Raises OSError."""
    if new:
        take(episode, new)
    move = form.move() if form.is_bound else None
    if move:
        apply_move(episode, plan_move(episode, move))
    _finish(request, episode)


def _told(new: Recording | None, form: MoveForm) -> str:
    said = ["The episode has its new recording."] if new else []
    if form.is_bound and form.move():
        said.append("Topics and cues were moved.")
    return " ".join(said) or "There was nothing to change."


def _podcast(request: HttpRequest, pk: int) -> Episode:
    if not request.user.has_perm("episodes.change_episode"):
        raise PermissionDenied
    return get_object_or_404(Episode, pk=pk, kind=Episode.Kind.PODCAST)


def _locked(episode: Episode) -> Episode:
    found = Episode.objects.select_for_update(of=("self",)).filter(pk=episode.pk).first()
    if found is None:
        raise Http404("This episode is in the bin by now.")
    return found


def _finish(request: HttpRequest, episode: Episode) -> None:
    # Read anew: the row at hand may remember its audio as it was.
    finish(request, Episode.objects.get(pk=episode.pk))


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _refused(
    request: HttpRequest, episode: Episode, known: Enclosure | None, form: RecordingForm
) -> HttpResponse:
    if _is_script(request) and not form.asks_for_facts:
        reasons = [message for messages in form.errors.values() for message in messages]
        return JsonResponse({"errors": reasons}, status=UNPROCESSABLE)
    return _page(request, episode, known, form)


def _page(
    request: HttpRequest, episode: Episode, known: Enclosure | None, form: RecordingForm
) -> TemplateResponse:
    return desk_page(
        request,
        "audio/page.html",
        "Audio",
        subtitle=str(episode),
        current="audio",
        episode=episode,
        audio=known,
        elsewhere=_elsewhere(known),
        form=form,
        doubts=doubts(episode, _as_recording(known)) if known else [],
        largest=settings.UPLOAD_MAX_BYTES,
        is_public=is_public(episode),
    )


def _as_recording(known: Enclosure) -> Recording:
    return Recording(known.type, known.bytes, known.seconds, url=known.url)


def _elsewhere(known: Enclosure | None) -> str:
    """The address, not of this site, at which apps get the audio whatever is handed in here."""
    imported = known.imported_url if known else ""
    return "" if not imported or is_on_this_site(imported) else imported


def _preview(
    request: HttpRequest, episode: Episode, new: Recording | None, form: MoveForm
) -> TemplateResponse:
    known = Enclosure.objects.filter(episode=episode).first()
    move = form.move() if form.is_bound else None
    moving = plan_move(episode, move) if move else None
    lines = [(topic, moving.moved(topic)) for topic in moving.topics] if moving else []
    longer_by = _longer_by(known, new)
    if not form.is_bound and longer_by:
        form = MoveForm(initial={"by": longer_by})
    return desk_page(
        request,
        "audio/change.html",
        "Replace audio" if new else "Move topics and cues",
        subtitle=str(episode),
        current="audio",
        episode=episode,
        audio=known,
        elsewhere=_elsewhere(known),
        new=new,
        token=new.token(episode) if new else "",
        longer_by=longer_by,
        shorter_by=-(longer_by or 0),
        doubts=doubts(episode, new) if new and not moving else [],
        form=form,
        moving=moving,
        lines=lines,
        beyond=_beyond(lines, new.seconds if new else episode.seconds),
        is_public=is_public(episode),
    )


def _beyond(lines: list[tuple[Topic, int]], end: int | None) -> Topic | None:
    """The first topic that would begin after the recording's end."""
    return next((topic for topic, start in lines if end is not None and start >= end), None)


def _longer_by(known: Enclosure | None, new: Recording | None) -> int | None:
    """Seconds; none where one of both lengths isn't known."""
    if known is None or new is None or known.seconds is None or new.seconds is None:
        return None
    return new.seconds - known.seconds
