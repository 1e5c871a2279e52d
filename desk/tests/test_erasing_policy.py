"""Each column that can say something about a person has a declared policy for erasing."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.test.utils import isolate_apps

from desk.erasing.policy import COLUMNS, GUEST_ROWS, NOT_ABOUT_PEOPLE, Retained, Treatment, policies
from episodes.models import Appearance
from guests.models import Guest, GuestName

TEXTS = (
    models.CharField, models.TextField, models.FileField, models.BinaryField, models.JSONField,
    ArrayField, SearchVectorField, models.GenericIPAddressField, models.UUIDField,
)  # fmt: skip
# Rows that are there because of one guest: dates and numbers describe a person, too.
ABOUT_A_GUEST = (Guest, GuestName, Appearance)


def undeclared(rows: Iterable[Any]) -> list[str]:
    """Columns of these models that the policy doesn't mention."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in rows
        if model not in NOT_ABOUT_PEOPLE
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField)
        and (model in ABOUT_A_GUEST or isinstance(field, TEXTS))
        and field.name not in policies(model)
    ]


def test_every_column_is_declared() -> None:
    assert undeclared(apps.get_models(include_auto_created=True)) == []


def test_what_is_declared_exists_and_is_declared_once() -> None:
    for model, declared in COLUMNS.items():
        names = [name for names in declared.values() for name in names.split()]
        assert len(names) == len(set(names)), model
        assert {field.name for field in model._meta.concrete_fields} >= set(names), model
        assert all(policy.reason for policy in declared if isinstance(policy, Retained))
    assert not set(COLUMNS) & set(NOT_ABOUT_PEOPLE)
    assert all(NOT_ABOUT_PEOPLE.values())


def test_what_is_erased_with_the_guest_says_which_rows_those_are() -> None:
    own = {Treatment.ERASED, Treatment.RENAMED, Treatment.ROW_ERASED}
    assert {model for model, declared in COLUMNS.items() if own & set(declared)} == set(GUEST_ROWS)


@isolate_apps("guests")
def test_a_new_model_is_noticed() -> None:
    class Employer(models.Model):  # noqa: DJ008
        guest = models.ForeignKey(Guest, models.CASCADE, related_name="+")
        name = models.CharField(max_length=10)
        details = models.JSONField(default=dict)
        logo = models.ImageField()
        since = models.DateField()

        class Meta:
            app_label = "guests"

    found = ["guests.Employer.name", "guests.Employer.details", "guests.Employer.logo"]
    assert undeclared([Employer]) == found


@pytest.mark.parametrize("field", [models.CharField(max_length=10), models.DateField(null=True)])
def test_a_new_column_of_a_guest_is_noticed(
    field: "models.Field[Any, Any]", monkeypatch: pytest.MonkeyPatch
) -> None:
    field.set_attributes_from_name("location")
    fields = (*Guest._meta.concrete_fields, field)
    monkeypatch.setitem(Guest._meta.__dict__, "concrete_fields", fields)
    assert undeclared([Guest]) == ["guests.Guest.location"]


def test_no_declaration_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for model, declared in COLUMNS.items():
        for policy, names in list(declared.items()):
            texts = [n for n in names.split() if isinstance(model._meta.get_field(n), TEXTS)]
            with monkeypatch.context() as patch:
                patch.delitem(declared, policy)
                assert set(undeclared([model])) >= {f"{model._meta.label}.{n}" for n in texts}
            assert texts or model in ABOUT_A_GUEST, (model, policy)
