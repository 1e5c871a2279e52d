"""Suggestions for what isn't a time zone's name."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from show.models import Show, validate_timezone
from show.timezones import SPOKEN, former_names, is_fixed_offset, suggest_timezone, timezones


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("New York", "America/New_York"),
        ("new york, USA", "America/New_York"),
        ("america/new york", "America/New_York"),
        ("Berlinn", "Europe/Berlin"),
        ("PST", "America/Los_Angeles"),
        ("Eastern Time", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("US/Eastern", "America/New_York"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("PST8PDT", "America/Los_Angeles"),
    ],
)
def test_a_place_or_an_abbreviation_gets_a_suggestion(typed: str, zone: str) -> None:
    assert suggest_timezone(typed) == zone
    with pytest.raises(ValidationError, match=f"isn’t a time zone. Do you mean {zone}"):
        validate_timezone(typed)


@pytest.mark.parametrize("typed", ["Nowhere at all", "", "?"])
def test_what_is_like_no_place_gets_an_example(typed: str) -> None:
    assert suggest_timezone(typed) == ""
    with pytest.raises(ValidationError, match="isn’t a time zone such as America/New_York"):
        validate_timezone(typed)


def test_every_suggestion_exists() -> None:
    assert SPOKEN.keys() <= timezones()


def test_former_names_lead_to_present_ones() -> None:
    assert former_names().keys().isdisjoint(former_names().values())
    assert set(former_names().values()) <= timezones()
    assert {"UTC", "GMT", "Europe/Oslo", "Etc/GMT+5"} <= timezones()
    assert {"EST", "MST", "HST", "EST5EDT", "GMT0", "US/Eastern"} <= former_names().keys()


@pytest.mark.django_db
def test_a_show_gets_the_present_name_of_its_zone() -> None:
    """Debian 13 and its PostgreSQL don't know the former one, so each page would fail."""
    show = Show.objects.create(timezone="US/Eastern")
    import_module("show.migrations.0011_former_timezones").rename(apps, None)
    show.refresh_from_db()
    assert show.timezone == "America/New_York"


def test_fixed_offsets() -> None:
    fixed = {zone for zone in timezones() if is_fixed_offset(zone)}
    assert {"GMT", "Etc/GMT+5"} <= fixed
    assert fixed.isdisjoint({"UTC", "America/New_York", "Asia/Tokyo", "Europe/London", "Etc/UTC"})
