"""Fields in a list say what they are, and of which row."""

from typing import Any

from django.forms import BaseModelFormSet, Form


class LabelledFormSet(BaseModelFormSet):
    def add_fields(self, form: Form, index: Any) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = f"{field.label} of {form.instance}"  # type: ignore[attr-defined]
