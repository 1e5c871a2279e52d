"""The sitemap."""

import tracemalloc
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client

from episodes.models import Episode
from notes.apply import finish_edit
from pages import sitemaps
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
            "/colophon",
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
    assert changed == ["2020-06-01", "2021-01-02"]
    root = ET.fromstring(client.get("/sitemap-technologies.xml").content)
    by_path = {
        url.findtext("s:loc", "", NAMESPACE): url.findtext("s:lastmod", "", NAMESPACE)[:10]
        for url in root.iterfind("s:url", NAMESPACE)
    }
    assert by_path[f"{SITE}/stack/django"] == "2020-07-01"


def changes(client: Client, path: str) -> dict[str, str]:
    """The lastmod of each URL in a sitemap; empty without one."""
    root = ET.fromstring(client.get(path).content)
    return {
        (each.findtext("s:loc", "", NAMESPACE)).removeprefix(SITE): each.findtext(
            "s:lastmod", "", NAMESPACE
        )
        for each in root
    }


def test_lastmod_ignores_the_first_revision(client: Client) -> None:
    row = full_episode(1, published_at=datetime(2020, 6, 1, tzinfo=UTC))
    path = row.get_absolute_url()
    finish_edit(row, None, "import")
    assert changes(client, "/sitemap-episodes.xml")[path] == "2020-06-01T00:00:00+00:00"
    row.summary = "Put right."
    row.save()
    finish_edit(row, None, "desk")
    saved = row.revisions.first().created_at
    assert changes(client, "/sitemap-episodes.xml")[path] == saved.isoformat(timespec="seconds")
    assert changes(client, "/sitemap.xml")["/sitemap-episodes.xml"] == saved.isoformat(
        timespec="seconds"
    )


def test_lists_have_the_date_of_their_newest_episode(client: Client) -> None:
    bare: dict[str, list[str]] = {"technologies": [], "libraries": [], "guests": []}
    full_episode(1, published_at=datetime(2020, 6, 1, tzinfo=UTC))
    full_episode(2, published_at=datetime(2020, 7, 1, tzinfo=UTC), **bare)
    found = {path: at[:10] for path, at in changes(client, "/sitemap-indexes.xml").items()}
    assert found["/"] == found["/podcast/"] == "2020-07-01"
    assert found["/stack/"] == found["/guests/"] == found["/libraries/"] == "2020-06-01"
    assert found["/interviews/"] == found["/follow"] == ""


def test_sections_come_in_parts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [full_episode(number) for number in range(1, 6)]
    everywhere = everything(client)
    monkeypatch.setattr(sitemaps, "PART_SIZE", 2)
    cache.clear()
    parts = changes(client, "/sitemap.xml")
    assert [path for path in parts if "episodes" in path] == [
        "/sitemap-episodes.xml", "/sitemap-episodes.xml?p=2", "/sitemap-episodes.xml?p=3"
    ]  # fmt: skip
    assert everything(client) == everywhere
    last = rows[-1]
    assert last.published_at
    # A new episode changes the last part only.
    assert parts["/sitemap-episodes.xml?p=3"][:10] == f"{last.published_at:%Y-%m-%d}"
    assert parts["/sitemap-episodes.xml"] < parts["/sitemap-episodes.xml?p=2"]
    assert client.get("/sitemap-episodes.xml?p=4").status_code == 404


def test_memory_does_not_grow_with_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "PART_SIZE", 100)

    def most_memory() -> int:
        tracemalloc.start()
        try:
            assert "<lastmod>" in sitemaps.index_xml()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    synthetic(4500)  # more than are read at once, twice
    few = most_memory()
    synthetic(9000)
    assert len(sitemaps.index_xml().split("sitemap-episodes")) == 91
    assert most_memory() < 1.3 * few


def synthetic(count: int) -> None:
    at = datetime(2020, 6, 1, tzinfo=UTC)
    already = Episode.objects.count()
    Episode.objects.bulk_create(
        Episode(title="E", slug=f"e-{number}", number=number, status="published", published_at=at)
        for number in range(already, count)
    )


@pytest.mark.parametrize("query", ["?p=2", "?p=x", "?p=-1", "?p=99999999999999999999"])
def test_sections_have_no_other_pages(client: Client, query: str) -> None:
    assert client.get(f"/sitemap-episodes.xml{query}").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404
