"""robots.txt as other programs parse it, and `nofollow` on links."""

import re
from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client
from protego import Protego

from episodes.tests.factories import show
from pages.robots_txt import AI_CRAWLERS, is_crawlable
from pages.templatetags.formatting import rel
from pages.tests.factories import catalogue

pytestmark = pytest.mark.django_db

SITE = "https://show.example.org"
OPEN = [
    "/", "/podcast/", "/podcast/?page=2", "/podcast/?stack=django", "/podcast/?guest=ann-other",
    "/podcast/?page=2&stack=django", "/podcast/?year=2020", "/interviews/?page=3",
    "/podcast/1-episode-1", "/podcast/1-episode-1?t=1526", "/podcast/1-episode-1.md",
    "/podcast/1-episode-1?utm_source=feed&utm_medium=app", "/podcast/feed.xml",
    "/podcast/1-episode-1/chapters.json", "/stack/", "/stack/django", "/stack/mine",
    "/stack/django/feed.xml", "/guests/?page=2", "/guests/ann-other", "/questions/best-tips?page=2",
    "/libraries/celery", "/follow", "/audio/podcast-1.mp3", "/assets/podcast/x.mp3",
    "/search/feed.xml?q=django", "/sitemap.xml", "/sitemap-episodes.xml?p=2",
    "/static/css/site.css",
]  # fmt: skip
# Rules that a parser without `*` understands, too.
CLOSED = [
    "/admin/", "/admin/episodes/", "/health", "/search", "/search?q=django", "/search?q=a&page=2",
    "/search.json?q=a", "/search/suggest?q=a", "/follow?feed=/stack/django/feed.xml",
    "/stack/mine?stack=django", "/stack/mine?stack=django&stack=redis",
]  # fmt: skip
TRAPS = [
    "/podcast/?not=aws", "/podcast/?not=aws&stack=django", "/podcast/?stack=django&stack=redis",
    "/podcast/?guest=ann-other&stack=django", "/podcast/?guest=a&page=2&year=2020",
    "/podcast/?page=2&stack=django&stack=redis", "/interviews/?guest=a&guest=b",
    "/interviews/?not=aws&page=4",
]  # fmt: skip


@pytest.fixture
def text(client: Client, settings) -> str:
    settings.SITE_URL = SITE
    show()
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    return response.content.decode()


@pytest.mark.parametrize("agent", ["Googlebot", "bingbot", "GPTBot", "Applebot", "AntennaPod"])
def test_crawlers_read_what_they_may(text: str, agent: str) -> None:
    rules = Protego.parse(text)
    assert [path for path in OPEN if not rules.can_fetch(SITE + path, agent)] == []
    assert [path for path in CLOSED + TRAPS if rules.can_fetch(SITE + path, agent)] == []
    assert list(rules.sitemaps) == [f"{SITE}/sitemap.xml"]


def test_crawlers_without_wildcards_may_read_all_pages(text: str) -> None:
    simple = RobotFileParser()
    simple.parse(text.splitlines())
    assert [path for path in OPEN if not simple.can_fetch("curious", SITE + path)] == []
    assert [path for path in CLOSED if simple.can_fetch("curious", SITE + path)] == []


def test_links_agree_with_robots_txt(text: str) -> None:
    rules = Protego.parse(text)
    for path in OPEN + CLOSED + TRAPS:
        assert is_crawlable(path) == rules.can_fetch(SITE + path, "x"), path
        assert rel(path) == ("" if is_crawlable(path) else ' rel="nofollow"')
    assert rel("https://other.example/search?q=x") == ""


def test_robots_txt_disallows_ai_crawlers_if_the_host_chooses(client: Client) -> None:
    show(ai_crawlers=False)
    text = client.get("/robots.txt").content.decode()
    rules = Protego.parse(text)
    for agent in AI_CRAWLERS:
        assert not rules.can_fetch("http://localhost/", agent), agent
    for agent in ("Googlebot", "Applebot", "bingbot", "ChatGPT-User", "facebookexternalhit"):
        assert rules.can_fetch("http://localhost/podcast/", agent), agent
        assert not rules.can_fetch("http://localhost/search?q=x", agent), agent
    simple = RobotFileParser()
    simple.parse(text.splitlines())
    assert not simple.can_fetch("GPTBot", "http://localhost/podcast/")
    assert simple.can_fetch("Googlebot", "http://localhost/podcast/")


def test_one_filter_has_another_pages_canonical_url(client: Client, settings) -> None:
    settings.SITE_URL = SITE
    catalogue(2)

    def head(path: str) -> tuple[str, str]:
        html = client.get(path).content.decode()
        robots = re.search(r'<meta name="robots" content="([^"]+)"', html)
        canonical = re.search(r'<link rel="canonical" href="([^"]+)"', html)
        assert canonical
        return canonical[1].removeprefix(SITE), robots[1] if robots else ""

    assert head("/podcast/?stack=django") == ("/stack/django", "")
    assert head("/interviews/?stack=phoenix") == ("/stack/phoenix", "")
    assert head("/podcast/?guest=ann-other") == ("/guests/ann-other", "")
    assert head("/podcast/?year=2020") == ("/podcast/?year=2020", "noindex, follow")
    several = "/podcast/?stack=django&amp;stack=redis"
    assert head(several.replace("&amp;", "&")) == (several, "noindex, follow")
    assert head("/podcast/") == ("/podcast/", "")
