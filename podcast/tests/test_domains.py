"""Requests to a former domain, or to www, lead to the same place of the present one."""

import pytest
from django.test import Client

from episodes.tests.factories import episode, show

FORMER = ("former.example", "www.example.org")


@pytest.fixture
def visitor(settings, db) -> Client:
    show()
    episode("One", 1)
    settings.SITE_URL = "https://example.org"
    settings.FORMER_DOMAINS = list(FORMER)
    settings.ALLOWED_HOSTS = ["example.org", *FORMER]
    return Client()


@pytest.mark.parametrize("host", [*FORMER, "Former.Example:8443"])
@pytest.mark.parametrize(
    "path",
    ["/", "/podcast/1-one?t=60", "/podcast/feed.xml", "/search?q=a%20b&page=2", "/.well-known/x",
     "/media/audio/a.mp3", "/nothing", "/a%0D%0AX:b", "/admin/?next=/"],
)  # fmt: skip
def test_it_redirects_to_the_same_path_and_query(visitor: Client, host: str, path: str):
    response = visitor.get(path, headers={"host": host})
    assert response.status_code == 301
    assert response["Location"] == f"https://example.org{path}"
    assert response["Cache-Control"] == "public, max-age=3600"
    assert not response.cookies


def test_a_form_that_was_open_is_sent_to_the_present_domain(visitor: Client):
    response = visitor.post("/preview/x/send", {"a": "b"}, headers={"host": FORMER[0]})
    assert response.status_code == 308
    assert response["Location"] == "https://example.org/preview/x/send"


def test_the_present_domain_monitoring_and_strangers_are_not_redirected(visitor: Client):
    assert visitor.get("/podcast/1-one", headers={"host": "example.org"}).status_code == 200
    assert visitor.get("/health", headers={"host": FORMER[0]}).status_code == 200
    assert visitor.get("/", headers={"host": "other.former.example"}).status_code == 400


def test_guids_and_addresses_in_the_feed_are_those_of_the_present_domain(visitor: Client):
    moved = visitor.get("/podcast/feed.xml", headers={"host": "example.org"}).getvalue()
    assert b"https://example.org/podcast/1-one" in moved
    assert b"former.example" not in moved
