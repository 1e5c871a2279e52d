"""Uploading a transcript, replacing it by a file, and removing it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from desk.history.transcripts import cue_differences
from desk.publishing.page import render_tab
from desk.shortcuts import SOURCE, finish, locked_episode, may_change_episodes, user_of
from desk.transcripts.forms import UploadForm
from desk.transcripts.problems import problem_lines
from desk.transcripts.reading import (
    count_speakers,
    locked_transcript,
    names_of,
    podcast_episode,
    tab_address,
)
from desk.workspace.returning import return_address
from desk.writing.diff import Difference
from episodes.models import Episode
from guests.models import Guest
from text.names import normalise_name
from topics.models import Transcript
from topics.versions import CueValues, current_cues
from transfer.importers.transcript import store_transcript

PAGE = "transcripts/upload.html"
SHOWN = 200  # differences
UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@may_change_episodes
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Store a file or pasted text as the transcript.

    What visitors would see at once, or replaces another, is only stored (`do=replace`) after the
    page has shown it.
    """
    episode = podcast_episode(pk)
    transcript = Transcript.objects.filter(episode=episode).first()
    if request.method != "POST":
        return _page(request, episode, transcript, UploadForm())
    form = UploadForm(request.POST, request.FILES, episode=episode)
    if not form.is_valid():
        return _page(request, episode, transcript, form, status=UNPROCESSABLE)
    if (transcript or episode.is_viewable) and request.POST.get("do") != "replace":
        return _ask(request, episode, transcript, form)
    outcome, lost = _store(request, pk, form)
    seen = " Visitors see it now." if episode.is_viewable else ""
    messages.success(
        request,
        "The file says what the transcript says already."
        if outcome == "unchanged"
        else f"The transcript has {len(form.reading.cues)} lines.{seen}",
    )
    for sentence in [*problem_lines(form.problems), *lost]:
        messages.warning(request, sentence)
    return HttpResponseRedirect(return_address(request, tab_address(pk)))


@require_POST
@may_change_episodes
@transaction.atomic
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the transcript with its corrections; History has it as it was."""
    episode, transcript = locked_transcript(pk)
    transcript.delete()
    finish(request, Episode.objects.get(pk=episode.pk))
    messages.success(request, "The transcript was removed. You can restore it from the history.")
    return HttpResponseRedirect(tab_address(pk))


@transaction.atomic
def _store(request: HttpRequest, pk: int, form: UploadForm) -> tuple[str, list[str]]:
    episode = locked_episode(pk)
    return store_transcript(
        episode, form.reading, form.people, user=user_of(request), source=SOURCE
    )


def _ask(
    request: HttpRequest, episode: Episode, transcript: Transcript | None, form: UploadForm
) -> HttpResponse:
    """What the file would change, with its text and its speakers' names in the form."""
    text = UploadForm(initial={"text": form.source, "name": form.name_read})
    text.fields["text"].widget.attrs["aria-label"] = "The file’s text"
    # A first transcript's speakers get their names on this page.
    problems = [each for each in form.problems if transcript or each.field != "speaker"]
    changes = _changes(transcript, form) if transcript else []
    return _page(
        request,
        episode,
        transcript,
        text,
        changes=changes[:SHOWN],
        change_count=len(changes),
        lines=len(form.reading.cues),
        problems=problem_lines(problems),
        speakers=count_speakers(cue.speaker for cue in form.reading.cues),
        names=names_of(episode),
        is_asked=True,
    )


def _changes(transcript: Transcript, form: UploadForm) -> list[Difference]:
    new = []
    for cue in form.reading.cues:
        person = form.people.get(normalise_name(cue.speaker))
        new.append(
            CueValues(
                cue.start, cue.end, cue.text, cue.speaker, person.pk if person else None,
                cue.identifier, cue.settings, cue.language, False,
            )
        )  # fmt: skip
    old = current_cues(transcript)
    keys = {cue.guest_id for cue in [*old, *new] if cue.guest_id}
    names = dict(Guest.objects.filter(pk__in=keys).values_list("pk", "name"))
    return list(cue_differences(old, new, names))


def _page(
    request: HttpRequest,
    episode: Episode,
    transcript: Transcript | None,
    form: UploadForm,
    *,
    status: int = 200,
    **values: Any,
) -> HttpResponse:
    return render_tab(
        request,
        PAGE,
        "transcript",
        episode,
        "Replace the transcript" if transcript else "Transcript",
        form=form,
        transcript=transcript,
        unsaved=transcript.corrections.count() if transcript else 0,
        status=status,
        **values,
    )
