"""An episode's audio and its sponsor: one of each at most."""

from typing import Any

from django import forms
from django.contrib import admin

from desk.admin.base import FIELDS
from desk.fields import TimecodeField
from episodes.models import Enclosure, Sponsor


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


class SponsorInline(OfEpisode):
    model = Sponsor
    fields = ("name", "url", "text")
