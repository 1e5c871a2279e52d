"""Passwords: long, and neither common nor made of the show's words."""

from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.passwords import GuessablePasswordValidator
from episodes.tests import factories
from guests.models import Guest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Tipperary-1", "too short"),
        ("Password2026!", "common password"),
        ("qwertyuiop123", "common password"),
        ("p4ssw0rd2026!", "common password"),
        ("RunningInProduction", "words of the show"),
        ("Running-in-Production-2026", "words of the show"),
        ("nick.janetakis.1", "words of the show"),
        ("runn1ng1npr0duction", "words of the show"),
        ("podcast-admin-2026", "words of the show"),
        ("123456789012345", "entirely numeric"),
    ],
)
def test_weak_passwords_are_refused(password: str, reason: str) -> None:
    show = factories.show()
    show.host, _ = Guest.objects.get_or_create(name="Nick Janetakis", slug="nick-janetakis")
    show.save()
    with pytest.raises(ValidationError, match=reason):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "a fair way to Tipperary",
        "Xk2-vQ9s-b71L",
        "production of seven blue marbles",
        "пароль-из-слов",
    ],
)
def test_others_are_not(password: str) -> None:
    factories.show()
    validate_password(password)


def test_the_words_are_handed_to_the_validator() -> None:
    (options,) = [each["OPTIONS"] for each in project.AUTH_PASSWORD_VALIDATORS if
                  each["NAME"].startswith("accounts")]  # fmt: skip
    validator: Any = GuessablePasswordValidator(**options)
    validator.words = lambda: {"Zeppelin"}
    with pytest.raises(ValidationError, match="words of the show"):
        validator.validate("zeppelin-zeppelin-7")
    validator.validate("running in production")
