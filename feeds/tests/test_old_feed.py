"""Apps that follow the show today must see no new episodes and no other audio."""

import csv
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from episodes.models import Episode
from episodes.tests import factories
from feeds.tests.parse import Node, attributes, items, text
from text.timecode import parse_timecode

pytestmark = pytest.mark.django_db
FACTS = settings.BASE_DIR / "fixtures" / "audio.tsv"
OLD_FEED = Path(__file__).with_name("old-feed.xml")


@pytest.fixture
def imported() -> None:
    show = factories.show()
    with FACTS.open() as lines:
        for fact in csv.DictReader(lines, delimiter="\t"):
            row = factories.episode(
                number=int(fact["number"]),
                slug=fact["slug"],
                guid=fact["guid"],
                seconds=int(fact["seconds"]),
                published_at=datetime.fromisoformat(fact["date"]).replace(tzinfo=show.zone),
            )
            row.enclosure.imported_url = row.enclosure.url = fact["audio_url"]
            row.enclosure.bytes = int(fact["bytes"])
            row.enclosure.save()


def remembered(item: Node) -> dict[str, object]:
    """What apps compare: GUID, audio, date and length."""
    return {
        "guid": text(item, "guid"),
        "permalink": attributes(item, "guid"),
        "enclosure": attributes(item, "enclosure"),
        "published": parsedate_to_datetime(text(item, "pubDate")),
        "written as": text(item, "pubDate"),
        "seconds": parse_timecode(text(item, "itunes:duration")),
    }


def test_every_item_of_the_old_feed_is_the_same_to_an_app(client: Client, imported: None):
    old = [remembered(item) for item in ElementTree.parse(OLD_FEED).iter("item")]
    assert len(old) == Episode.objects.count() == 10
    assert [remembered(item) for item in items(client)] == old
