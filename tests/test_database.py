"""What a test commits is gone after it, and what migrations made is there."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import TransactionTestCase

from desk.models import TextTemplate


def end_of_test() -> None:
    """What Django does then."""
    case: Any = TransactionTestCase()
    case._fixture_teardown()


@pytest.mark.django_db(transaction=True)
def test_after_commits_the_database_is_as_migrated() -> None:
    proposed = set(TextTemplate.objects.values_list("pk", "text"))
    assert proposed
    TextTemplate.objects.all().delete()
    User.objects.create_user("nick")
    end_of_test()
    assert set(TextTemplate.objects.values_list("pk", "text")) == proposed
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_still_connected_is_cut_off() -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE auth_user")
        end_of_test()
        assert not User.objects.exists()
    finally:
        other.close()
