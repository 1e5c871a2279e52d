"""Suggestions for what isn't a time zone's name."""

import zoneinfo

import pytest
from django.core.exceptions import ValidationError

from show.models import validate_timezone
from show.timezones import SPOKEN, is_fixed_offset, suggest_timezone


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
    assert SPOKEN.keys() <= zoneinfo.available_timezones()


def test_fixed_offsets() -> None:
    fixed = {zone for zone in zoneinfo.available_timezones() if is_fixed_offset(zone)}
    assert {"EST", "MST", "GMT", "GMT0", "Etc/GMT+5"} <= fixed
    assert fixed.isdisjoint({"UTC", "America/New_York", "Asia/Tokyo", "Europe/London", "Etc/UTC"})
