"""What is done with a selection of a list, outside of a transaction as on a running site."""

import pytest
from django.test import Client
from django.urls import reverse

from desk.tests.test_bad_input import catalogue, forms
from episodes.models import Episode
from topics.models import Transcript

__all__ = ["catalogue"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_selection_is_deleted(host: Client, catalogue: None) -> None:
    """Rows that others need are refused in words; a failure would raise here."""
    for row in reversed(forms().values()):
        meta = row._meta
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        chosen = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        assert host.post(url, chosen, follow=True).status_code == 200, url
    assert not Transcript.objects.exists()
    assert not Episode.objects.exists()
