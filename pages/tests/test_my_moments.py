"""The page of starred moments, whose address is the site's own."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from pages.tests.factories import catalogue
from show.models import Page
from stack.models import Technology

pytestmark = pytest.mark.django_db


def test_the_page_says_where_the_moments_are(client: Client) -> None:
    catalogue(1)
    response = client.get("/moments")
    html = response.content.decode()
    assert response.status_code == 200
    assert '<meta name="robots" content="noindex, follow">' in html
    assert "All of it stays on this device" in html
    assert "<noscript>" in html
    assert not response.cookies


def test_each_page_leads_to_it_and_no_sitemap_does(client: Client) -> None:
    catalogue(1)
    assert '<a href="/moments"' in client.get("/podcast/1-episode-1").content.decode()
    for section in ("", "-pages", "-indexes"):
        assert "/moments<" not in client.get(f"/sitemap{section}.xml").content.decode()


RESERVED = ["moments", "search", "colophon", "podcast", "stack", "admin", "health", "37"]


@pytest.mark.parametrize("slug", RESERVED)
def test_the_sites_own_addresses_are_no_pages_of_the_host(slug: str) -> None:
    page = Page(slug=slug, title="Mine", body="Text")
    with pytest.raises(ValidationError, match=f"/{slug} is an address of the site itself"):
        page.full_clean()


@pytest.mark.parametrize(
    "slug", ["thanks", "affiliate-links", "my-moments", "preview", "37-thanks"]
)
def test_other_addresses_are(slug: str) -> None:
    Page(slug=slug, title="Mine", body="Text").full_clean()


def test_likewise_below_the_stack() -> None:
    with pytest.raises(ValidationError, match="/stack/mine is a page of its own"):
        Technology(slug="mine", name="Mine").full_clean()
    Technology(slug="moments", name="Moments").full_clean()


@pytest.mark.parametrize("slug", ["", "a b", "ü/x", "\0", "%00", "../x"])
def test_an_invalid_address_is_told_as_such(slug: str) -> None:
    for row in (Page(slug=slug, title="Mine", body="Text"), Technology(slug=slug, name="Mine")):
        with pytest.raises(ValidationError) as refused:
            row.full_clean()
        assert "is a" not in str(refused.value.message_dict["slug"])
