"""Uploading and replacing an episode's recording, and moving its topics."""

import logging

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from desk.audio.forms import MoveForm, RecordingForm
from desk.audio.recording import Recording, UploadExpired, attach, find_warnings, recording_from
from desk.publishing.page import render_tab
from desk.shortcuts import finish, locked_episode, may_change_episodes
from desk.workspace.returning import asked_return, return_address
from episodes.models import Enclosure, Episode
from feeds.enclosures import is_on_this_site
from notes.id3_chapters import are_chapters_stale
from notes.shift_times import Moving, apply_move, plan_move
from text.timecode import format_timecode
from topics.models import Cue, Topic

logger = logging.getLogger(__name__)

UNPROCESSABLE = 422
NOT_STORED = "Nothing was saved: the recording could not be stored."
CONFLICT = "Someone else saved this episode meanwhile. Check it again as it is now."


@require_http_methods(["GET", "POST"])
@may_change_episodes
def audio(request: HttpRequest, pk: int) -> HttpResponse:
    """The episode's audio, and a form to upload a recording.

    A first recording is attached at once; a replacement is compared on the next page. Scripts get
    JSON: `{"location": …}`, or `{"errors": […]}` with status 422.
    """
    episode = _podcast_episode(pk)
    current = _enclosure(episode)
    if request.method == "GET":
        return _page(request, episode, current, RecordingForm(current))
    form = RecordingForm(current, request.POST, request.FILES)
    if not form.is_valid():
        return _invalid(request, episode, current, form)
    try:
        location = _save(request, episode, form)
    except OSError as error:
        logger.error("A recording could not be stored", exc_info=error)
        form.add_error(None, f"{NOT_STORED} ({error})")
        return _invalid(request, episode, current, form)
    if _accepts_json(request):
        return JsonResponse({"location": location})
    return HttpResponseRedirect(location)


def _save(request: HttpRequest, episode: Episode, form: RecordingForm) -> str:
    """Attach a first recording, or leave a replacement pending. Returns the next page.

    Raises OSError.
    """
    recording = form.store(episode)
    if form.current or _enclosure(episode):  # uploaded by someone else at the same time
        query = urlencode({"new": recording.token(episode)} | asked_return(request))
        return f"{reverse('desk_audio_change', args=[episode.pk])}?{query}"
    with transaction.atomic():
        _attach(request, locked_episode(episode.pk), recording)
    length = f" It is {format_timecode(recording.seconds)} long." if recording.seconds else ""
    messages.success(request, f"The recording was added.{length}")
    for warning in find_warnings(episode, recording):
        messages.warning(request, warning)
    following = "desk_audio" if episode.is_viewable else "desk_checklist"
    return return_address(request, reverse(following, args=[episode.pk]))


@require_http_methods(["GET", "POST"])
@may_change_episodes
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview a replacement (`?new=`) and moved topics and cues (`?where=&at=&by=`).

    A POST applies all of it in one transaction. A replacement isn't accepted until the host has
    said which times change.
    """
    episode = _podcast_episode(pk)
    values = request.POST if request.method == "POST" else request.GET
    try:
        new = recording_from(values["new"], episode) if values.get("new") else None
    except UploadExpired as error:
        messages.error(request, f"{error} Upload it again.")
        return HttpResponseRedirect(reverse("desk_audio", args=[episode.pk]))
    is_answered = request.method == "POST" or "where" in values
    current = _enclosure(episode)
    proposed = {"by": _longer_by(current, new) or None}
    form = MoveForm(
        values if is_answered else None, initial=proposed, is_needed=_has_times(episode)
    )
    if request.method == "GET" or "preview" in values or not form.is_valid():
        return _preview(request, episode, current, new, form)
    try:
        refusal = _apply(request, pk, new, form)
    except OSError as error:
        logger.error("A recording could not be stored", exc_info=error)
        refusal = f"{NOT_STORED} ({error})"
    if refusal:
        messages.error(request, refusal)
        return _preview(request, _podcast_episode(pk), _enclosure(episode), new, form)
    messages.success(request, _summary(new, form))
    return HttpResponseRedirect(return_address(request, reverse("desk_audio", args=[pk])))


@require_POST
@may_change_episodes
def write_chapters(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the topics into the recording again, now or when the episode is published."""
    try:
        with transaction.atomic():
            episode = locked_episode(pk)
            Enclosure.objects.filter(episode=episode).update(chapters_due=True)
            finish(request, episode)
    except OSError as error:
        logger.error("Chapters could not be written", exc_info=error)
        messages.error(request, f"{NOT_STORED} ({error})")
    else:
        messages.success(request, "The recording has the topics as they are now.")
    return HttpResponseRedirect(reverse("desk_audio", args=[pk]))


