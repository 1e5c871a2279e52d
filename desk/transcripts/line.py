"""Correcting one line, or who speaks from a line on."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from desk.publishing.page import render_tab
from desk.shortcuts import may_change_episodes, user_of
from desk.transcripts.corrections import (
    Said,
    TranscriptLine,
    correct,
    count_corrected,
    last_step,
    lines_of,
)
from desk.transcripts.forms import LONGEST_LINE, LineForm, number_in
from desk.transcripts.reading import locked_transcript, names_of, tab_address
from episodes.models import Episode
from text.names import normalise_name
from topics.models import Transcript
from transfer.importers.transcript import people_by_name

CONFLICT, UNPROCESSABLE = 409, 422


@dataclass(frozen=True, slots=True)
class LineConflict:
    """What somebody else made of the line meanwhile; the host's own words stay in the form."""

    theirs: Said


@require_POST
@may_change_episodes
@transaction.atomic
def correct_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Store a line's words and speaker (`do=from`: the speaker of this and later lines, too).

    Scripts (`X-Part: line`) get the line as the page shows it: with 409 if somebody else changed
    it since `seen`, with 422 if it is too long.
    """
    episode, transcript = locked_transcript(pk)
    number = number_in(request.POST.get("line"))
    line = next(iter(lines_of(transcript, [number - 1])), None)
    if line is None:
        return _gone(request, pk)
    if request.POST.get("do") == "public":
        correct(transcript, {line.position: line.public}, user_of(request))
        return _answer(request, episode, transcript, line)
    form = LineForm(request.POST)
    if not form.is_valid():
        return _refused(request, episode, line, form)
    said = Said(form.cleaned_data["text"], _known(episode, line, form.cleaned_data["speaker"]))
    if form.cleaned_data["seen"] != line.said.digest and said != line.said:
        return _refused(request, episode, line, form, LineConflict(line.said))
    if said != line.said or line.is_outdated:
        correct(transcript, {line.position: said}, user_of(request))
    if request.POST.get("do") == "from":
        _speaks_from(request, transcript, line, said.speaker)
        return HttpResponseRedirect(tab_address(pk, line.number))
    return _answer(request, episode, transcript, line)


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    """The typed words aren't lost: the script stores them, else the message has them."""
    reason = "The transcript has no such line any more."
    if _wants_part(request):
        raise Http404(reason)
    text = request.POST.get("text", "")[:LONGEST_LINE]
    messages.error(request, f"{reason} You typed: “{text}”" if text else reason)
    return HttpResponseRedirect(tab_address(pk))


def _known(episode: Episode, line: TranscriptLine, speaker: str) -> str:
    """The speaker's full name, if the episode's guests or the host go by the typed one."""
    if speaker in (line.said.speaker, ""):
        return speaker
    person = people_by_name(episode).get(normalise_name(speaker))
    return person.name if person else speaker


def _speaks_from(
    request: HttpRequest, transcript: Transcript, line: TranscriptLine, speaker: str
) -> None:
    """All later lines of whoever spoke this one are the speaker's.

    The form says who that was: the typed name may have been stored before.
    """
    former = request.POST.get("former", line.said.speaker)
    later = {
        each.position: Said(each.said.text, speaker)
        for each in lines_of(transcript)
        if (each.start, each.position) > (line.start, line.position)
        and each.said.speaker == former != speaker
    }
    correct(transcript, later, user_of(request), step=last_step(transcript) + 1)
    count = len(later) + 1
    messages.success(request, f"“{speaker}” speaks {count} line{'s' * (count > 1)} from here on.")


def _refused(
    request: HttpRequest,
    episode: Episode,
    line: TranscriptLine,
    form: LineForm,
    conflict: LineConflict | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "episode": episode,
        "line": line,
        "form": form,
        "conflict": conflict,
        "mine": Said(request.POST.get("text", ""), request.POST.get("speaker", "")),
        "is_open": True,
        "names": names_of(episode),
    }
    status = CONFLICT if conflict else UNPROCESSABLE
    if _wants_part(request):
        return TemplateResponse(request, "admin/desk/transcripts/line.html", context, status=status)
    title = f"Line {line.number} of the transcript"
    return render_tab(
        request, "transcripts/line_alone.html", "transcript", title=title, **context, status=status
    )


def _answer(
    request: HttpRequest, episode: Episode, transcript: Transcript, line: TranscriptLine
) -> HttpResponse:
    if not _wants_part(request):
        return HttpResponseRedirect(tab_address(episode.pk, line.number))
    (stored,) = lines_of(transcript, [line.position])
    corrected = count_corrected(transcript)
    context = {"episode": episode, "line": stored, "corrected": corrected}
    return TemplateResponse(request, "admin/desk/transcripts/line.html", context)


def _wants_part(request: HttpRequest) -> bool:
    return request.headers.get("X-Part") == "line"
