"""The feed as other programs read it."""

from io import BytesIO

import feedparser
import podcastparser
import pytest
from django.test import Client

from episodes.tests import factories
from feeds import documents
from show.models import CallToAction
from topics.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(client: Client) -> bytes:
    factories.show(hub="https://hub.example/")
    CallToAction.objects.create(purpose="support", label="Support", url="https://pay.example/")
    for number in (1, 2):
        row = factories.episode(
            f"Diary {number}",
            number,
            guests=["Phil Gyford"],
            topics=[(60, "Django & Redis"), (3599, "Best <tips>?")],
        )
        Transcript.objects.create(episode=row)
    return client.get("/podcast/feed.xml").getvalue()


def test_feedparser_reads_it(content: bytes):
    read = feedparser.parse(content)
    assert not read.bozo
    assert [entry.title for entry in read.entries] == ["Diary 2", "Diary 1"]
    assert read.entries[0].enclosures[0].href == "https://audio.example.org/podcast-2.mp3"
    assert read.entries[0].podcast_chapters["type"] == "application/json+chapters"
    assert read.entries[0].podcast_transcript["type"] == "application/json"
    assert read.feed.image.href == "https://example.org/artwork.png"
    assert read.feed.podcast_locked == {"owner": "host@example.org"}
    assert read.feed.podcast_funding == {"url": "https://pay.example/"}
    links = {link.rel: link.href for link in read.feed.links}
    assert links["hub"] == "https://hub.example/"


def test_podcastparser_reads_it(content: bytes):
    read = podcastparser.parse("https://show.example/podcast/feed.xml", BytesIO(content))
    newest = read["episodes"][0]
    assert (newest["number"], newest["total_time"]) == (2, 3000)
    assert newest["enclosures"][0]["file_size"] == 48_000_000
    assert [chapter["start"] for chapter in newest["chapters"]] == [0, 60, 3599]
    assert read["itunes_owner"]["email"] == "host@example.org"


def test_podcastparser_follows_the_next_page(client: Client, monkeypatch):
    monkeypatch.setattr(documents, "PER_PAGE", 1)
    for number in (1, 2):
        factories.episode(f"Diary {number}", number)
    newest = client.get("/podcast/feed.xml").getvalue()
    read = podcastparser.parse("https://show.example/podcast/feed.xml", BytesIO(newest))
    assert read["paged_feed_next"].endswith("/podcast/feed.xml?page=2")
