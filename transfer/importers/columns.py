"""Values for columns: which of them fit, and how they are written."""

import reprlib
from collections.abc import Mapping
from typing import Any

from django.db.models import DateField, Model

from text.problems import Problem, warning
from text.urls import is_web_url
from transfer.importers.report import Report

SHORT = reprlib.Repr()
SHORT.maxlevel = 3


def shown(value: Any) -> str:
    """A value for a message. Aliases of YAML may make a structure larger than any memory."""
    return value if isinstance(value, str) else SHORT.repr(value)


def longest(model: type[Model], field: str) -> int:
    """How many characters the column holds; 0 without a limit."""
    return getattr(model._meta.get_field(field), "max_length", None) or 0


def fitting(model: type[Model], stated: dict[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """The texts, by column, that fit, and a warning without a place for each that doesn't."""
    limits = {name: longest(model, name) or len(value) for name, value in stated.items()}
    problems = [
        warning(
            f"This is longer than {limits[name]} characters; left out.", field=name, value=value
        )
        for name, value in stated.items()
        if len(value) > limits[name]
    ]
    return {name: value for name, value in stated.items() if len(value) <= limits[name]}, problems


def fitting_or_warn(model: type[Model], stated: dict[str, str], report: Report) -> dict[str, str]:
    """The texts, by column, that fit; the others are reported."""
    fits, problems = fitting(model, stated)
    report.problems(problems)
    return fits


def write_row(row: Model, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Save the row if it is new or differs; the outcome, and an existing row's former values.

    Columns that saving sets by itself get these values, too.
    """
    is_new = row._state.adding
    old = {name: getattr(row, name) for name in values if getattr(row, name) != values[name]}
    if not (is_new or old):
        return "unchanged", old
    for name in old:
        setattr(row, name, values[name])
    row.save()
    automatic = {
        field.name: values[field.name]
        for field in row._meta.concrete_fields
        if isinstance(field, DateField)
        and (field.auto_now or field.auto_now_add)
        and field.name in values
    }
    if automatic:
        type(row)._base_manager.filter(pk=row.pk).update(**automatic)
    return ("new", {}) if is_new else ("changed", old)


def fill_empty(row: Model, stated: dict[str, str]) -> bool:
    """Set columns that are empty so far; True if there were any. The row isn't saved."""
    new = {name: value for name, value in stated.items() if value and not getattr(row, name)}
    for name, value in new.items():
        setattr(row, name, value)
    return bool(new)


def web_url_or_warn(value: Any, field: str, report: Report) -> str:
    """The value, if it is a web address; else nothing, and it is reported."""
    if isinstance(value, str) and is_web_url(value):
        return value
    if value:
        report.warn("No web address; left out.", field=field, value=shown(value))
    return ""
