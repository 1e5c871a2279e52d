"""Changes of many lines at once: replacing words, naming speakers, and undoing the last of them."""

import re
from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from desk.publishing.page import render_tab
from desk.shortcuts import may_change_episodes, user_of
from desk.transcripts.corrections import (
    Said,
    correct,
    last_step,
    lines_of,
    undo_step,
)
from desk.transcripts.forms import LONGEST_LINE, ReplaceForm, typed_names
from desk.transcripts.reading import locked_transcript, podcast_episode, tab_address
from desk.writing.diff import DiffSpan
from topics.models import Transcript
from transfer.importers.transcript import people_by_name

SHOWN = 200  # lines of a preview

Spans = list[DiffSpan]


@require_http_methods(["GET", "HEAD", "POST"])
@may_change_episodes
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview what replacing words (`?find=&by=&words=&case=`) changes; a POST does it."""
    if request.method == "POST":
        return _replace(request, pk)
    episode = podcast_episode(pk)
    transcript = get_object_or_404(Transcript, episode=episode)
    values = request.GET.dict()
    values.setdefault("find", values.get("q", ""))  # as the tab's search sends it
    form = ReplaceForm(values if values["find"] else None, initial={"words": True})
    found = []
    if form.is_valid():
        pattern, by = form.pattern(), form.cleaned_data["by"]
        lines = (line for line in lines_of(transcript) if pattern.search(line.said.text))
        found = [(line, _spans(line.said.text, pattern, by)) for line in lines]
    return render_tab(
        request,
        "transcripts/replace.html",
        "transcript",
        episode,
        "Replace in the transcript",
        form=form,
        found=found[:SHOWN],
        lines=len(found),
        times=sum(span.kind == "deleted" for _, spans in found for span in spans),
    )


@transaction.atomic
def _replace(request: HttpRequest, pk: int) -> HttpResponse:
    _, transcript = locked_transcript(pk)
    form = ReplaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Enter the words to replace.")
        return HttpResponseRedirect(tab_address(pk))
    pattern, by = form.pattern(), form.cleaned_data["by"]
    said, too_long = {}, 0
    for line in lines_of(transcript):
        text = _tidied(pattern.sub(lambda _: by, line.said.text))
        if len(text) > LONGEST_LINE:
            too_long += 1
        elif text != _tidied(line.said.text):
            said[line.position] = Said(text, line.said.speaker)
    if too_long:
        why = f"would have more than {LONGEST_LINE:,} characters"
        messages.warning(request, f"{in_lines(too_long).capitalize()} {why}; left as before.")
    _correct(request, transcript, said, f"“{form.cleaned_data['find']}” was replaced")
    return HttpResponseRedirect(tab_address(pk))


@require_POST
@may_change_episodes
@transaction.atomic
def name_speakers(request: HttpRequest, pk: int) -> HttpResponse:
    """Give speakers (`was-1`) another name (`name-1`) in all their lines."""
    episode, transcript = locked_transcript(pk)
    try:
        names = typed_names(request.POST, people_by_name(episode))
    except ValidationError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(tab_address(pk))
    said = {
        line.position: Said(line.said.text, names[line.said.speaker])
        for line in lines_of(transcript)
        if line.said.speaker in names
    }
    _correct(request, transcript, said, "The speaker was named")
    return HttpResponseRedirect(tab_address(pk))


@require_POST
@may_change_episodes
@transaction.atomic
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the last change of many lines."""
    _, transcript = locked_transcript(pk)
    count = undo_step(transcript, last_step(transcript), user_of(request))
    if count:
        messages.success(request, f"Undone: {in_lines(count)} say what they said before.")
    else:
        messages.warning(request, "There is nothing to undo.")
    return HttpResponseRedirect(tab_address(pk))


def in_lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _correct(
    request: HttpRequest, transcript: Transcript, said: Mapping[int, Said], what: str
) -> None:
    correct(transcript, said, user_of(request), step=last_step(transcript) + 1)
    if said:
        messages.success(request, f"{what} in {in_lines(len(said))}. Save to make that public.")
    else:
        messages.warning(request, "No line has that, so nothing was changed.")


def _tidied(text: str) -> str:
    """The text without the blanks that a deleted word leaves."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _spans(text: str, pattern: re.Pattern[str], by: str) -> Spans:
    spans, end = [], 0
    for match in pattern.finditer(text):
        spans += [
            DiffSpan("same", text[end : match.start()]),
            DiffSpan("deleted", match[0]),
            DiffSpan("inserted", by),
        ]
        end = match.end()
    return [span for span in [*spans, DiffSpan("same", text[end:])] if span.text]
