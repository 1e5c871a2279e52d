"""Every link is found, with every row it is in."""

from typing import Any

import pytest

from episodes.models import Episode
from linkcheck.addresses import checkable, collect_addresses
from linkcheck.tests.factories import linked_episode


@pytest.fixture
def linked(db: None) -> Episode:
    return linked_episode()


def test_every_source_is_found_and_none_twice(linked: Episode) -> None:
    found = {
        url: [place["label"] for place in places] for url, places in collect_addresses().items()
    }
    assert found["https://fine.example/"] == ["1: A Site Around Diary Entries"]
    assert found["https://old.example/page/more"] == ["1: A Site Around Diary Entries"]
    assert sorted(found["https://old.example/page"]) == [
        "1: A Site Around Diary Entries", "Odd", "Phil Gyford", "old",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://example.org/a#b", "https://example.org/a"),
        (" http://example.org ", "http://example.org"),
        ("mailto:a@example.org", ""),
        ("/podcast/1-a", ""),
        ("javascript:alert(1)", ""),
        ("http://[::1", ""),
        ("https://podcast.example/stack/", ""),
        ("https://example.org/" + "a" * 1000, ""),
        ("", ""),
    ],
)
def test_which_address_is_checked(settings: Any, written: str, url: str) -> None:
    settings.SITE_URL = "https://podcast.example"
    assert checkable(written) == url
