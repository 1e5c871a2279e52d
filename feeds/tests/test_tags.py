"""Podcasting 2.0's and the directories' tags of channel and items."""

import json
import re
import xml.etree.ElementTree as ElementTree
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from episodes.models import Enclosure, Episode, Sponsor
from episodes.tests import factories
from feeds.rss import NAMESPACES
from feeds.tests.parse import all_of, attributes, channel, items, text
from guests.models import Guest
from media.pictured import make_for
from show.models import CallToAction, Promotion, Show
from topics.formats.podcast_json import parse_podcast_json
from topics.formats.webvtt import parse_webvtt
from topics.models import Transcript

pytestmark = pytest.mark.django_db
SITE = "https://show.example"


@pytest.fixture(autouse=True)
def _site(settings) -> None:
    settings.SITE_URL = SITE


def transcribed(**fields) -> Episode:
    row = factories.episode("Heard", 1, guests=["Phil Gyford"], **fields)
    found = Transcript.objects.create(episode=row)
    guest = row.guests.get()
    found.cues.create(position=0, start=500, end=2250, text="Who & why?", speaker="Nick")
    found.cues.create(position=1, start=2250, end=9000, text="I <3 it.", speaker="PG", guest=guest)
    return row


def test_the_show_is_locked_unless_the_host_unlocks_it(client: Client):
    factories.show()
    assert text(channel(client), "podcast:locked") == "yes"
    assert attributes(channel(client), "podcast:locked") == {"owner": "host@example.org"}
    factories.show(locked=False)
    assert text(channel(client), "podcast:locked") == "no"


def test_optional_elements_are_written_when_they_apply(client: Client):
    factories.show()
    found = channel(client)
    rare = ["itunes:block", "podcast:block", "itunes:complete", "itunes:new-feed-url",
            "podcast:updateFrequency", "podcast:funding", "podcast:trailer", "itunes:keywords",
            *(f"podcast:{name}" for name in ("license", "location", "podroll", "txt"))]  # fmt: skip
    assert [name for name in rare if all_of(found, name)] == []


def test_elements_set_by_the_host(client: Client):
    factories.show(
        complete=True,
        hidden=True,
        new_feed_url="https://new.example/feed.xml",
        update_frequency="Every Monday",
        update_rule="FREQ=WEEKLY;BYDAY=MO",
        keywords="web,apps",
    )
    found = channel(client)
    assert text(found, "itunes:complete") == text(found, "itunes:block") == "Yes"
    assert text(found, "itunes:new-feed-url") == "https://new.example/feed.xml"
    assert text(found, "itunes:keywords") == "web,apps"
    assert text(found, "podcast:updateFrequency") == "Every Monday"
    rule = attributes(found, "podcast:updateFrequency")
    assert rule == {"rrule": "FREQ=WEEKLY;BYDAY=MO", "complete": "true"}
    interviews = channel(client, "/interviews/feed.xml")
    assert text(interviews, "itunes:block") == "Yes"
    assert all_of(interviews, "itunes:complete") == all_of(interviews, "itunes:new-feed-url") == []


@pytest.mark.parametrize(
    ("url", "sent"),
    [("https://pay.example/", "https://pay.example/"), ("/support", f"{SITE}/support")],
)
def test_support_is_funding(client: Client, url: str, sent: str):
    CallToAction.objects.create(purpose="support", label="Support the show", url=url)
    assert text(channel(client), "podcast:funding") == "Support the show"
    assert attributes(channel(client), "podcast:funding") == {"url": sent}


def test_a_mailto_link_is_no_funding(client: Client):
    CallToAction.objects.create(purpose="support", label="Write", url="mailto:a@example.org")
    assert all_of(channel(client), "podcast:funding") == []


def test_an_episode_that_is_a_trailer_is_one_of_the_channel(client: Client):
    factories.show()
    row = factories.episode("What is to come", 0, type=Episode.Type.TRAILER)
    factories.episode("Full", 1)
    factories.episode("Not yet", 2, type=Episode.Type.TRAILER, status=Episode.Status.DRAFT)
    (found,) = all_of(channel(client), "podcast:trailer")
    item = items(client)[-1]
    assert found.text == "What is to come"
    assert found.get("url") == row.enclosure.imported_url == attributes(item, "enclosure")["url"]
    assert found.get("pubdate") == text(item, "pubDate")
    assert (found.get("length"), found.get("type")) == ("48000000", "audio/mpeg")
    assert text(item, "itunes:episodeType") == "trailer"


