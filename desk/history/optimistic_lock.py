"""Forms of single rows show what someone else saved while they were open."""

import json
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.http import HttpRequest, QueryDict

from desk.history.conflicts import conflict_message
from desk.history.differences import replaced
from desk.writing.diff import Difference, diff_words


class OptimisticLockForm(forms.ModelForm):
    """Carries the values it was rendered with, and refuses once when other values are stored."""

    data: QueryDict
    values_seen = forms.CharField(required=False, widget=forms.HiddenInput)
    compared_relation = ""  # rows of another table that the form edits, too: a guest's names

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Before cleaning changes the instance. A new show has its key already, so ask `adding`.
        is_new = self.instance._state.adding
        self.stored = {} if is_new else values_of(self.instance, self.compared_relation)
        self.fields["values_seen"].initial = json.dumps(self.stored)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        seen = values_in(cleaned.get("values_seen"))
        if self.stored and "merge" in self.data:
            self._merge(cleaned, str(self.data["merge"]))
        elif self.stored and seen and seen != self.stored:
            self._see(json.dumps(self.stored))
            self._add_conflict(seen)
        return cleaned

    def _see(self, values: str) -> None:
        again = QueryDict(self.data.urlencode(), mutable=True)
        again[self.add_prefix("values_seen")] = values
        self.data = again

    def _merge(self, cleaned: dict[str, Any], opened_with: str) -> None:
        """Keep what is stored wherever the form still says what it was opened with."""
        before = values_in(opened_with)
        for field in self.instance._meta.concrete_fields:
            mine, label = cleaned.get(field.name), str(field.verbose_name)
            if field.name in cleaned and str(getattr(mine, "pk", mine) or "") == before.get(label):
                cleaned[field.name] = getattr(self.instance, field.name)
        self._see(opened_with)  # if the form is refused, the conflict is still there

    def _add_conflict(self, seen: dict[str, str]) -> None:
        content_type = ContentType.objects.get_for_model(self.instance)
        log = LogEntry.objects.filter(content_type=content_type, object_id=self.instance.pk)
        last = log.select_related("user").order_by("-action_time").first()
        changes: list[Difference] = []
        for label, value in self.stored.items():
            before = seen.get(label, "")
            if before and value and before != value:
                changes.append(
                    Difference(label.capitalize(), "reworded", diff_words(before, value))
                )
            else:
                changes += replaced(label.capitalize(), before, value)
        who, when = (last.user, last.action_time) if last else ("Someone", None)
        more = {"can_merge": True, "opened_at": json.dumps(seen)}
        self.add_error(None, conflict_message(who, when, changes, **more))


class OptimisticLockAdmin(ModelAdmin):
    """Admin with an OptimisticLockForm. It locks the row, so that two saves follow each other."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        (name, options), *others = super().get_fieldsets(request, obj)
        return [(name, options | {"fields": (*options["fields"], "values_seen")}), *others]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None):
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST" or not connection.in_atomic_block:
            return row
        return self.model._base_manager.select_for_update().filter(pk=row.pk).first()


def values_of(row: models.Model, relation: str) -> dict[str, str]:
    """The values that a form edits, by label."""
    values = {
        str(field.verbose_name): str(field.value_from_object(row) or "")
        for field in row._meta.concrete_fields
        if field.editable and not field.primary_key
    }
    if relation:
        rows = getattr(row, relation)
        values[str(rows.model._meta.verbose_name_plural)] = ", ".join(sorted(map(str, rows.all())))
    return values


def values_in(value: str | None) -> dict[str, str]:
    """The values as the form rendered them; empty if anything else was sent."""
    try:
        seen = json.loads(value or "{}")
    except (ValueError, RecursionError):
        return {}
    is_valid = isinstance(seen, dict) and all(isinstance(each, str) for each in seen.values())
    return seen if is_valid else {}
