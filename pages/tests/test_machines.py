"""robots.txt and the sitemap."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from django.test import Client

from episodes.models import Episode
from pages.tests.factories import catalogue, full_episode, in_the_future
from show.models import Page

pytestmark = pytest.mark.django_db

NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SITE = "https://show.example.org"


@pytest.fixture(autouse=True)
def _site(settings) -> None:
    settings.SITE_URL = SITE


def locations(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/xml")
    return [
        loc.text or "" for loc in ET.fromstring(response.content).iterfind(".//s:loc", NAMESPACE)
    ]


def everything(client: Client) -> list[str]:
    sections = locations(client, "/sitemap.xml")
    return [
        address for section in sections for address in locations(client, section.removeprefix(SITE))
    ]


def test_robots(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /health\n" in text
    assert f"Sitemap: {SITE}/sitemap.xml\n" in text


def test_every_listed_page_is_there_and_canonical(client: Client) -> None:
    catalogue(2)
    addresses = everything(client)
    assert len(addresses) == len(set(addresses))
    for address in addresses:
        html = client.get(address.removeprefix(SITE)).content.decode()
        assert f'<link rel="canonical" href="{address}">' in html
        assert "noindex" not in html
    for path in ("/", "/podcast/2-episode-2", "/interviews/1-interview-1", "/stack/redis",
                 "/libraries/celery", "/guests/ann-other", "/thanks"):  # fmt: skip
        assert SITE + path in addresses


def test_only_what_is_public_and_indexed(client: Client) -> None:
    full_episode(1, status=Episode.Status.DRAFT)
    full_episode(2, status=Episode.Status.WITHDRAWN)
    full_episode(3, published_at=in_the_future())
    Page.objects.create(slug="hidden", title="Hidden", indexed=False)
    Page.objects.create(slug="draft", title="Draft", published=False)
    paths = [address.removeprefix(SITE) for address in everything(client)]
    assert sorted(paths) == sorted(
        [
            "/",
            "/podcast/",
            "/interviews/",
            "/stack/",
            "/stack/mine",
            "/libraries/",
            "/questions/",
            "/guests/",
            "/follow",
        ]
    )


def test_lastmod_is_when_the_page_changed(client: Client) -> None:
    full_episode(1, published_at=datetime(2020, 6, 1, tzinfo=UTC))
    full_episode(
        2,
        published_at=datetime(2020, 7, 1, tzinfo=UTC),
        updated_on=datetime(2021, 1, 2, tzinfo=UTC),
    )
    root = ET.fromstring(client.get("/sitemap-episodes.xml").content)
    changed = [(each.text or "")[:10] for each in root.iterfind(".//s:lastmod", NAMESPACE)]
    assert changed == ["2021-01-02", "2020-06-01"]
    root = ET.fromstring(client.get("/sitemap-technologies.xml").content)
    by_path = {
        url.findtext("s:loc", "", NAMESPACE): url.findtext("s:lastmod", "", NAMESPACE)[:10]
        for url in root.iterfind("s:url", NAMESPACE)
    }
    assert by_path[f"{SITE}/stack/tool-1"] == "2020-06-01"
    assert by_path[f"{SITE}/stack/django"] == "2020-07-01"


@pytest.mark.parametrize("query", ["?p=2", "?p=x", "?p=-1", "?p=99999999999999999999"])
def test_sections_have_no_other_pages(client: Client, query: str) -> None:
    assert client.get(f"/sitemap-episodes.xml{query}").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404