@transaction.atomic
def _apply(request: HttpRequest, pk: int, new: Recording | None, form: MoveForm) -> str:
    """Attach the recording and move the rows; returns why not, if so. Raises OSError."""
    episode = locked_episode(pk)
    if request.POST.get("seen") != str(episode.edit_number):
        return CONFLICT
    move = form.move()
    plan = plan_move(episode, move) if move else None
    if plan and plan.wrong:
        return plan.wrong
    if plan:
        apply_move(episode, plan)
    _attach(request, episode, new)
    return ""


def _attach(request: HttpRequest, episode: Episode, recording: Recording | None) -> None:
    if recording:
        attach(episode, recording)
    # Read again: this instance may have cached the former audio.
    finish(request, Episode.objects.get(pk=episode.pk))


def _summary(new: Recording | None, form: MoveForm) -> str:
    done = ["The recording was replaced."] if new else []
    if form.move():
        done.append("Topics and transcript were moved.")
    return " ".join(done) or "There was nothing to change."


def _podcast_episode(pk: int) -> Episode:
    return get_object_or_404(Episode, pk=pk, kind=Episode.Kind.PODCAST)


def _enclosure(episode: Episode) -> Enclosure | None:
    return Enclosure.objects.filter(episode=episode).first()


def _accepts_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _invalid(
    request: HttpRequest, episode: Episode, current: Enclosure | None, form: RecordingForm
) -> HttpResponse:
    if _accepts_json(request) and not form.asks_for_facts:
        reasons = [message for messages in form.errors.values() for message in messages]
        return JsonResponse({"errors": reasons}, status=UNPROCESSABLE)
    return _page(request, episode, current, form)


def _page(
    request: HttpRequest, episode: Episode, current: Enclosure | None, form: RecordingForm
) -> TemplateResponse:
    warnings, is_stale = list[str](), False
    if current:
        is_stale = are_chapters_stale(episode, list(episode.topics.all()), current)
        stored = Recording(current.type, current.bytes, current.seconds, url=current.url)
        warnings = find_warnings(episode, stored)
    return render_tab(
        request,
        "audio/page.html",
        "audio",
        episode,
        "Audio",
        audio=current,
        external=_external_url(current),
        form=form,
        warnings=warnings,
        is_stale=is_stale,
        largest=settings.UPLOAD_MAX_BYTES,
    )


def _external_url(current: Enclosure | None) -> str:
    """The imported address on another site, which apps use whatever is uploaded; else empty."""
    imported = current.imported_url if current else ""
    return "" if not imported or is_on_this_site(imported) else imported


def _preview(
    request: HttpRequest,
    episode: Episode,
    current: Enclosure | None,
    new: Recording | None,
    form: MoveForm,
) -> TemplateResponse:
    move = form.move() if form.is_bound else None
    plan = plan_move(episode, move) if move else None
    longer_by = _longer_by(current, new)
    return render_tab(
        request,
        "audio/change.html",
        "audio",
        episode,
        "Replace audio" if new else "Move topics and transcript",
        audio=current,
        external=_external_url(current),
        new=new,
        token=new.token(episode) if new else "",
        length_change=f"{abs(longer_by)} seconds {'longer' if longer_by > 0 else 'shorter'}",
        longer_by=longer_by,
        warnings=find_warnings(episode, new) if new and not plan else [],
        form=form,
        plan=plan,
        is_ready=form.is_valid() and not (plan and plan.wrong) if form.is_needed else bool(new),
        past_end=_first_past_end(plan, new.seconds if new else episode.seconds),
    )


def _has_times(episode: Episode) -> bool:
    """Whether anything in it could begin at a wrong time."""
    cues = Cue.objects.filter(transcript__episode=episode)
    return Topic.objects.filter(episode=episode).exists() or cues.exists()


def _first_past_end(plan: Moving | None, end: int | None) -> Topic | None:
    if plan is None or end is None:
        return None
    return next((moved.topic for moved in plan.topics if moved.seconds >= end), None)


def _longer_by(current: Enclosure | None, new: Recording | None) -> int:
    """By how many seconds the new recording is longer; 0 if one of the lengths is unknown."""
    if current is None or new is None or current.seconds is None or new.seconds is None:
        return 0
    return new.seconds - current.seconds
