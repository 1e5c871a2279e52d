"""Names of technologies."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from episodes.tests.factories import technology
from stack.models import Technology

pytestmark = pytest.mark.django_db


def test_a_name_belongs_to_one_technology():
    postgres = technology("PostgreSQL", slug="postgres")
    postgres.add_names("psql")
    with pytest.raises(ValidationError, match="already names PostgreSQL"):
        Technology(name="PSQL", slug="other").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        technology("Other").add_names("post-gres")  # the slug in another spelling


def test_a_renamed_technology_retains_its_former_names():
    row = technology("Golang", slug="golang")
    row.name, row.slug = "Go", "go"
    row.save()
    assert Technology.objects.named("golang") == row == Technology.objects.named("GO")


def test_a_slug_of_another_page_is_refused():
    with pytest.raises(ValidationError, match="/stack/mine is a page of its own"):
        Technology(name="Mine", slug="mine").full_clean()