def test_images_have_alternative_text(client: Client):
    factories.show()
    factories.episode("Heard", 1, image_url="https://x.example/1.png")
    assert attributes(channel(client), "podcast:image") == {
        "href": "https://example.org/artwork.png",
        "alt": "Running in Production",
        "purpose": "artwork",
        "aspect-ratio": "1/1",
    }
    (item,) = items(client)
    sent = {"href": "https://x.example/1.png", "alt": "Heard"}
    assert attributes(item, "podcast:image") == sent


def test_guests_are_persons_with_an_address(client: Client):
    factories.show()
    row = factories.episode("Heard", 1, guests=["Phil Gyford", "Ann Other"])
    row.guests.filter(name="Ann Other").update(website="https://ann.example")
    persons = {node.text: node.attrib for node in all_of(items(client)[0], "podcast:person")}
    assert persons["Phil Gyford"] == {"role": "guest", "href": f"{SITE}/guests/phil-gyford"}
    assert persons["Ann Other"]["href"] == "https://ann.example"


def test_a_persons_picture_is_a_square_rendition(client: Client):
    ann = factories.guest("Ann Other")
    factories.show(host=ann)
    factories.episode("Heard", 1)
    photo = BytesIO()
    Image.new("RGB", (900, 1600)).save(photo, "JPEG")
    ann.avatar.save("ann.jpg", ContentFile(photo.getvalue()))
    assert attributes(channel(client), "podcast:person")["img"] == f"{SITE}{ann.avatar.url}"
    make_for(Guest, ann.pk)
    for node in (channel(client), items(client)[0]):
        picture = attributes(node, "podcast:person")["img"]
        assert re.fullmatch(rf"{SITE}/media/renditions/guests/.*/640\.webp", picture)


def test_pasted_tags_are_written_unchanged(client: Client):
    factories.show(
        further_tags="<podcast:license>cc-by-4.0</podcast:license><podcast:podroll>"
        '<podcast:remoteItem feedGuid="a&amp;b"/></podcast:podroll>'
    )
    found = channel(client)
    assert text(found, "podcast:license") == "cc-by-4.0"
    assert attributes(found, "podcast:podroll/podcast:remoteItem") == {"feedGuid": "a&b"}
    assert all_of(channel(client, "/interviews/feed.xml"), "podcast:license") == []


def test_a_prefix_counts_downloads_in_feeds_only(client: Client):
    row = factories.episode("Heard", 1, type=Episode.Type.TRAILER)
    factories.show(enclosure_prefix="https://op3.dev/e/")
    sent = "https://op3.dev/e/audio.example.org/podcast-1.mp3"
    assert attributes(items(client)[0], "enclosure")["url"] == sent
    assert attributes(channel(client), "podcast:trailer")["url"] == sent
    row.enclosure.imported_url = "http://old.example/1.mp3"
    row.enclosure.save()
    sent = "https://op3.dev/e/http://old.example/1.mp3"
    assert attributes(items(client)[0], "enclosure")["url"] == sent
    assert "op3.dev" not in client.get(row.get_absolute_url()).content.decode()


def test_a_transcript_is_offered_in_each_format_and_answers(client: Client):
    factories.show()
    row = transcribed()
    found = all_of(items(client)[0], "podcast:transcript")
    assert [node.attrib for node in found] == [
        {"url": f"{SITE}/podcast/{row.slug}/transcript.vtt", "type": "text/vtt", "language": "en"},
        {
            "url": f"{SITE}/podcast/{row.slug}/transcript.json",
            "type": "application/json",
            "language": "en",
        },
    ]
    vtt, as_json = (client.get(node.attrib["url"].removeprefix(SITE)) for node in found)
    for response, kind in ((vtt, "text/vtt; charset=utf-8"), (as_json, "application/json")):
        assert response["Content-Type"] == kind
        assert response["Access-Control-Allow-Origin"] == "*"
    read, problems = parse_webvtt(vtt.content.decode())
    assert problems == []
    assert [(cue.start, cue.end, cue.speaker, cue.text) for cue in read] == [
        (500, 2250, "Nick", "Who & why?"),
        (2250, 9000, "Phil Gyford", "I <3 it."),
    ]
    assert parse_podcast_json(as_json.content.decode()) == (read, [])
    first = {"speaker": "Nick", "startTime": 0.5, "endTime": 2.25, "body": "Who & why?"}
    assert json.loads(as_json.content) | {"segments": 0} == {"version": "1.0.0", "segments": 0}
    assert json.loads(as_json.content)["segments"][0] == first


