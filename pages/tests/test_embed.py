"""The embedded player, and oEmbed."""

import json
import re
import xml.etree.ElementTree as ET
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from episodes.models import Episode
from pages.sharing import parse_episode_url
from pages.tests.factories import catalogue, full_episode, in_the_future
from show.models import Redirect

pytestmark = pytest.mark.django_db

SITE = "https://show.example.org"
PATH = "/podcast/37-episode-37"
EMBED = f"{PATH}/embed"


@pytest.fixture(autouse=True)
def _episode(settings) -> None:
    settings.SITE_URL = SITE
    catalogue(0)
    full_episode(37)


def html(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


def test_only_the_player_may_be_framed(client: Client) -> None:
    framed = client.get(EMBED)
    assert "X-Frame-Options" not in framed.headers
    policy = framed["Content-Security-Policy"]
    usual = client.get(PATH)["Content-Security-Policy"]
    assert set(policy.split("; ")) - set(usual.split("; ")) == {"frame-ancestors *"}
    assert set(usual.split("; ")) - set(policy.split("; ")) == {"frame-ancestors 'none'"}
    for path in (PATH, "/", "/oembed", f"{EMBED}x", "/podcast/38-no-such/embed"):
        assert client.get(path)["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in client.get(path)["Content-Security-Policy"]


def test_a_304_of_the_player_may_be_framed(client: Client) -> None:
    first = client.get(EMBED)
    again = client.get(EMBED, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert "Content-Security-Policy" not in again.headers
    assert "X-Frame-Options" not in again.headers
    assert "frame-ancestors *" in client.get(EMBED)["Content-Security-Policy"]


def test_without_javascript_it_plays_and_links_to_the_episode(client: Client) -> None:
    page = html(client, EMBED)
    assert re.search(r'<audio controls preload="none" src="/audio/podcast-37\.mp3"', page)
    assert f'href="{SITE}{PATH}" data-page' in page
    assert page.count("data-seconds=") == 3
    assert '<a href="?t=1526" rel="nofollow" data-seconds="1526">' in page
    assert "Best tips? Ship &lt;early&gt;" in page
    assert '<link rel="canonical" href="https://show.example.org/podcast/37-episode-37">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "style=" not in page
    assert "<script>" not in page
    assert not re.findall(r'target="_self"|target="_top"', page)


@pytest.mark.parametrize("time", ["1526", "25:26", "25m26s"])
def test_a_moment(client: Client, time: str) -> None:
    page = html(client, f"{EMBED}?t={time}")
    assert 'src="/audio/podcast-37.mp3#t=1526"' in page
    assert f'href="{SITE}{PATH}?t=1526" data-page="{SITE}{PATH}"' in page
    current = re.findall(r'aria-current="true">\s*<a href="\?t=(\d+)"', page)
    assert current == ["1526"]


def test_a_clip(client: Client) -> None:
    page = html(client, f"{EMBED}?t=25:26,26:40")
    assert 'src="/audio/podcast-37.mp3#t=1526,1600"' in page
    assert 'data-end="1600"' in page
    assert f'href="{SITE}{PATH}?t=1526,1600" data-page="{SITE}{PATH}"' in page
    said = re.sub(r"<[^>]+>", "", page)
    assert "A clip, 25:26 to 26:40: Recap of AWS services" in said


def test_an_invalid_moment_is_ignored_by_the_player(client: Client) -> None:
    for time in ("99999", "-1", "x", "%F0%9F%9A%80", ""):
        assert 'src="/audio/podcast-37.mp3"' in html(client, f"{EMBED}?t={time}")


HIDDEN: dict[str, dict[str, Any]] = {
    "draft": {"status": Episode.Status.DRAFT},
    "scheduled": {"published_at": in_the_future()},
    "withdrawn": {"status": Episode.Status.WITHDRAWN},
    "interview": {"kind": Episode.Kind.INTERVIEW},
}


@pytest.mark.parametrize("state", HIDDEN)
def test_unpublished_episodes_have_no_player(client: Client, state: str) -> None:
    Episode.objects.filter(number=37).update(**HIDDEN[state])
    assert client.get(EMBED).status_code == 404
    assert client.get(f"/oembed?url={SITE}{PATH}").status_code == 404


def test_without_audio_there_is_no_player_and_none_is_offered(client: Client) -> None:
    Episode.objects.get(number=37).enclosure.delete()
    assert client.get(EMBED).status_code == 404
    assert client.get(f"/oembed?url={SITE}{PATH}").status_code == 404
    page = html(client, PATH)
    assert "iframe" not in page
    assert "oembed" not in page
    assert f'<input id="share-link" value="{SITE}{PATH}"' in page


def test_it_scrolls_along_with_its_episode(client: Client) -> None:
    Redirect.objects.move("/podcast/37-former", PATH)
    answer = client.get("/podcast/37-former/embed?t=100")
    assert (answer.status_code, answer["Location"]) == (301, f"{EMBED}?t=100")


def test_the_page_offers_its_player(client: Client) -> None:
    page = html(client, f"{PATH}?t=1526")
    code = unescape(re.findall(r'<textarea id="embed-code"[^>]*>(.*?)</textarea>', page)[0])
    assert f'<iframe src="{SITE}{EMBED}?t=1526" title="Episode 37"' in code
    assert f'<input id="share-link" value="{SITE}{PATH}?t=1526"' in page


def discovered(client: Client, path: str) -> str:
    pattern = r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"'
    (address,) = re.findall(pattern, html(client, path))
    return unescape(address).removeprefix(SITE)


@pytest.mark.parametrize("moment", ["", "?t=1526", "?t=1526,1600"])
def test_oembed_is_found_and_answers(client: Client, moment: str) -> None:
    answer = client.get(discovered(client, PATH + moment))
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    data = json.loads(answer.content)
    code = data.pop("html")
    card = data.pop("thumbnail_url")
    assert data == {
        "version": "1.0",
        "type": "rich",
        "title": "Episode 37",
        "provider_name": "Running in Production",
        "provider_url": f"{SITE}/",
        "width": 640,
        "height": 380,
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
    }
    assert code == (
        f'<iframe src="{SITE}{EMBED}{moment}" title="Episode 37" width="640" height="380" '
        'frameborder="0" loading="lazy"></iframe>'
    )
    assert f'<meta property="og:image" content="{card}">' in html(client, PATH)
    assert client.get(card.removeprefix(SITE)).status_code == 200


SPELLINGS = {
    f"{SITE}{PATH}": "",
    f"http://show.example.org{PATH}?utm_source=x": "",
    f"{SITE}{PATH}/": "",
    f"{SITE}{PATH}.html": "",
    f"{SITE}/37": "",
    f"{SITE}{PATH}?t=25m26s": "?t=1526",
    f"{SITE}{PATH}#25:26": "?t=1526",
    f"{SITE}{PATH}?t=5&x=y#25:26": "?t=5",
    f"{SITE}{PATH}?t=25:26,26:40": "?t=1526,1600",
    f"{SITE}{PATH}?t=1526%2C1600": "?t=1526,1600",
    f"{SITE}{PATH}?t=1600,1526": "?t=1600",
    f"{SITE}{PATH}#t=1526,1600": "?t=1526,1600",
    f"{SITE}/37/25:26": "?t=1526",
    f"{SITE}{EMBED}?t=1526": "?t=1526",
    f"{SITE}/podcast/37-former?t=1526": "?t=1526",
}


@pytest.mark.parametrize("url", SPELLINGS)
def test_every_spelling_of_an_episodes_address(client: Client, url: str) -> None:
    Redirect.objects.move("/podcast/37-former", PATH)
    data = client.get("/oembed", {"url": url}).json()
    assert f'src="{SITE}{EMBED}{SPELLINGS[url]}"' in data["html"]


def test_the_size_stays_within_the_limits(client: Client) -> None:
    address = f"/oembed?url={SITE}{PATH}"
    data = client.get(f"{address}&maxwidth=400&maxheight=200").json()
    assert (data["width"], data["height"]) == (400, 200)
    assert 'width="400" height="200"' in data["html"]
    assert not [name for name in data if name.startswith("thumbnail")]
    data = client.get(f"{address}&maxwidth=1200&maxheight=").json()
    assert (data["width"], data["height"], data["thumbnail_width"]) == (640, 380, 1200)
    for limit in ("0", "-1", "x", "9999999", "²"):
        assert client.get("/oembed", {"url": SITE + PATH, "maxwidth": limit}).status_code == 400


def test_xml(client: Client) -> None:
    Episode.objects.filter(number=37).update(title="A & B <i>")
    answer = client.get(f"/oembed?url={SITE}{PATH}&format=xml")
    assert answer["Content-Type"].startswith("text/xml")
    data = {each.tag: each.text for each in ET.fromstring(answer.content)}
    assert data == {
        name: str(value)
        for name, value in client.get(f"/oembed?url={SITE}{PATH}&format=json").json().items()
    }
    assert data["title"] == "A & B <i>"
    assert 'title="A &amp; B &lt;i&gt;"' in (data["html"] or "")


def test_xml_is_well_formed_whatever_the_title_holds(client: Client) -> None:
    Episode.objects.filter(number=37).update(title="Pasted\x0b from \ufffe elsewhere")
    answer = client.get(f"/oembed?url={SITE}{PATH}&format=xml")
    assert ET.fromstring(answer.content).findtext("title") == "Pasted from  elsewhere"


REFUSED = {
    "/oembed": 400,
    f"/oembed?url={SITE}{PATH}&format=yaml": 501,
    f"/oembed?url={SITE}/podcast/38-no-such": 404,
    f"/oembed?url={SITE}/": 404,
    f"/oembed?url={SITE}/stack/django": 404,
    "/oembed?url=https://elsewhere.example.org/podcast/37-episode-37": 404,
    f"/oembed?url={PATH}": 404,
    f"/oembed?url=https://[{PATH}": 404,
    f"/oembed?url={quote(SITE + PATH + '%00')}": 404,
}


@pytest.mark.parametrize("path", REFUSED)
def test_oembed_errors(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == REFUSED[path]
    assert answer["Content-Type"].startswith("text/plain")


@given(st.text(max_size=60), st.sampled_from([SITE, SITE + "/podcast/", ""]))
def test_no_address_is_too_odd(text: str, before: str) -> None:
    found = parse_episode_url(before + text)
    assert found is None or re.fullmatch(r"[-\w]+", found[0])
