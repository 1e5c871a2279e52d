"""What pages tell machines: JSON-LD, Open Graph, canonical addresses."""

import json
import re

import pytest
from django.test import Client

from episodes.models import Episode
from episodes.tests.factories import guest, show
from pages.tests.factories import catalogue, full_episode
from stack.models import Technology

pytestmark = pytest.mark.django_db

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
SITE = "https://show.example.org"


@pytest.fixture(autouse=True)
def _site(settings) -> None:
    settings.SITE_URL = SITE


def nodes(client: Client, path: str) -> dict[str, dict]:
    """The page's JSON-LD by type."""
    (block,) = BLOCK.findall(client.get(path).content.decode())
    document = json.loads(block)
    assert document["@context"] == "https://schema.org"
    return {node["@type"]: node for node in document["@graph"]}


def test_episode(client: Client) -> None:
    catalogue(0)
    guest("Guest 37", website="https://guest.example.org", github="guest37")
    row = full_episode(37)
    Technology.objects.filter(slug="django").update(homepage="https://djangoproject.com/")
    node = nodes(client, f"{row.get_absolute_url()}?t=100")["PodcastEpisode"]
    address = f"{SITE}/podcast/37-episode-37"
    assert node["name"] == "Episode 37"
    assert node["url"] == address
    assert node["episodeNumber"] == 37
    assert node["duration"] == "PT50M"
    assert node["datePublished"] == "2021-02-14T23:00:00-05:00"
    assert node["dateModified"] == node["datePublished"]
    assert node["associatedMedia"] == {
        "@type": "AudioObject",
        "contentUrl": f"{SITE}/audio/podcast-37.mp3",
        "encodingFormat": "audio/mpeg",
        "contentSize": "48000000",
        "duration": "PT50M",
    }
    assert node["author"]["name"] == "Nick Janetakis"
    assert node["contributor"][0] == {
        "@type": "Person",
        "name": "Guest 37",
        "url": f"{SITE}/guests/guest-37",
        "sameAs": ["https://guest.example.org", "https://github.com/guest37"],
    }
    assert node["hasPart"][1] == {
        "@type": "Clip",
        "name": "Recap of AWS services",
        "startOffset": 1526,
        "endOffset": 2000,
        "url": f"{address}?t=1526",
    }
    assert node["hasPart"][2]["endOffset"] == 3000
    assert node["mentions"][0] == {
        "@type": "Thing",
        "name": "Django",
        "url": f"{SITE}/stack/django",
        "sameAs": "https://djangoproject.com/",
    }


def test_episode_zero_keeps_its_number(client: Client) -> None:
    show()
    row = full_episode(0)
    assert nodes(client, row.get_absolute_url())["PodcastEpisode"]["episodeNumber"] == 0


def test_series_site_article_and_breadcrumbs(client: Client) -> None:
    catalogue(1)
    home = nodes(client, "/")
    assert home["PodcastSeries"]["webFeed"] == f"{SITE}/podcast/feed.xml"
    target = home["WebSite"]["potentialAction"]["target"]["urlTemplate"]
    assert target == f"{SITE}/search?q={{search_term_string}}"
    interview = nodes(client, "/interviews/1-interview-1")
    assert interview["Article"]["headline"] == "Interview 1"
    steps = [step["item"] for step in interview["BreadcrumbList"]["itemListElement"]]
    assert steps == [f"{SITE}/", f"{SITE}/interviews/", f"{SITE}/interviews/1-interview-1"]
    assert nodes(client, "/guests/guest-1")["Person"]["name"] == "Guest 1"


def test_nothing_in_a_title_ends_the_block(client: Client) -> None:
    show()
    row = full_episode(1)
    title = "</script><script>alert(1)</script> & <!-- \u2028"
    Episode.objects.filter(pk=row.pk).update(title=title)
    html = client.get(row.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert nodes(client, row.get_absolute_url())["PodcastEpisode"]["name"] == title


@pytest.mark.parametrize(
    "path",
    ["/", "/podcast/", "/podcast/1-episode-1", "/stack/", "/stack/django", "/libraries/",
     "/libraries/celery", "/guests/", "/guests/guest-1", "/interviews/", "/follow", "/thanks"],
)  # fmt: skip
def test_canonical_and_open_graph(client: Client, path: str) -> None:
    catalogue(1)
    html = client.get(f"{path}?utm_source=feed", headers={"host": "localhost"}).content.decode()
    assert f'<link rel="canonical" href="{SITE}{path}">' in html
    assert f'<meta property="og:url" content="{SITE}{path}">' in html
    assert '<meta property="og:title" content="' in html
    assert re.search(r'<meta name="description" content="[^"]+">', html)
    assert "localhost" not in html
