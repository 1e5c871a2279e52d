"""Other names of guests and technologies. They are compared by a normalised key."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet

from notes.grammar.lines import clean, one_line
from text.names import normalise_name

# The columns' length. A key may be longer than its name: “C++” is “cplusplus”.
MAX_KEY_LENGTH = 100


def validate_key(name: str) -> None:
    """Raise ValidationError when a name has no key, or one too long to store."""
    key = normalise_name(name)
    if not key:
        raise ValidationError("A name needs a letter or digit.")
    if len(key) > MAX_KEY_LENGTH:
        raise ValidationError(f"Use {MAX_KEY_LENGTH} letters and digits at most.")


class NameForm(forms.ModelForm):
    """For a model with a `name` that notes can use."""

    def clean_name(self) -> str:
        name = one_line(clean(self.cleaned_data["name"]))
        validate_key(name)
        return name


class AliasFormSet(BaseInlineFormSet):
    """Refuses two names with one key, which only the database would notice."""

    def own_names(self) -> tuple[str, ...]:
        """The names that the entity has without a line here."""
        return (self.instance.name,)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Label the fields: screen readers don't read the table's headings for them."""
        super().add_fields(form, index)
        form.fields["name"].widget.attrs["aria-label"] = "Name"
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = f"Delete {form.instance}"

    def clean(self) -> None:
        super().clean()
        own = {normalise_name(name) for name in self.own_names()}
        seen: set[str] = set()
        for form in self.forms:
            name = form.cleaned_data.get("name") if form.is_valid() else None
            if not name or form.cleaned_data.get("DELETE"):
                continue
            key = normalise_name(name)
            if key in own and key != normalise_name(form.initial.get("name", "")):
                form.add_error("name", f"“{name}” is its name already; it needs no line here.")
            elif key in seen:
                form.add_error("name", f"“{name}” is listed twice.")
            seen.add(key)


class AliasInline(admin.TabularInline):
    form = NameForm
    formset = AliasFormSet
    fields = ("name",)
    extra = 1
    verbose_name_plural = "other names in notes"