def test_an_episode_has_a_transcript_in_its_own_language(client: Client):
    transcribed(language="de")
    assert attributes(items(client)[0], "podcast:transcript")["language"] == "de"
    Transcript.objects.update(language="fr")
    assert attributes(items(client)[0], "podcast:transcript")["language"] == "fr"


@pytest.mark.parametrize("count", [3, 300])
def test_a_transcript_costs_three_queries(client: Client, django_assert_num_queries, count: int):
    row = transcribed()
    for place in range(2, count):
        row.transcript.cues.create(position=place, start=9000, end=9000, text="Yes.")
    for name in ("transcript.vtt", "transcript.json"):
        with django_assert_num_queries(3):
            client.get(f"/podcast/{row.slug}/{name}")


def test_affiliate_links_are_marked_and_disclosed(client: Client):
    row = factories.episode(
        "Heard",
        1,
        introduction="Read [it](https://amzn.to/x) or [that](https://example.org).",
        references=["https://example.org/?aff=1"],
    )
    notes = text(items(client)[0], "content:encoded")
    assert 'href="https://amzn.to/x" rel="sponsored noopener"' in notes
    assert '<a href="https://example.org/?aff=1" rel="sponsored">' in notes
    assert '<a href="https://example.org" rel="noopener">' in notes
    assert "earn the show a commission" in notes
    row.introduction_html = "<p>Nothing.</p>"
    row.save()
    row.references.all().delete()
    assert "commission" not in text(items(client)[0], "content:encoded")


def test_a_sponsor_is_named_and_their_links_marked(client: Client):
    row = factories.episode("Heard", 1)
    words = '<p>Try <a href="https://acme.example/try" rel="noopener">it</a>.</p>'
    Sponsor.objects.create(
        episode=row, name="Acme & Co", url="https://acme.example", text_html=words
    )
    notes = text(items(client)[0], "content:encoded")
    assert '<a href="https://acme.example" rel="sponsored">Acme &amp; Co</a>' in notes
    assert '<a href="https://acme.example/try" rel="sponsored noopener">it</a>' in notes


ANY = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@pytest.fixture
def everything(db) -> Episode:
    factories.show()
    Promotion.objects.create(title="Course", url="https://c.example")
    CallToAction.objects.create(purpose="support", label="Pay", url="https://pay.example")
    return transcribed(topics=[(5, "One")], references=["https://x.example"])


@given(ANY, ANY, ANY, ANY, ANY)
def test_no_text_in_any_field_breaks_the_feed(everything, words, more, html, address, name):
    """Texts written to rows without the desk's validation."""
    row = everything
    Show.objects.update(
        title=words, author=more, copyright=more, description=more, language=more[:20],
        categories=[[words], [words, more]], keywords=more, update_frequency=more,
        update_rule=more, enclosure_prefix=address, new_feed_url=address, artwork_url=address,
        support_html=html,
    )  # fmt: skip
    Promotion.objects.update(title=words, text_html=html, url=address)
    CallToAction.objects.update(label=name, url=address)
    Episode.objects.update(
        title=words or "x", summary=more, introduction_html=html, guid=words or "x",
        image_url=address,
    )  # fmt: skip
    row.topics.update(html=html, plain=more)
    row.references.update(url=address, label=name, note=more)
    row.guests.update(name=words, website=address)
    Enclosure.objects.update(imported_url=address, type=name)
    found = ElementTree.fromstring(Client().get("/podcast/feed.xml").getvalue())
    assert len(found.findall("channel/item")) == 1
    assert found.find("channel/item/content:encoded", NAMESPACES) is not None
    vtt = Client().get(f"/podcast/{row.slug}/transcript.vtt").getvalue().decode()
    assert len(parse_webvtt(vtt)[0]) == 2
