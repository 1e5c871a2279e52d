"""Browsers submit text with CRLF; a save without a change changes nothing."""

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client

from desk.tests.forms import form_data
from episodes.tests import factories
from search.models import Question
from show.models import Page, Promotion

pytestmark = pytest.mark.django_db

TEXT = "First line,\nsecond line.\n\nAnother paragraph."


def rows() -> list[tuple[Model, str]]:
    return [
        (Page.objects.create(slug="thanks", title="Thank you", body=TEXT), "body"),
        (Promotion.objects.create(title="A course", url="https://e.org/", text=TEXT), "text"),
        (
            Question.objects.create(title="Tips", slug="tips", query="tip", introduction=TEXT),
            "introduction",
        ),
        (factories.show(description=TEXT, support_text=TEXT), "description"),
        (factories.technology("Django", introduction=TEXT), "introduction"),
        (factories.guest("Ann", introduction=TEXT), "introduction"),
        (factories.episode(introduction=TEXT), "introduction"),
    ]


def test_a_save_without_a_change_changes_no_text(host: Client, subtests: Any) -> None:
    for row, field in rows():
        with subtests.test(model=row._meta.model_name):
            path = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
            form = form_data(host.get(path))
            assert TEXT in form.values()
            typed = {name: value.replace("\n", "\r\n") for name, value in form.items()}
            assert host.post(path, typed).status_code == 302
            row.refresh_from_db()
            assert getattr(row, field) == TEXT
            entry = LogEntry.objects.filter(object_id=str(row.pk)).latest("pk")
            changed = [each["changed"]["fields"] for each in json.loads(entry.change_message)]
            assert changed == []
