"""Reads one row's values from an export."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.utils import validate_file_name
from django.db import models

from transfer.export.columns import Column, columns
from transfer.export.tables import Listed
from transfer.importers.report import InvalidInput

SCRIPTS = ("javascript:", "data:", "vbscript:")
BOOLEANS = {"true": True, "false": False}


def decoded(
    model: type[models.Model],
    stated: Mapping[str, Any],
    other_keys: Collection[str] = (),
    renamed: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The row's columns: as stated, else a new row's; `renamed` are new names of stored files.

    A column with a default that differs from row to row, such as a GUID, is missing unless stated.
    Raises InvalidInput, also for a key that is neither a column nor one of `other_keys`.
    """
    fields = {field.name: field for field in columns(model)}
    for key, value in stated.items():
        if key not in fields and key not in other_keys:
            raise InvalidInput("A key that isn't known.", field=key, value=value)
    values = {}
    for name, field in fields.items():
        if name in stated:
            value = _decoded(field, stated[name])
            is_file = isinstance(field, models.FileField)
            values[name] = renamed.get(value, value) if renamed and is_file else value
        elif not getattr(field, "auto_now", False) and field.get_default() == field.get_default():
            values[name] = field.get_default()
    return values


def _decoded(field: Column, text: Any) -> Any:
    if not isinstance(text, str) or "\0" in text:
        raise InvalidInput("No text.", field=field.name, value=text)
    try:
        value = _parsed(field, text)
    except (
        KeyError, ValueError, OverflowError, ValidationError, SuspiciousFileOperation,
    ) as failure:  # fmt: skip
        message = "This isn't a value of this kind."
        raise InvalidInput(message, field=field.name, value=text) from failure
    limit = field.max_length
    if limit and isinstance(value, str) and len(value) > limit:
        raise InvalidInput(f"This is longer than {limit} characters.", field=field.name, value=text)
    if field.flatchoices and value not in dict(field.flatchoices) and value != field.get_default():
        choices = ", ".join(str(choice) for choice, _ in field.flatchoices)
        raise InvalidInput(f"Expected one of {choices}.", field=field.name, value=text)
    return value


def _parsed(field: Column, text: str) -> Any:
    if isinstance(field, models.BooleanField):
        return BOOLEANS[text]
    if isinstance(field, models.JSONField):
        return json.loads(text)
    if isinstance(field, models.FileField):
        return validate_file_name(text, allow_relative_path=True) if text else text
    if "url" in field.name and text.strip().casefold().startswith(SCRIPTS):
        raise ValueError("an address that runs a script")
    return field.to_python(text)


def save_listed(row: models.Model, listed: Listed, texts: list[str], is_new: bool) -> bool:
    """Add the texts that the row's list lacks; True if there were any."""
    rows = getattr(row, listed.name)
    if is_new:
        rows.all().delete()  # those that saving the row has made
    existing = {listed.key(getattr(item, listed.column)): item for item in rows.all()}
    changed = False
    for text in texts:
        item = existing.get(listed.key(text))
        if item is None:
            rows.create(**{listed.column: text})
        elif getattr(item, listed.column) != text:
            setattr(item, listed.column, text)
            item.save()
        else:
            continue
        changed = True
    return changed


def row_of(model: Any, slug: Any, column: str) -> Any:
    """The guest or library with this slug. Raises InvalidInput."""
    row = model.objects.filter(slug=slug).first() if isinstance(slug, str) else None
    if row is None:
        name = model._meta.verbose_name
        message = f"No {name} of this address is in _data/{model._meta.verbose_name_plural}.yml."
        raise InvalidInput(message, field=column, value=slug)
    return row


def texts(stated: Mapping[str, Any], key: str) -> list[str]:
    """A list of texts; empty without the key. Raises InvalidInput for anything else."""
    return _list(stated, key, str, "Expected a list of texts.")


def mappings(stated: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of mappings, likewise."""
    return _list(stated, key, dict, "Expected a list of “key: value”.")


def _list(stated: Mapping[str, Any], key: str, kind: type, message: str) -> list[Any]:
    value = stated.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, kind) for item in value):
        raise InvalidInput(message, field=key, value=value)
    return value
