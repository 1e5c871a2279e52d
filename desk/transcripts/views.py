"""An episode's transcript: read and searched, and its corrections made public."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from desk.audio.recording import recording_url
from desk.publishing.page import render_tab
from desk.shortcuts import finish, may_change_episodes, user_of
from desk.transcripts.corrections import lost_lines, publish
from desk.transcripts.forms import LONGEST_QUERY, AboutForm, UploadForm, number_in
from desk.transcripts.reading import (
    locked_transcript,
    podcast_episode,
    read_content,
    tab_address,
)
from desk.workspace.bar import Save
from episodes.models import Episode
from topics.models import Transcript

PAGE = "transcripts/page.html"


@require_http_methods(["GET", "HEAD", "POST"])
@may_change_episodes
def transcript(request: HttpRequest, pk: int) -> HttpResponse:
    """All lines, or those with the words of `?q=`; `?line=` opens one for correction.

    A POST makes the corrections public, discards them, or says what is true of the whole.
    """
    episode = podcast_episode(pk)
    if request.method != "POST":
        return transcript_page(request, episode)
    match request.POST.get("do"):
        case "publish":
            _publish(request, pk)
        case "discard":
            _discard(request, pk)
        case "drop":
            _drop_lost(request, pk)
        case "about":
            _store_about(request, pk)
    return HttpResponseRedirect(tab_address(pk, number_in(request.POST.get("at"))))


def transcript_page(
    request: HttpRequest, episode: Episode, upload: UploadForm | None = None, status: int = 200
) -> TemplateResponse:
    """The tab; without a transcript, how to add one."""
    found = Transcript.objects.filter(episode=episode).first()
    if found is None:
        return render_tab(
            request,
            "transcripts/empty.html",
            "transcript",
            episode,
            "Transcript",
            form=upload or UploadForm(),
        )
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    opened = number_in(request.GET.get("line"))
    at = opened or number_in(request.GET.get("at"))
    return render_tab(
        request,
        PAGE,
        "transcript",
        episode,
        "Transcript",
        save=Save("transcript-save", name="do", value="publish"),
        content=read_content(episode, found, query, request.GET.get("page"), at),
        query=query,
        opened=opened,
        recording=recording_url(episode),
        about=AboutForm(instance=found),
    )


@transaction.atomic
def _publish(request: HttpRequest, pk: int) -> None:
    episode, found = locked_transcript(pk)
    if read_content(episode, found, "", None, 0).needs_choice:
        messages.error(
            request,
            "Not saved yet: lines have changed since they were corrected. Choose for each of them.",
        )
        return
    count = publish(episode, found, user_of(request))
    if not count:
        messages.info(request, "There was nothing to save: no line is corrected.")
        return
    what = "1 line" if count == 1 else f"{count} lines"
    messages.success(request, f"Saved: {what} corrected.")


@transaction.atomic
def _discard(request: HttpRequest, pk: int) -> None:
    _, found = locked_transcript(pk)
    found.corrections.all().delete()
    messages.success(request, "The corrections were discarded. The transcript is as published.")


@transaction.atomic
def _drop_lost(request: HttpRequest, pk: int) -> None:
    _, found = locked_transcript(pk)
    lost = [row.pk for row in lost_lines(found)]
    found.corrections.filter(pk__in=lost).delete()
    messages.success(request, "Corrections whose line is gone were dropped.")


@transaction.atomic
def _store_about(request: HttpRequest, pk: int) -> None:
    episode, found = locked_transcript(pk)
    form = AboutForm(request.POST, instance=found)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return
    form.save()
    found.cues.update(reviewed=found.reviewed)
    finish(request, episode)
    messages.success(request, "Saved.")
