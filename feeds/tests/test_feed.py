"""The show's feed: what Apple, Spotify and Podcasting 2.0 require."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from episodes.models import Episode, Sponsor
from episodes.tests import factories
from feeds.shownotes import SUMMARY_BYTES
from feeds.tests.parse import all_of, attributes, channel, items, text
from show.models import Promotion, Show

pytestmark = pytest.mark.django_db
SITE = "https://show.example"


@pytest.fixture(autouse=True)
def _site(settings) -> None:
    settings.SITE_URL = SITE


def full_episode(number: int = 37, **fields) -> Episode:
    return factories.episode(
        number=number,
        topics=[(60, "Using `Django` & [Redis](/podcast/12-redis)"), (3599, "Best <tips>?")],
        guests=["Phil Gyford"],
        libraries=["https://github.com/a/b"],
        references=["https://example.org/?a=1&b=2"],
        **{
            "title": f"Diary Entries {number}",
            "technologies": ["Django", "Redis"],
            "introduction": "Phil tells [how](/about) it *runs*.",
            **fields,
        },
    )


def test_the_channel_has_all_that_directories_require(client):
    show = factories.show(categories=[["Technology"], ["News", "Tech News"]], copyright="© Nick")
    found = channel(client)
    assert text(found, "title") == "Running in Production"
    assert text(found, "link") == f"{SITE}/podcast/"
    assert text(found, "description") == "Hear how folks run their web apps."
    assert text(found, "language") == "en"
    assert text(found, "copyright") == "© Nick"
    assert text(found, "image/url") == "https://example.org/artwork.png"
    assert text(found, "image/title") == text(found, "title")
    assert text(found, "itunes:author") == "Nick Janetakis"
    assert text(found, "itunes:owner/itunes:name") == "Nick Janetakis"
    assert text(found, "itunes:owner/itunes:email") == "host@example.org"
    assert attributes(found, "itunes:image") == {"href": "https://example.org/artwork.png"}
    assert text(found, "itunes:explicit") == "false"
    assert text(found, "itunes:type") == "episodic"
    categories = [
        [node.get("text"), *(inner.get("text") for inner in node)]
        for node in all_of(found, "itunes:category")
    ]
    assert categories == [["Technology"], ["News", "Tech News"]]
    assert text(found, "podcast:guid") == str(show.podcast_guid)
    assert text(found, "podcast:medium") == "podcast"
    assert text(found, "podcast:person") == "Nick Janetakis"
    assert attributes(found, "atom:link") == {
        "href": f"{SITE}/podcast/feed.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }


def test_an_item_has_all_that_apps_show(client):
    factories.show()
    full_episode(
        season=2,
        guid="https://old.example/podcast/37",
        image_url="https://x.org/i.png",
        published_at=datetime(2020, 6, 29, 4, 0, tzinfo=UTC),
    )
    (item,) = items(client)
    assert text(item, "title") == "Diary Entries 37"
    assert text(item, "link") == f"{SITE}/podcast/37-diary-entries-37"
    assert text(item, "guid") == "https://old.example/podcast/37"
    assert attributes(item, "guid") == {"isPermaLink": "false"}
    assert text(item, "pubDate") == "Mon, 29 Jun 2020 00:00:00 -0400"
    assert text(item, "description") == "Phil tells how it runs."
    assert attributes(item, "enclosure") == {
        "url": "https://audio.example.org/podcast-37.mp3",
        "length": "48000000",
        "type": "audio/mpeg",
    }
    assert text(item, "itunes:duration") == "3000"
    assert text(item, "itunes:season") == text(item, "podcast:season") == "2"
    assert text(item, "itunes:episode") == text(item, "podcast:episode") == "37"
    assert text(item, "itunes:episodeType") == "full"
    assert text(item, "itunes:explicit") == "false"
    assert attributes(item, "itunes:image") == {"href": "https://x.org/i.png"}
    people = [(node.text, node.get("role")) for node in all_of(item, "podcast:person")]
    assert people == [("Nick Janetakis", "host"), ("Phil Gyford", "guest")]


def test_chapters_are_a_url_and_simple_chapters_from_0_00(client):
    full_episode()
    (item,) = items(client)
    assert attributes(item, "podcast:chapters") == {
        "url": f"{SITE}/podcast/37-diary-entries-37/chapters.json",
        "type": "application/json+chapters",
    }
    assert attributes(item, "psc:chapters") == {"version": "1.2"}
    assert [node.attrib for node in all_of(item, "psc:chapters/psc:chapter")] == [
        {"start": "00:00:00", "title": "Introduction"},
        {"start": "00:01:00", "title": "Using Django & Redis"},
        {"start": "00:59:59", "title": "Best <tips>?"},
    ]


def test_show_notes_have_everything_with_absolute_links(client):
    full_episode()
    notes = text(items(client)[0], "content:encoded")
    assert f'<a href="{SITE}/about" rel="noopener">how</a> it <em>runs</em>' in notes
    assert "<li>0:00 – Introduction</li>" in notes
    assert "<li>1:00 – Using <code>Django</code> &amp; <a" in notes
    assert f'<a href="{SITE}/podcast/12-redis" rel="noopener">Redis</a></li>' in notes
    assert "<li>59:59 – Best &lt;tips&gt;?</li>" in notes
    assert '<a href="https://example.org/?a=1&amp;b=2">' in notes
    assert f'<li><a href="{SITE}/stack/redis">Redis</a></li>' in notes
    assert '<li><a href="https://github.com/a/b">https://github.com/a/b</a></li>' in notes
    assert 'href="/' not in notes


def test_rows_cannot_smuggle_markup_or_scripts_into_the_notes(client):
    row = full_episode(technologies=["<b>&"])
    row.references.update(url="javascript:alert(1)", label="<i>", note='"x" & y')
    notes = text(items(client)[0], "content:encoded")
    assert "<li>&lt;i&gt; (&quot;x&quot; &amp; y)</li>" in notes
    assert "javascript:" not in notes
    assert ">&lt;b&gt;&amp;</a>" in notes


def test_a_sponsor_replaces_the_promotions(client):
    Promotion.objects.create(title="Course", url="https://c.example/?from={episode}", text="Buy.")
    Promotion.objects.create(title="Old", url="https://old.example", active=False)
    full_episode(1)
    Sponsor.objects.create(episode=full_episode(2), name="Acme", text_html="<p>Thanks, Acme.</p>")
    sponsored, promoted = (text(item, "content:encoded") for item in items(client))
    assert "Thanks, Acme." in sponsored and "c.example" not in sponsored
    link = "https://c.example/?from=/podcast/1-diary-entries-1"
    assert f'<a href="{link}" rel="sponsored">Course</a> <p>Buy.</p>' in promoted
    assert "old.example" not in promoted


def test_episode_0_has_no_apple_number(client):
    full_episode(0)
    (item,) = items(client)
    assert text(item, "itunes:episode") == ""
    assert text(item, "podcast:episode") == "0"


def test_new_audio_has_our_url(client):
    row = full_episode()
    row.enclosure.imported_url = ""
    row.enclosure.save()
    assert attributes(items(client)[0], "enclosure")["url"] == f"{SITE}/audio/podcast-37.mp3"


def test_an_imported_url_stays_verbatim(client):
    row = full_episode()
    row.enclosure.imported_url = "http://Old.example/ä b.mp3?x=1&y={2}"
    row.enclosure.save()
    assert attributes(items(client)[0], "enclosure")["url"] == row.enclosure.imported_url


def test_an_explicit_episode_of_a_clean_show(client):
    full_episode(1, explicit=True)
    full_episode(2, explicit=False)
    factories.show(explicit=True)
    full_episode(3)
    explicit = [text(item, "itunes:explicit") for item in items(client)]
    assert explicit == ["true", "false", "true"]


def test_tags_in_a_description_are_escaped(client):
    """Apps show descriptions as HTML."""
    full_episode(summary="How <script> & Co. work")
    assert text(items(client)[0], "description") == "How &lt;script> & Co. work"


def test_a_description_fits_apples_limit_between_words(client):
    full_episode(summary="Übung macht den Meister. " * 400)
    description = text(items(client)[0], "description")
    assert SUMMARY_BYTES - 30 < len(description.encode()) <= SUMMARY_BYTES
    assert description.removesuffix("…").split()[-1] in {"Übung", "macht", "den", "Meister."}


@pytest.mark.parametrize(
    "state",
    [
        {"status": Episode.Status.DRAFT},
        {"status": Episode.Status.WITHDRAWN},
        {"published_at": timezone.now() + timedelta(hours=1)},
        {"deleted_at": timezone.now()},
        {"kind": Episode.Kind.INTERVIEW},
    ],
)
def test_only_published_podcast_episodes_are_in_it(client, state):
    full_episode(1)
    full_episode(2, **state)
    assert [text(item, "podcast:episode") for item in items(client)] == ["1"]


def test_a_scheduled_episode_appears_at_its_minute(client):
    due = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
    full_episode(1, published_at=due)
    with time_machine.travel(due - timedelta(seconds=1), tick=False):
        assert items(client) == []
        old = client.get("/podcast/feed.xml")["ETag"]
    with time_machine.travel(due, tick=False):
        assert len(items(client)) == 1
        assert client.get("/podcast/feed.xml", headers={"If-None-Match": old}).status_code == 200


def test_newest_first_and_the_number_breaks_ties(client):
    same_day = datetime(2020, 1, 1, tzinfo=UTC)
    for number in (2, 3):
        full_episode(number, published_at=same_day)
    full_episode(1, published_at=same_day + timedelta(days=1))
    assert [text(item, "podcast:episode") for item in items(client)] == ["1", "3", "2"]


def test_a_show_without_a_name_has_a_feed(client):
    assert not Show.objects.exists()
    found = channel(client)
    assert text(found, "title") == text(found, "description") == "Our podcast"
    assert found.findall("item") == []
    assert client.get("/podcast/feed.xml").getvalue() == client.get("/podcast/feed.xml").getvalue()


def test_an_episode_with_nothing_but_a_title(client):
    factories.episode(seconds=None)
    (item,) = items(client)
    assert text(item, "title") == "A Site Around Diary Entries"
    absent = ("enclosure", "itunes:duration", "description", "psc:chapters", "podcast:chapters")
    assert [name for name in absent if all_of(item, name)] == []


def test_control_characters_in_a_title_break_nothing(client):
    full_episode(title="Bell\x07 and form feed\x0c")
    assert text(items(client)[0], "title") == "Bell and form feed"


def test_any_origin_may_read_it_with_conditional_requests(client):
    full_episode()
    response = client.get("/podcast/feed.xml")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.cookies == {}
    assert client.head("/podcast/feed.xml").status_code == 200
    again = client.get("/podcast/feed.xml", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    assert client.post("/podcast/feed.xml").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_it_states_its_last_change(client):
    row = full_episode()
    first = client.get("/podcast/feed.xml").getvalue()
    assert client.get("/podcast/feed.xml").getvalue() == first
    built = text(channel(client), "lastBuildDate")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert text(channel(client), "lastBuildDate") == built
    row.title = "Renamed"
    row.save()
    assert client.get("/podcast/feed.xml").getvalue() != first


@pytest.mark.parametrize("count", [3, 12])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, count):
    factories.show()
    for number in range(count):
        full_episode(number)
    # Content version, show, trailers, support, keys and promotions; then for each hundred episodes
    # they and six kinds of related rows.
    with django_assert_num_queries(13):
        assert len(items(client)) == count
