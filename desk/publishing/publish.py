"""From the checklist into the open: published now, or at a minute of the show's own time."""

import logging
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from desk.fields import MomentField
from desk.shortcuts import finish
from episodes.models import Episode

logger = logging.getLogger(__name__)

WHEN_FIELDS = ("when_0", "when_1")  # date and time, as they are posted
WHEN = "l, j M Y, H:i T"
MEANWHILE = "Not published: somebody saved this episode meanwhile. Here is how it stands now."
WITHDRAWN = "It was withdrawn; its form brings it back."
DONE = "It is published already."
may_publish = permission_required("episodes.change_episode", raise_exception=True)


class WhenForm(forms.Form):
    """A minute to come, in the show's time zone, at which the episode appears."""

    when = MomentField(
        label="Date and time",
        input_date_formats=["%Y-%m-%d"],
        input_time_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date", "aria-label": "Date"},
            time_attrs={"type": "time", "aria-label": "Time"},
        ),
        required=False,  # the time may be left out; a date is asked for below
        help_text="Without a time: at midnight.",
    )

    def clean_when(self) -> datetime:
        when = self.cleaned_data["when"]
        if when is None:
            raise ValidationError("When shall it appear?")
        if when <= timezone.now():
            raise ValidationError("That is past. Publish it now, or date it back in its form.")
        return when


def when_form(request: HttpRequest, episode: Episode) -> WhenForm:
    """With what was typed, if it was refused; else the date the episode has."""
    typed = [request.GET.get(name, "") for name in WHEN_FIELDS]
    return WhenForm(initial={"when": typed if any(typed) else episode.published_at})


def why_not(episode: Episode) -> str:
    """Why an episode can't be published from its checklist; nothing if it can."""
    if episode.is_withdrawn:
        return WITHDRAWN
    if episode.status == Episode.Status.PUBLISHED and episode.is_due():
        return DONE
    return ""


@may_publish
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """`do=now`, or `do=then` with a date; all or nothing."""
    form = WhenForm(request.POST) if request.POST.get("do") == "then" else None
    if form and not form.is_valid():
        typed = urlencode(
            {name: request.POST.get(name, "").replace("\0", "")[:20] for name in WHEN_FIELDS}
        )
        return _refused(request, pk, _said(form.errors.values()), f"?{typed}")
    when = form.cleaned_data["when"] if form else timezone.now().replace(microsecond=0)
    try:
        with transaction.atomic():
            wrong = _publish(request, pk, when)
    except OSError as error:
        logger.error("A recording could not get its chapters", exc_info=error)
        wrong = f"Not published: the recording could not be stored ({error})."
    if wrong:
        return _refused(request, pk, wrong)
    episode = Episode.objects.get(pk=pk)
    messages.success(request, _told(episode))
    return redirect("desk_checklist" if episode.is_scheduled() else "desk_texts", pk)


def _publish(request: HttpRequest, pk: int, when: datetime) -> str:
    """Write it; why not, if it can't be. In a transaction. Raises OSError."""
    episode = Episode.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if episode is None:
        raise Http404("There is no such episode, or it is in the bin.")
    if request.POST.get("seen") != str(episode.edit_number):
        return MEANWHILE
    if wrong := why_not(episode):
        return wrong
    episode.status, episode.published_at = Episode.Status.PUBLISHED, when
    try:
        episode.clean()
    except ValidationError as error:
        return _said([error.messages])
    episode.save(update_fields=["status", "published_at"])
    finish(request, episode)
    return ""


def _refused(request: HttpRequest, pk: int, why: str, query: str = "") -> HttpResponse:
    messages.error(request, why)
    return redirect(reverse("desk_checklist", args=[pk]) + query)


def _said(reasons: Any) -> str:
    return " ".join(str(each) for several in reasons for each in several)


def _told(episode: Episode) -> SafeString | str:
    if episode.is_scheduled():
        moment = date_format(timezone.localtime(episode.published_at), WHEN)
        return f"Scheduled: it appears by itself on {moment}."
    words = '“{}” is published: <a href="{}">its page</a>. Texts to send out are below.'
    return format_html(words, episode.title, episode.get_absolute_url())
