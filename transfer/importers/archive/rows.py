"""A row made to say what the export says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from transfer.export.columns import BadValue, columns, decode, is_automatic
from transfer.export.tables import Listed


@dataclass(slots=True)
class Files:
    """The names under which storage took the export's files, where those were taken."""

    renamed: dict[str, str] = field(default_factory=dict)


def decoded(
    model: type[models.Model], stated: Mapping[str, Any], files: Files, known: set[str]
) -> dict[str, Any]:
    """The row's columns; raises BadValue, also for a key that is neither a column nor `known`."""
    names = {column.name for column in columns(model)}
    for key, value in stated.items():
        if key not in names | known:
            raise BadValue(key, str(value)[:80], "A key that isn't known.")
    values = decode(model, {key: value for key, value in stated.items() if key in names})
    for column in columns(model):
        if isinstance(column, models.FileField) and values[column.name] in files.renamed:
            values[column.name] = files.renamed[values[column.name]]
    return values


def differing(row: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns, with what they say now, that don't say this yet."""
    return {
        name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value
    }


def save(row: models.Model, values: Mapping[str, Any]) -> None:
    """Store the row with these columns, also those that saving sets by itself."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    model = type(row)
    automatic = {
        column.name: values[column.name]
        for column in columns(model)
        if is_automatic(column) and column.name in values
    }
    if automatic:
        model._base_manager.filter(pk=row.pk).update(**automatic)


def told(old: Mapping[str, Any]) -> list[str]:
    """What stood in columns before, for the report; empty ones were nobody's words."""
    stood = {name: value for name, value in old.items() if value not in ("", None)}
    return [f"{name}: “{str(value)[:60]}”" for name, value in stood.items()]


def save_listed(row: models.Model, listed: Listed, texts: list[str], is_new: bool) -> bool:
    """Add the texts that the row's list lacks; True when there were any.

    None is taken away, but what saving a new row has put there.
    """
    rows = getattr(row, listed.name)
    if is_new:
        rows.all().delete()
    known = {listed.key(getattr(item, listed.column)): item for item in rows.all()}
    changed = False
    for text in texts:
        item = known.get(listed.key(text))
        if item is None:
            rows.create(**{listed.column: text})
        elif getattr(item, listed.column) != text:
            setattr(item, listed.column, text)
            item.save()
        else:
            continue
        changed = True
    return changed


def texts(stated: Mapping[str, Any], key: str) -> list[str]:
    """A list of texts. Raises BadValue for anything else; empty where the key isn't there."""
    value = stated.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadValue(key, str(value)[:80], "Expected a list of texts.")
    return value


def mappings(stated: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of mappings, likewise."""
    value = stated.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BadValue(key, str(value)[:80], "Expected a list of “key: value”.")
    return value
