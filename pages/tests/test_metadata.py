"""JSON-LD, Open Graph and canonical URLs."""

import json
import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from PIL.ExifTags import Base

from episodes.models import Episode
from episodes.tests.factories import guest, show
from guests.models import Guest
from media.pictured import make_for
from pages.tests.factories import catalogue, full_episode
from show.models import Show
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


def test_canonical_and_open_graph(client: Client, subtests: pytest.Subtests) -> None:
    catalogue(1)
    for path in (
        "/", "/podcast/", "/podcast/1-episode-1", "/stack/", "/stack/django", "/libraries/",
        "/libraries/celery", "/guests/", "/guests/guest-1", "/interviews/", "/follow", "/thanks",
    ):  # fmt: skip
        with subtests.test(path):
            answer = client.get(f"{path}?utm_source=feed", headers={"host": "localhost"})
            html = answer.content.decode()
            assert f'<link rel="canonical" href="{SITE}{path}">' in html
            assert f'<meta property="og:url" content="{SITE}{path}">' in html
            assert '<meta property="og:title" content="' in html
            assert re.search(r'<meta name="description" content="[^"]+">', html)
            assert "localhost" not in html


def named(client: Client, path: str) -> list[tuple[str, str]]:
    """The page's <meta> tags with a name or property, in order."""
    tag = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')
    return [
        (name, unescape(content))
        for name, content in tag.findall(client.get(path).content.decode())
    ]


def test_open_graph_of_an_episode(client: Client) -> None:
    catalogue(0)
    Guest.objects.filter(name="Nick Janetakis").update(twitter="nickjanetakis")
    row = full_episode(37, title='A "star"', updated_on=datetime(2021, 3, 1, tzinfo=UTC))
    tags = named(client, f"{row.get_absolute_url()}?t=1526")
    assert {
        ("og:type", "article"),
        ("og:title", '25:26: Recap of AWS services · A "star"'),
        ("og:url", f"{SITE}{row.get_absolute_url()}?t=1526"),
        ("og:image:width", "1200"),
        ("og:audio", f"{SITE}/audio/podcast-37.mp3"),
        ("og:audio:type", "audio/mpeg"),
        ("article:published_time", "2021-02-14T23:00:00-05:00"),
        ("article:modified_time", "2021-02-28T19:00:00-05:00"),
        ("article:tag", "Django"),
        ("article:tag", "Redis"),
        ("twitter:card", "summary_large_image"),
        ("twitter:creator", "@nickjanetakis"),
    } <= set(tags)
    assert "" not in dict(tags).values()


def test_a_stored_image_has_its_size(client: Client) -> None:
    catalogue(0)
    row = show()
    drawn = BytesIO()
    Image.new("RGB", (1400, 1500)).save(drawn, "PNG")
    row.artwork.save("cover.png", ContentFile(drawn.getvalue()))
    tags = dict(named(client, "/search"))
    assert tags["og:image"] == f"{SITE}{row.artwork.url}"
    assert (tags["og:image:width"], tags["og:image:height"]) == ("1400", "1500")
    assert tags["og:image:alt"] == "Artwork of Running in Production"
    assert tags["twitter:card"] == "summary"
    cache.clear()
    turned = Image.Exif()
    turned[Base.Orientation] = 6  # as phones mark a portrait photo
    Image.new("RGB", (1500, 1400)).save(row.artwork.path, "PNG", exif=turned)
    assert dict(named(client, "/search"))["og:image:width"] == "1400"
    cache.clear()
    row.artwork.storage.delete(str(row.artwork.name))
    assert "og:image:width" not in dict(named(client, "/search"))


def test_the_cover_is_a_square_rendition(client: Client) -> None:
    catalogue(0)
    row = show()
    drawn = BytesIO()
    Image.new("RGB", (3000, 3000)).save(drawn, "PNG")
    row.artwork.save("cover.png", ContentFile(drawn.getvalue()))
    make_for(Show, row.pk)
    tags = dict(named(client, "/search"))
    assert tags["og:image"].endswith("/cover.png/1024.webp")
    assert (tags["og:image:width"], tags["og:image:height"]) == ("1024", "1024")


