"""Other names of guests and technologies. Names are compared by their key, which no form shows."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet

from notes.grammar.lines import clean, one_line
from text.names import normalise_name

# What every table of names can hold. A key may be longer than its name: “C++” is “cplusplus”.
LONGEST_KEY = 100


def validate_key(name: str) -> None:
    """Raises ValidationError when a name has no key, or one too long to store."""
    key = normalise_name(name)
    if not key:
        raise ValidationError("A name needs a letter or digit.")
    if len(key) > LONGEST_KEY:
        raise ValidationError(f"Too long: {LONGEST_KEY} letters and digits at most.")


class NameForm(forms.ModelForm):
    """Of what has a name by which notes may mean it."""

    def clean_name(self) -> str:
        name = one_line(clean(self.cleaned_data["name"]))
        validate_key(name)
        return name


class OtherNames(BaseInlineFormSet):
    """Refuses what would become two rows of one key, which only the database would notice."""

    def own_names(self) -> tuple[str, ...]:
        """The names that the row itself states, known without a line here."""
        return (self.instance.name,)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """The lines stand in a table, whose heads name no field to who hears them."""
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
                form.add_error("name", f"“{name}” is known already; it needs no line here.")
            elif key in seen:
                form.add_error("name", f"“{name}” stands here twice.")
            seen.add(key)


class OtherNamesInline(admin.TabularInline):
    form = NameForm
    formset = OtherNames
    fields = ("name",)
    extra = 1
    verbose_name_plural = "names by which notes may mean it"
