"""Forms for the guests of an episode: each guest's card, and one to add another."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from desk.entities.guests import GuestForm
from desk.entities.names import validate_key
from desk.fields import PlaceField
from desk.history.optimistic_lock import values_in
from desk.model_admin import KeySelect
from episodes.models import Appearance
from guests.models import Guest
from notes.grammar.head import NOT_A_GUEST_NAME, is_guest_name
from notes.grammar.lines import clean, one_line
from notes.new_rows import new_guests


class AppearanceForm(forms.ModelForm):
    """What a guest is in this episode, their place among its guests, and whether they stay."""

    place = PlaceField()
    remove = forms.BooleanField(label="Remove from this episode", required=False)

    class Meta:
        model = Appearance
        fields = ("title", "role")
        labels = {"title": "What they do"}
        widgets = {"role": forms.TextInput({"list": "roles"})}


class ProfileForm(GuestForm):
    """The guest's own fields. Values that others saved since count as typed only if changed."""

    def has_changed(self) -> bool:
        """Whether the host changed anything, compared with what this form was rendered with."""
        seen = values_in(self.data.get(self.add_prefix("values_seen")))
        if not seen or seen == self.stored:
            return super().has_changed()
        return any(self._was_typed(name, seen) for name in self.fields if name != "values_seen")

    def _was_typed(self, name: str, seen: dict[str, str]) -> bool:
        field = self.fields[name]
        typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        if name not in (self._meta.fields or ()) or isinstance(field, forms.FileField):
            return typed is not None and typed != ""
        column: Any = Guest._meta.get_field(name)
        label = str(column.verbose_name)
        return str(typed or "").strip() != seen.get(label, "")

    def clean(self) -> dict[str, Any] | None:
        return super().clean() if self.has_changed() else self.cleaned_data


class AddGuestForm(forms.Form):
    """A guest to add: one of the catalogue, or a new one by name."""

    guest = forms.ModelChoiceField(
        Guest.objects.all(), label="Someone who has been a guest before", required=False
    )
    name = forms.CharField(
        label="Or the name of a new guest",
        required=False,
        max_length=120,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    title = Appearance._meta.get_field("title").formfield(label="What they do")

    def __init__(self, *args: Any, may_add_guests: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["guest"]
        select = KeySelect(Appearance._meta.get_field("guest"), admin.site)
        select.choices = field.choices
        field.widget = select
        if not may_add_guests:
            del self.fields["name"]

    def clean_name(self) -> str:
        name = one_line(clean(self.cleaned_data["name"]))
        if not name:
            return ""
        validate_key(name)
        if not is_guest_name(name):
            raise ValidationError(NOT_A_GUEST_NAME)
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        guest, name = cleaned.get("guest"), cleaned.get("name")
        if guest and name:
            self.add_error("name", "Choose a guest or enter a name, not both.")
        if cleaned.get("title") and not (guest or name or self.errors):
            self.add_error(None, "Choose the guest, or enter a name.")
        return cleaned

    def added_guest(self) -> Guest | None:
        """The guest to add, created if the name is new. None if the form is empty."""
        guest, name = self.cleaned_data.get("guest"), self.cleaned_data.get("name")
        if guest or not name:
            return guest
        return Guest.objects.by_name([name]).get(name) or new_guests([name])[name]
