"""The form of a highlight, which takes addresses as they are copied from the site."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from episodes.models import Episode
from pages.sharing import parse_episode_url
from pages.start_here import place_of, resolve, topic_start
from show.models import Highlight
from text.timecode import format_timecode

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
        episode = f"/podcast/{slug}"
        path = f"{episode}{moment.partition(',')[0]}"  # a clip's end says nothing here
        picked = [*Highlight.objects.exclude(pk=self.instance.pk).values_list("path", flat=True)]
        found = resolve([episode, path, *picked]) if slug else {}
        row = found.get(episode)
        if not isinstance(row, Episode):
            raise ValidationError(NO_EPISODE)
        if path not in found:
            end = format_timecode(row.seconds or 0)
            raise ValidationError(f"This moment is past the episode’s end, which is at {end}.")
        this = found[path]
        if not isinstance(this, Episode):
            path = f"{episode}?t={topic_start(this)}"
        # The same address is refused by the row itself.
        others = {place_of(found[each]) for each in picked if each in found and each != path}
        if place_of(this) in others:
            raise ValidationError("This is a highlight already, at another address.")
        return path
