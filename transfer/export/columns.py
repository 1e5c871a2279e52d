"""A row's own columns as plain values, whichever columns its model has: what is added to a model
is exported without a word here. A column is left out where it says what a new row would.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.utils import validate_file_name
from django.db import models

from transfer.export.front_matter import Value

# Made anew at each write from the columns that are exported.
DERIVED_ENDING = "_html"
DERIVED = {"renderer", "edit_number", "draft_edit", "normalised", "html", "plain", "queries"}
SCRIPTS = ("javascript:", "data:", "vbscript:")

Column: TypeAlias = "models.Field[Any, Any]"


class BadValue(ValueError):
    """A text that can't be the column's value; names the column, says what is wrong."""

    def __init__(self, column: str, value: str, message: str) -> None:
        super().__init__(message)
        self.column, self.value, self.message = column, value, message


def columns(model: type[models.Model]) -> list[Column]:
    """The columns that are exported: neither keys and relations nor what derives from others."""
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


def _is_file(field: Column) -> bool:
    return isinstance(field, models.FileField)


def decode(model: type[models.Model], stated: Mapping[str, Any]) -> dict[str, Any]:
    """Every column's value: as stated, else as in a new row. Raises BadValue.

    A column whose value is made when the row is, such as a GUID, is missing unless stated.
    """
    values = {}
    for field in columns(model):
        if field.name in stated:
            values[field.name] = _decoded(field, stated[field.name])
        elif not _is_made_once(field):
            values[field.name] = field.get_default()
    return values


def _is_made_once(field: Column) -> bool:
    return getattr(field, "auto_now", False) or field.get_default() != field.get_default()


def is_automatic(field: Column) -> bool:
    """Whether saving sets the column, whatever it held."""
    return getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)


def _decoded(field: Column, text: Any) -> Any:
    if not isinstance(text, str) or "\0" in text:
        raise BadValue(field.name, str(text)[:80], "No text.")
    try:
        value = _parsed(field, text)
    except (ValueError, OverflowError, ValidationError, SuspiciousFileOperation) as failure:
        message = "This is no value of this kind."
        raise BadValue(field.name, text, message) from failure
    limit = field.max_length
    if limit and isinstance(value, str) and len(value) > limit:
        raise BadValue(field.name, text, f"This is longer than {limit} characters.")
    if field.flatchoices and value not in dict(field.flatchoices) and value != field.get_default():
        known = ", ".join(str(choice) for choice, _ in field.flatchoices)
        raise BadValue(field.name, text, f"Expected one of {known}.")
    return value


def _parsed(field: Column, text: str) -> Any:
    if isinstance(field, models.BooleanField):
        return {"true": True, "false": False}[text] if text in ("true", "false") else _refuse(text)
    if isinstance(field, models.JSONField):
        return json.loads(text)
    if _is_file(field):
        return validate_file_name(text, allow_relative_path=True) if text else text
    if "url" in field.name and text.strip().casefold().startswith(SCRIPTS):
        return _refuse(text)
    return field.to_python(text)


def _refuse(text: str) -> None:
    raise ValueError(text)
