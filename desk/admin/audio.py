"""An episode's audio, transcript and sponsor: one of each at most."""

from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from desk.admin.base import FIELDS
from desk.fields import TimecodeField
from episodes.models import Enclosure, Episode, Sponsor
from topics.models import Transcript


class EnclosureForm(forms.ModelForm):
    seconds = TimecodeField(label="Length", required=False, help_text="As 1:02:03.")

    def clean(self) -> dict[str, Any] | None:
        """The size of a file handed in is known."""
        cleaned = super().clean() or self.cleaned_data
        if "file" in self.changed_data and cleaned.get("file"):
            cleaned["bytes"] = cleaned["file"].size
        return cleaned


class OfEpisode(admin.StackedInline):
    formfield_overrides = FIELDS
    extra = 0
    max_num = 1


class EnclosureInline(OfEpisode):
    model = Enclosure
    form = EnclosureForm
    fields = ("file", "url", "name", "seconds", "bytes", "type")
    verbose_name = "audio"


@admin.display(description="transcript")
def transcript_link(episode: Episode) -> str:
    """Where the episode's transcript is handed in, read through or replaced."""
    if episode.pk is None or episode.is_interview:
        return ""
    known = Transcript.objects.filter(episode=episode).first()
    if known is None:
        address = f"{reverse('admin:topics_transcript_add')}?episode={episode.pk}"
        return format_html('<a href="{}">Hand in a file</a>', address)
    address = reverse("admin:topics_transcript_change", args=[known.pk])
    state = "Read through by a person" if known.reviewed else "Machine-made, not reviewed"
    return format_html('<a href="{}">{}</a>', address, state)


class SponsorInline(OfEpisode):
    model = Sponsor
    fields = ("name", "url", "text")
