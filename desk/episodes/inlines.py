"""Inlines for an episode's ordered rows: topics, libraries, references.

Positions are never typed. Topics are ordered by time, other rows by their order on the page, which
desk/inlines.js lets the host change.
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, QueryDict

from desk.episodes.deleted_rows import as_new_rows
from desk.fields import PlaceField, TimecodeField, validate_link
from desk.model_admin import AutocompleteMixin, KeySelect, PublicAddressMixin
from episodes.models import LibraryUse, Reference
from notes.grammar.items import balance
from notes.grammar.lines import clean, one_line
from text.timecode import format_timecode
from text.urls import url_key
from topics.models import Topic

LONG_TOPIC = 300  # characters


class DoubtForm(forms.ModelForm):
    """A row that is refused once if something about it is doubtful."""

    data: QueryDict
    doubted = forms.CharField(required=False, widget=forms.HiddenInput)  # what was told

    def doubt(self, name: str, message: str) -> None:
        """Show the message at this field. The next save of the same row succeeds."""
        if self.cleaned_data.get("doubted") == message:
            return
        again = QueryDict(self.data.urlencode(), mutable=True)
        again[self.add_prefix("doubted")] = message
        self.data = again
        self.add_error(name, f"{message} Save again to keep it.")


class OrderedForm(forms.ModelForm):
    place = PlaceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            select = getattr(field.widget, "widget", None)
            if isinstance(select, KeySelect) and self.instance.pk:
                select.related = getattr(self.instance, name)


class ReferenceForm(DoubtForm, OrderedForm):
    """Accepts what the notes can express: brackets in label and note are balanced."""

    def clean_label(self) -> str:
        return balance(one_line(clean(self.cleaned_data["label"])), "[")

    def clean_note(self) -> str:
        return balance(one_line(clean(self.cleaned_data["note"])), "(")

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if "url" in self.changed_data:  # imported values may be invalid
            validate_link(url)
        return url


class LibraryUseForm(ReferenceForm):
    """An empty address becomes the library's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].required = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        library = self.cleaned_data.get("library")
        if library and not self.cleaned_data.get("url"):
            self.cleaned_data["url"] = library.url
        return cleaned


class TopicForm(DoubtForm):
    seconds = TimecodeField(label="time")

    class Meta:
        widgets = {"text": forms.Textarea({"rows": 1, "cols": 70})}

    def clean_text(self) -> str:
        """One line, as in the notes."""
        text = one_line(clean(self.cleaned_data["text"]))
        if not text:
            raise ValidationError("Enter the topic’s text.")
        return text


class RowsFormSet(BaseInlineFormSet):
    data: QueryDict
    prefix: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.management_form.is_valid():
            present = {str(row.pk) for row in self.get_queryset()}
            counts = self.initial_form_count(), self.total_form_count()
            self.data = as_new_rows(self.data, self.prefix, *counts, present)
            del self.management_form  # cached, with the former count

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Label the fields: screen readers don't read the table's headings for them."""
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if field.widget.is_hidden:
                continue
            label = "Delete" if name == "DELETE" else str(field.label or name).capitalize()
            field.widget.attrs.setdefault("aria-label", label)

    def rows(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        """The valid rows that stay or come, with their values."""
        for form in self.forms:
            values = getattr(form, "cleaned_data", None)
            if values and not form.errors and not values.get("DELETE"):
                yield form, values


class TopicFormSet(RowsFormSet):
    """Doubts new and changed topics past the recording's end, repeated ones, and very long ones."""

    def clean(self) -> None:
        super().clean()
        end, seen = self.instance.seconds, set()
        for form, values in self.rows():
            topic = (values["seconds"], values["text"])
            name, message = _topic_doubt(*topic, end, topic in seen)
            seen.add(topic)
            if message and form.has_changed():
                form.doubt(name, message)


def _topic_doubt(seconds: int, text: str, end: int | None, is_repeated: bool) -> tuple[str, str]:
    """The field and what is doubtful about it; empty if nothing is."""
    if end and seconds >= end:
        return "seconds", f"This is past the recording’s end, {format_timecode(end)}."
    if is_repeated:
        return "text", "This topic is here already."
    if len(text) > LONG_TOPIC:
        return "text", f"This has {len(text)} characters. Players show a line."
    return "", ""


class ReferenceFormSet(RowsFormSet):
    """Doubts a new or changed reference whose address is there already."""

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form, values in self.rows():
            key = url_key(values["url"])
            if key in seen and form.has_changed():
                form.doubt("url", "This address is here already.")
            seen.add(key)


class RowsInline(PublicAddressMixin, AutocompleteMixin, admin.TabularInline):
    extra = 1
    formset = RowsFormSet
    pane = "stack"  # of the form, a key of PANES

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("episode", *self.autocomplete_fields)


class TopicInline(RowsInline):
    model = Topic
    pane = "topics"
    form = TopicForm
    formset = TopicFormSet
    fields = ("seconds", "text", "doubted")

    def is_public(self, obj: Topic) -> bool:
        return not obj.episode.deleted_at and obj.episode.is_published


class LibraryUseInline(RowsInline):
    model = LibraryUse
    form = LibraryUseForm
    fields = ("place", "library", "url", "label", "note")
    autocomplete_fields = ("library",)


class ReferenceInline(RowsInline):
    model = Reference
    form = ReferenceForm
    formset = ReferenceFormSet
    fields = ("place", "url", "label", "note", "doubted")


def assign_positions(formset: BaseInlineFormSet) -> None:
    """Renumber an episode's rows, including those added by others since the form was opened."""
    places = {form.instance.pk: _place(form, index) for index, form in enumerate(formset.forms)}

    def order(row: Any) -> tuple[float, ...]:
        start = row.seconds if isinstance(row, Topic) else 0
        return (start, places.get(row.pk, float("inf")), row.position)

    model: Any = formset.model
    moved = []
    rows = sorted(model.objects.filter(episode=formset.instance), key=order)
    for position, row in enumerate(rows):
        if row.position != position:
            row.position = position
            moved.append(row)
    model.objects.bulk_update(moved, ["position"])


def _place(form: forms.ModelForm, index: int) -> float:
    place = form.cleaned_data.get("place")
    return index if place is None else place
