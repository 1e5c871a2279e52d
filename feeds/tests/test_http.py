"""HTTP of feeds: conditional requests, CORS, errors as XML."""

import gzip
import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from urllib.parse import quote

import brotli  # type: ignore[import-untyped]
import pytest
import time_machine
from django.core.exceptions import BadRequest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from episodes.models import Episode
from episodes.tests import factories
from feeds.http import is_feed
from feeds.tests.parse import channel, text
from podcast.errors import bad_request, server_error
from show.models import ContentVersion, Redirect

pytestmark = pytest.mark.django_db
FEED = "/podcast/feed.xml"
RSS = "application/rss+xml; charset=utf-8"


def titled(response) -> str:
    """The title of a response that must be RSS."""
    assert response["Content-Type"] == RSS
    found = ElementTree.fromstring(response.getvalue()).find("channel")
    assert found is not None and found.find("item") is None
    return text(found, "title")


@pytest.mark.django_db(transaction=True)
def test_if_modified_since_gets_a_304_until_a_change(client: Client):
    row = factories.episode()
    ContentVersion.objects.update(changed_at=timezone.now() - timedelta(seconds=10))
    first = client.get(FEED)
    since = {"If-Modified-Since": first["Last-Modified"]}
    again = client.get(FEED, headers=since)
    assert (again.status_code, again.getvalue()) == (304, b"")
    assert again["ETag"] == first["ETag"]
    stale = {"If-None-Match": 'W/"other"'} | since
    assert client.get(FEED, headers=stale).status_code == 200
    row.title = "Renamed"
    row.save()
    assert client.get(FEED, headers=since).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_no_last_modified_within_the_second_of_a_change(client: Client):
    factories.episode()
    assert "Last-Modified" not in client.get(FEED)


def test_caches_revalidate_after_a_minute_or_when_an_episode_is_due(client: Client):
    factories.episode()
    assert client.get(FEED)["Cache-Control"] == "public, max-age=0, s-maxage=60"
    now = timezone.now()
    factories.episode("Soon", 2, published_at=now + timedelta(seconds=30))
    with time_machine.travel(now, tick=False):
        assert client.get(FEED)["Cache-Control"] == "public, max-age=0, s-maxage=30"


@pytest.mark.parametrize(
    ("coding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)]
)
def test_it_is_compressed(client: Client, coding: str, unpack):
    factories.episode(topics=[(60 * minute, "Django") for minute in range(40)])
    for path in (FEED, "/podcast/1-episode/chapters.json"):
        plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": coding})
        if plain.status_code == 200:
            assert packed["Content-Encoding"] == coding
            assert "accept-encoding" in packed["Vary"].lower()
            assert unpack(packed.getvalue()) == plain.getvalue()


def test_head_reads_no_episodes(client: Client, django_assert_num_queries):
    factories.episode()
    with django_assert_num_queries(5):
        response = client.head(FEED)
    assert (response.status_code, response.getvalue()) == (200, b"")
    assert response["Content-Type"] == RSS
    assert "Content-Length" not in response  # it isn't known, and not 0
    assert response["ETag"] == client.get(FEED)["ETag"]


@pytest.mark.parametrize("path", [FEED, "/stack/django/feed.xml", "/podcast/1-x/chapters.json"])
def test_preflight_requests_are_answered(client: Client, path: str):
    response = client.options(path, headers={"Origin": "https://player.example"})
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Headers"] == "*"
    assert "GET" in response["Access-Control-Allow-Methods"]


def test_other_methods_are_refused():
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(FEED).status_code == strict.delete(FEED).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/feed.xml",
        "/.//feed.xml",
        "/nothing/at/all/feed.xml",
        "/stack/gleam/feed.xml",
        "/guests/nobody/feed.xml",
        "/questions/nothing/feed.xml",
        "/podcast/feed.xml?stack=gleam",
        "/podcast/feed.xml?page=2",
        "/podcast/feed.xml?stack=django&year=2020",
        "/search/feed.xml",
    ],
)
def test_a_feed_that_is_not_there_is_still_xml(client: Client, path: str):
    factories.episode(technologies=["Django"])
    response = client.get(path)
    assert response.status_code == 404
    assert titled(response) == "There is no such feed"
    assert response["X-Robots-Tag"] == "noindex"


def test_a_feed_moves_with_its_page_and_never_to_a_page(client: Client):
    factories.episode(technologies=["Django"])
    Redirect.objects.move("/stack/old", "/stack/django")
    response = client.get("/stack/old/feed.xml")
    assert (response.status_code, response["Location"]) == (301, "/stack/django/feed.xml")
    Redirect.objects.create(old_path="/guests/ann/feed.xml", new_path="/about")
    assert titled(client.get("/guests/ann/feed.xml")) == "There is no such feed"
    Redirect.objects.create(old_path="/stack/gone", new_path="")
    gone = client.get("/stack/gone/feed.xml")
    assert (gone.status_code, titled(gone)) == (410, "This feed is gone for good")


def test_failures_are_xml_too(rf, client: Client):
    request = rf.get(FEED)
    assert titled(bad_request(request, BadRequest())) == "This address can't be read"
    assert titled(server_error(request)) == "Something went wrong here"
    nul = client.get("/search/feed.xml?q=%00")
    assert (nul.status_code, titled(nul)) == (400, "This address can't be read")


@given(
    st.text(min_size=1),
    st.sampled_from(["stack", "guest", "year", "page", "not", "q", "x"]),
    st.text(),
)
def test_any_feed_address_is_answered_with_xml_or_a_redirect(db, before, name, value):
    for path in ("/podcast/feed.xml", "/search/feed.xml", f"/{quote(before, safe='')}/feed.xml"):
        response = Client().get(path, {name: value})
        if response.status_code == 301:
            assert is_feed(response["Location"].partition("?")[0])
        else:
            ElementTree.fromstring(response.getvalue())


def test_unpublished_episodes_have_no_chapters_or_transcripts(client: Client):
    row = factories.episode(topics=[(60, "One")])
    slug = row.slug
    paths = [f"/podcast/{slug}/{name}" for name in ("transcript.vtt", "transcript.json")]
    assert {client.get(path).status_code for path in paths} == {404}
    row.status = Episode.Status.WITHDRAWN
    row.save()
    assert client.get(f"/podcast/{slug}/chapters.json").status_code == 404
    assert text(channel(client), "title")
