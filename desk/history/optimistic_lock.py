"""Forms of single rows notice what someone else saved while they were open."""

import json
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from desk.history.differences import replaced
from desk.writing.diff import Difference, diff_words

MOST = 30


class NoticingForm(forms.ModelForm):
    """Carries the values it was made from, and refuses once when others are stored by now."""

    data: QueryDict
    values_seen = forms.CharField(required=False, widget=forms.HiddenInput)
    listed = ""  # rows of another table that belong to the form: a guest's names

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Before anything typed is written into the instance. A new row, which nobody else can have
        # saved, may have its key: the show has.
        is_new = self.instance._state.adding
        self.stored = {} if is_new else values_of(self.instance, self.listed)
        self.fields["values_seen"].initial = json.dumps(self.stored)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        seen = _read(cleaned.get("values_seen"))
        if self.stored and seen and seen != self.stored:
            again = QueryDict(self.data.urlencode(), mutable=True)
            again[self.add_prefix("values_seen")] = json.dumps(self.stored)
            self.data = again
            self.add_error(None, _told(self.instance, seen, self.stored))
        return cleaned


class NoticingAdmin(ModelAdmin):
    """For a NoticingForm. Who saves locks the row, so that two saves follow each other."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        (name, options), *others = super().get_fieldsets(request, obj)
        return [(name, options | {"fields": (*options["fields"], "values_seen")}), *others]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None):
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST":
            return row
        return self.model._base_manager.select_for_update().filter(pk=row.pk).first()


def values_of(row: models.Model, listed: str) -> dict[str, str]:
    """What a form edits, by label."""
    values = {
        str(field.verbose_name): str(field.value_from_object(row) or "")
        for field in row._meta.concrete_fields
        if field.editable and not field.primary_key
    }
    if listed:
        rows = getattr(row, listed)
        values[str(rows.model._meta.verbose_name_plural)] = ", ".join(sorted(map(str, rows.all())))
    return values


def _read(value: str | None) -> dict[str, str]:
    """As the form wrote it; nothing of what isn't."""
    try:
        seen = json.loads(value or "{}")
    except ValueError:
        return {}
    is_ours = isinstance(seen, dict) and all(isinstance(each, str) for each in seen.values())
    return seen if is_ours else {}


def _told(row: models.Model, seen: dict[str, str], stored: dict[str, str]) -> SafeString:
    log = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(row), object_id=row.pk
    )
    last = log.select_related("user").order_by("-action_time").first()
    changes: list[Difference] = []
    for label, value in stored.items():
        before = seen.get(label, "")
        if before and value and before != value:
            changes.append(Difference(label.capitalize(), "reworded", diff_words(before, value)))
        else:
            changes += replaced(label.capitalize(), before, value)
    context = {
        "who": last.user if last else "Someone",
        "when": last and last.action_time,
        "changes": changes,
        "most": MOST,
    }
    return render_to_string("admin/desk/history/conflict.html", context)
