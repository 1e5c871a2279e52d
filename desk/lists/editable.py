"""Fields in rows of a list or a form say what they are, and of which row."""

from typing import Any

from django.forms import BaseFormSet, BaseModelFormSet, Form


class LabelledFields(BaseFormSet):
    """A table's head isn't a label to screen readers."""

    def add_fields(self, form: Form, index: Any) -> None:
        super().add_fields(form, index)
        row: Any = form
        for name, field in form.fields.items():
            if not field.widget.is_hidden:
                label = field.label or name.capitalize()
                field.widget.attrs["aria-label"] = f"{label} of {row.instance}".removesuffix(" of ")


class LabelledFormSet(LabelledFields, BaseModelFormSet):  # type: ignore[misc]
    pass
