"""The show's podcast:guid is computed, never random, and stored once the show is public."""

import pytest
from django.test import Client

from episodes.tests.factories import episode, show
from feeds.podcast_guid import guid_of, has_public_address, podcast_guid, store_podcast_guid
from show.models import Show

pytestmark = pytest.mark.django_db

PUBLIC = "https://show.example.org"


@pytest.mark.parametrize(
    ("url", "public"),
    [
        (PUBLIC, True),
        ("https://müller.example.org", True),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
        ("https://podcast.local", False),
        ("https://podcast", False),
        ("https://podcast.test", False),
    ],
)
def test_which_addresses_are_public(settings, url: str, public: bool):
    settings.SITE_URL = url
    assert has_public_address() is public


def test_before_the_show_is_public_nothing_is_stored(settings):
    show(podcast_guid=None)
    assert store_podcast_guid() == ""
    settings.SITE_URL = PUBLIC
    assert store_podcast_guid() == ""
    assert Show.objects.get().podcast_guid is None


def test_the_feed_has_the_guid_that_is_stored_for_good(client: Client, settings):
    settings.SITE_URL = PUBLIC
    settings.ALLOWED_HOSTS = ["*"]
    row = show(podcast_guid=None)
    episode()
    guid = guid_of("https://show.example.org/podcast/feed.xml")
    assert podcast_guid(row) == guid
    assert (
        f"<podcast:guid>{guid}</podcast:guid>"
        in client.get("/podcast/feed.xml").getvalue().decode()
    )
    assert str(guid) in store_podcast_guid()
    settings.SITE_URL = "https://other.example.org"
    assert store_podcast_guid() == ""
    assert Show.objects.get().podcast_guid == guid
    assert (
        f"<podcast:guid>{guid}</podcast:guid>"
        in client.get("/podcast/feed.xml").getvalue().decode()
    )


def test_on_a_private_address_the_feed_has_none(client: Client, settings):
    settings.SITE_URL = "http://127.0.0.1:8000"
    show(podcast_guid=None)
    episode()
    assert "podcast:guid" not in client.get("/podcast/feed.xml").getvalue().decode()
