"""A row's own columns as plain values, for any model: a new column is exported by itself.

A column with the default of a new row is left out.
"""

import json
from typing import Any, TypeAlias

from django.db import models

from transfer.export.front_matter import Value

# Columns that each write computes from others.
DERIVED_ENDING = "_html"
DERIVED = {
    "renderer", "edit_number", "draft_edit", "draft_user", "draft_saved_at",
    "normalised", "html", "plain", "queries", "renditions",
}  # fmt: skip

Column: TypeAlias = "models.Field[Any, Any]"


def columns(model: type[models.Model]) -> list[Column]:
    """The exported columns: all but keys, relations and derived ones."""
    return [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.is_relation or is_derived(field.name))
    ]


def is_derived(name: str) -> bool:
    return name.endswith(DERIVED_ENDING) or name in DERIVED


def encode(row: models.Model) -> dict[str, Value]:
    """The row's columns that differ from a new row's."""
    values = {field: getattr(row, field.name) for field in columns(type(row))}
    return {
        field.name: _encoded(field, row, value)
        for field, value in values.items()
        if value is not None and value != field.get_default()
    }


def _encoded(field: Column, row: models.Model, value: Any) -> Value:
    if isinstance(value, bool | int):
        return value
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(field.value_to_string(row))
