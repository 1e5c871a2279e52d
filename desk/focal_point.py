"""A form's fields for the square of a picture, which desk/static/desk/focal_point.js lets move."""

from typing import Any

from django import forms
from django.forms.widgets import Script

from desk.pending_files import PendingFileInput
from media.pictured import WithFocalPoint

FIELDS = ("focal_x", "focal_y")


class FocalPointForm(forms.ModelForm):
    """Another picture has the proposed square, unless another one is typed with it.

    `square_sizes`: in which pages show the picture, in pixels.
    """

    square_sizes: tuple[int, ...]
    instance: WithFocalPoint

    class Media:
        css = {"all": ("desk/focal_point.css",)}
        js = (Script("desk/focal_point.js", type="module"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get(self.instance.picture_field)
        if field and isinstance(field.widget, PendingFileInput):
            picture = self.instance.picture
            field.widget.attrs |= {
                "data-sizes": " ".join(map(str, self.square_sizes)),
                "data-picture": picture.url if picture else "",
            }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        changed = set(self.changed_data)
        if self.instance.picture_field in changed and not changed & set(FIELDS):
            cleaned |= dict.fromkeys(FIELDS)
        return cleaned
