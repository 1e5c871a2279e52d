"""An episode's technologies in its form: rows of names, which desk/chips.js shows as chips."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from desk.entities.names import validate_key
from desk.episodes.inlines import OrderedForm, RowsFormSet, RowsInline
from episodes.models import Use
from notes.grammar.items import is_name
from notes.grammar.lines import clean, one_line
from notes.new_rows import new_technologies
from stack.models import Technology

UNKNOWN = "There is no technology “{}”. Tick “New” to add it."
FORBIDDEN = "There is no technology “{}”, and you may not add any."
NOT_A_NAME = "Show notes can’t list this name: leave out commas, “and”, < and {."


class UseForm(OrderedForm):
    """A technology by name. One that the catalogue lacks is added only if the host says so."""

    name = forms.CharField(
        max_length=100,
        help_text="Enter its name, or another by which the stack knows it.",
        widget=forms.TextInput({"aria-label": "Technology", "autocomplete": "off"}),
    )
    new = forms.BooleanField(
        label="New", required=False, help_text="Tick it to add a name that the stack lacks."
    )
    may_add = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["name"] = self.instance.technology.name

    def clean_name(self) -> str:
        name = one_line(clean(self.cleaned_data["name"]))
        if not name:
            raise ValidationError("Enter a name.")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name = cleaned.get("name")
        if not name or (self.instance.pk and "name" not in self.changed_data):
            return cleaned
        known = Technology.objects.named(name)
        if known:
            self.instance.technology = known
        elif not self.may_add:
            self.add_error("name", FORBIDDEN.format(name))
        elif not cleaned.get("new"):
            self.add_error("name", UNKNOWN.format(name))
        elif not is_name(name):
            self.add_error("name", NOT_A_NAME)
        else:
            self._check_key(name)
        return cleaned

    def _check_key(self, name: str) -> None:
        try:
            validate_key(name)
        except ValidationError as error:
            self.add_error("name", error)

    def save(self, commit: bool = True) -> Any:
        if not self.instance.technology_id:
            name = self.cleaned_data["name"]
            self.instance.technology = new_technologies([name])[name]
        return super().save(commit)


class UseFormSet(RowsFormSet):
    def clean(self) -> None:
        """No technology twice, under whichever of its names."""
        super().clean()
        seen: set[Any] = set()
        for form in self.forms:
            if not form.is_valid() or not form.cleaned_data.get("name"):
                continue
            if form.cleaned_data.get("DELETE"):
                continue
            key = form.instance.technology_id or form.cleaned_data["name"].casefold()
            if key in seen:
                form.add_error("name", f"“{form.cleaned_data['name']}” is listed twice.")
            seen.add(key)


class UseInline(RowsInline):
    model = Use
    form = UseForm
    formset = UseFormSet
    template = "admin/desk/episodes/chips.html"
    fields = ("place", "name", "new")
    autocomplete_fields = ("technology",)
    verbose_name_plural = "technologies"

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        may_add = request.user.has_perm("stack.add_technology")
        form = type("UseForm", (self.form,), {"may_add": may_add})
        return super().get_formset(request, obj, form=form, **kwargs)
