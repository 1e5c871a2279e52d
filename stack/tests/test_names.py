"""What a technology may be called."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from episodes.tests.factories import technology
from stack.models import Technology

pytestmark = pytest.mark.django_db


def test_one_name_never_stands_for_two_technologies():
    postgres = technology("PostgreSQL", slug="postgres")
    postgres.know_as("psql")
    with pytest.raises(ValidationError, match="already names PostgreSQL"):
        Technology(name="PSQL", slug="other").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        technology("Other").know_as("post-gres")  # the slug, spelt otherwise


def test_a_renamed_technology_keeps_its_old_names():
    row = technology("Golang", slug="golang")
    row.name, row.slug = "Go", "go"
    row.save()
    assert Technology.objects.named("golang") == row == Technology.objects.named("GO")


def test_an_address_that_is_a_page_of_its_own_is_refused():
    with pytest.raises(ValidationError, match="/stack/mine is a page of its own"):
        Technology(name="Mine", slug="mine").full_clean()