def test_the_home_page_has_a_card_of_its_own(client: Client) -> None:
    catalogue(0)
    tags = dict(named(client, "/"))
    assert tags["twitter:card"] == "summary_large_image"
    assert show().tagline in tags["og:image:alt"]
    card = client.get(tags["og:image"].removeprefix(SITE))
    assert card["Content-Type"] == "image/png"


def test_a_guests_image_is_a_square_rendition(client: Client) -> None:
    row = guest("Phil Gyford")
    full_episode(1, guests=["Phil Gyford"])
    photo = BytesIO()
    Image.new("RGB", (900, 1600)).save(photo, "JPEG")
    row.avatar.save("photo.jpg", ContentFile(photo.getvalue()))
    path = "/guests/phil-gyford"
    assert dict(named(client, path))["og:image"] == f"{SITE}{row.avatar.url}"  # not made yet
    make_for(Guest, row.pk)
    tags = dict(named(client, path))
    assert re.fullmatch(rf"{SITE}/media/renditions/guests/.*/640\.webp", tags["og:image"])
    assert (tags["og:image:width"], tags["og:image:height"]) == ("640", "640")
    assert nodes(client, path)["Person"]["image"] == tags["og:image"]


def test_verification_codes_are_on_the_home_page(client: Client) -> None:
    show(verifications="google-site-verification: a1\nmsvalidate.01: B2")
    tags = named(client, "/")
    assert ("google-site-verification", "a1") in tags
    assert ("msvalidate.01", "B2") in tags
    assert "msvalidate.01" not in dict(named(client, "/podcast/"))


def test_lists_and_profiles_have_json_ld(client: Client) -> None:
    catalogue(2)
    listed = nodes(client, "/podcast/")["CollectionPage"]["mainEntity"]["itemListElement"]
    assert [item["url"] for item in listed] == [
        f"{SITE}/podcast/2-episode-2",
        f"{SITE}/podcast/1-episode-1",
    ]
    assert nodes(client, "/stack/django")["CollectionPage"]["about"]["name"] == "Django"
    moments = nodes(client, "/questions/best-tips")["CollectionPage"]["mainEntity"]
    assert moments["itemListElement"][0]["url"] == f"{SITE}/podcast/2-episode-2?t=2000"
    guest_page = nodes(client, "/guests/ann-other")
    assert guest_page["ProfilePage"]["mainEntity"] == {"@id": guest_page["Person"]["@id"]}
    series = nodes(client, "/")["PodcastSeries"]
    assert series["sameAs"] == ["https://overcast.example.org/show"]
    # The host has no page as a guest, so nothing links there.
    assert series["author"]["url"] == f"{SITE}/"


@pytest.mark.parametrize("path", ["/", "/podcast/37-episode-37", "/questions/"])
def test_the_twitter_card_is_complete(client: Client, path: str) -> None:
    catalogue(0)
    full_episode(37)
    Guest.objects.filter(name="Nick Janetakis").update(twitter="nickjanetakis")
    tags = dict(named(client, path))
    assert tags["twitter:site"] == tags["twitter:creator"] == "@nickjanetakis"
    for name in ("title", "description", "image", "image:alt"):
        assert tags[f"twitter:{name}"] == tags[f"og:{name}"] != ""


def test_artwork_at_an_address_is_the_cover(client: Client) -> None:
    catalogue(1)
    html = client.get("/").content.decode()
    assert 'class="artwork" src="https://example.org/artwork.png"' in html
    assert 'data-artwork="https://example.org/artwork.png"' in html
    Show.objects.update(artwork_url="http://example.org/artwork.png")
    html = client.get("/").content.decode()
    assert 'src="http://' not in html and 'data-artwork="http://' not in html
    assert "img/artwork" in html
