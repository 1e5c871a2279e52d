"""The feed as feed clients read it that nobody here wrote."""

from io import BytesIO

import feedparser
import podcastparser
import pytest
from django.test import Client

from episodes.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(client: Client) -> bytes:
    factories.show()
    for number in (1, 2):
        factories.episode(
            f"Diary {number}", number, topics=[(60, "Django & Redis"), (3599, "Best <tips>?")]
        )
    return client.get("/podcast/feed.xml").getvalue()


def test_feedparser_reads_it(content: bytes):
    read = feedparser.parse(content)
    assert not read.bozo
    assert [entry.title for entry in read.entries] == ["Diary 2", "Diary 1"]
    assert read.entries[0].enclosures[0].href == "https://audio.example.org/podcast-2.mp3"
    assert read.entries[0].podcast_chapters["type"] == "application/json+chapters"
    assert read.feed.image.href == "https://example.org/artwork.png"


def test_podcastparser_reads_it(content: bytes):
    read = podcastparser.parse("https://show.example/podcast/feed.xml", BytesIO(content))
    newest = read["episodes"][0]
    assert (newest["number"], newest["total_time"]) == (2, 3000)
    assert newest["enclosures"][0]["file_size"] == 48_000_000
    assert [chapter["start"] for chapter in newest["chapters"]] == [0, 60, 3599]
    assert read["itunes_owner"]["email"] == "host@example.org"
