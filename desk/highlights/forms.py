"""The form of a highlight, which takes addresses as they are copied from the site."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from pages.sharing import parse_episode_url
from pages.start_here import resolve

NO_EPISODE = (
    "This is no address of a published episode, or of a moment of one. Copy it from the episode’s "
    "page: its own, or that of a topic’s time."
)


class HighlightForm(forms.ModelForm):
    class Meta:
        widgets = {"path": forms.TextInput({"size": 100})}

    def clean_path(self) -> Any:
        """The path of the episode or moment, of an address in any spelling."""
        given = self.cleaned_data["path"].strip()
        url = settings.SITE_URL + given if given.startswith("/") else given
        if "path" not in self.changed_data:
            return given
        slug, moment = parse_episode_url(url) or ("", "")
        path = f"/podcast/{slug}{moment.partition(',')[0]}"  # a clip's end says nothing here
        if not slug or path not in resolve([path]):
            raise ValidationError(NO_EPISODE)
        return path
