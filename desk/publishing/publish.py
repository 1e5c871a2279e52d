"""Publishing an episode from its checklist, now or at a later minute in the show's time zone."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from desk.fields import LocalDateTimeField
from desk.publishing.visibility import UNDO, undo
from desk.shortcuts import finish, locked_episode, may_publish_episodes
from episodes.models import Episode
from notes.history import previous_revision

logger = logging.getLogger(__name__)

FIELDS = ("when_0", "when_1")  # date and time
DATE = "l, j M Y, H:i T"
CONFLICT = "Not published: someone else saved this episode meanwhile. Check it as it is now."
WITHDRAWN = "This episode is withdrawn. Change its status in its form."
PUBLISHED = "This episode is already published."


class ScheduleForm(forms.Form):
    """A future minute in the show's time zone."""

    when = LocalDateTimeField(
        label="Date and time",
        input_date_formats=["%Y-%m-%d"],
        input_time_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date", "aria-label": "Date"},
            time_attrs={"type": "time", "aria-label": "Time"},
        ),
        required=False,  # so that the time may be empty; clean_when() requires a date
        help_text="An empty time means midnight.",
    )

    def clean_when(self) -> datetime:
        when = self.cleaned_data["when"]
        if when is None:
            raise ValidationError("Enter a date.")
        if when <= timezone.now():
            raise ValidationError(
                "This date is in the past. Publish the episode now, then date it back in its form."
            )
        return when


def schedule_form(request: HttpRequest, episode: Episode) -> ScheduleForm:
    """The form with the values that were refused, or else with the episode's date."""
    typed = [request.GET.get(name, "") for name in FIELDS]
    return ScheduleForm(initial={"when": typed if any(typed) else episode.published_at})


def why_not(episode: Episode) -> str:
    """Why an episode can't be published here; empty if it can."""
    if episode.is_withdrawn:
        return WITHDRAWN
    if episode.is_published:
        return PUBLISHED
    return ""


@may_publish_episodes
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish at once (`do=now`), or at a date (`do=then`)."""
    form = ScheduleForm(request.POST) if request.POST.get("do") == "then" else None
    if form and not form.is_valid():
        values = {name: request.POST.get(name, "").replace("\0", "")[:20] for name in FIELDS}
        messages.error(request, _sentences(form.errors.values()))
        return redirect(f"{reverse('desk_checklist', args=[pk])}?{urlencode(values)}")
    when = form.cleaned_data["when"] if form else timezone.now().replace(microsecond=0)
    try:
        refusal = _publish(request, pk, when)
    except OSError as error:
        logger.error("A recording could not get its chapters", exc_info=error)
        refusal = f"Not published: the recording could not be stored ({error})."
    if refusal:
        messages.error(request, refusal)
        return redirect("desk_checklist", pk)
    episode = Episode.objects.get(pk=pk)
    context = {"words": _success(episode)} | undo(previous_revision(episode), episode)
    messages.success(request, render_to_string(UNDO, context, request))
    return redirect("desk_checklist" if episode.is_scheduled else "desk_texts", pk)


@transaction.atomic
def _publish(request: HttpRequest, pk: int, when: datetime) -> str:
    """Publish the episode; returns why not, if so. Raises OSError."""
    episode = locked_episode(pk)
    if request.POST.get("seen") != str(episode.edit_number):
        return CONFLICT
    if refusal := why_not(episode):
        return refusal
    episode.status, episode.published_at = Episode.Status.PUBLISHED, when
    try:
        episode.clean()
    except ValidationError as error:
        return _sentences([error.messages])
    episode.save(update_fields=["status", "published_at"])
    finish(request, episode)
    return ""


def _sentences(errors: Iterable[Iterable[object]]) -> str:
    return " ".join(str(message) for messages in errors for message in messages)


def _success(episode: Episode) -> SafeString:
    if episode.is_scheduled:
        when = date_format(timezone.localtime(episode.published_at), DATE)
        words = (
            'Scheduled: the episode appears on {}. <a href="{}">Prepare its texts to send out</a>.'
        )
        return format_html(words, when, reverse("desk_texts", args=[episode.pk]))
    words = '“{}” is published: <a href="{}">view its page</a>. Texts to send out are below.'
    said = format_html(words, episode.title, episode.get_absolute_url())
    if episode.is_interview or hasattr(episode, "enclosure"):
        return said
    lacks = ' It has no recording: podcast apps list it once you <a href="{}">upload one</a>.'
    return said + format_html(lacks, reverse("desk_audio", args=[episode.pk]))
