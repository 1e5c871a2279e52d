"""Following the show, or any one of its feeds."""

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from pages.feed_links import FeedLink
from pages.tests.factories import catalogue
from show.models import FollowLink
from stack.models import Technology

pytestmark = pytest.mark.django_db

SITE = "https://show.example.org"


@pytest.fixture(autouse=True)
def _site(settings) -> None:
    settings.SITE_URL = SITE


def test_the_hosts_links_in_his_order_without_closed_ones(client: Client) -> None:
    catalogue(1)
    FollowLink.objects.update(position=2)
    FollowLink.objects.create(name="First", url="https://first.example.org", position=1)
    FollowLink.objects.create(name="Google", url="https://g.example.org", closed=True)
    response = client.get("/follow")
    assert [link.name for link in response.context["follow_links"]] == ["First", "Overcast"]
    html = response.content.decode()
    assert "g.example.org" not in html
    assert f'value="{SITE}/podcast/feed.xml" readonly' in html
    assert 'href="podcast://show.example.org/podcast/feed.xml"' in html


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/interviews/feed.xml", "Follow Written interviews"),
        ("/stack/django/feed.xml", "Follow Django"),
        ("/guests/ann-other/feed.xml", "Follow Ann Other"),
        ("/questions/best-tips/feed.xml", "Follow Best tips"),
    ],
)
def test_any_feed_of_the_site(client: Client, path: str, title: str) -> None:
    catalogue(1)
    html = client.get(f"/follow?feed={path}").content.decode()
    assert f"<h1>{title}</h1>" in html
    assert f'value="{SITE}{path}" readonly' in html
    assert f"overcast://x-callback-url/add?url={quote(SITE + path, safe='')}" in html
    assert f'<link rel="canonical" href="{SITE}/follow?feed={path}">' in html
    assert '<meta name="robots" content="noindex, follow">' in html
    assert "overcast.example.org" not in html  # that is the show's
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("page", "feed", "name"),
    [
        ("/podcast/?stack=django", "/podcast/feed.xml?stack=django", "episodes with Django"),
        ("/podcast/?not=redis", "/podcast/feed.xml?not=redis", "episodes without Redis"),
        ("/podcast/?guest=ann-other", "/podcast/feed.xml?guest=ann-other",
         "episodes with Ann Other"),
        ("/podcast/?year=2019", "/podcast/feed.xml?year=2019", "episodes from 2019"),
        ("/interviews/?stack=django", "/interviews/feed.xml?stack=django",
         "interviews with Django"),
        ("/search?q=best+tips", "/search/feed.xml?q=best+tips", "the search “best tips”"),
    ],
)  # fmt: skip
def test_lists_and_searches_offer_their_feed(
    client: Client, page: str, feed: str, name: str
) -> None:
    catalogue(3)
    html = client.get(page).content.decode()
    assert f' href="{feed}">' in html
    follow = f"/follow?feed={quote(feed)}"
    assert f'<a href="{follow}"' in html
    followed = client.get(follow).content.decode()
    assert f"<h1>Follow {name}</h1>" in followed
    assert f'value="{SITE}{feed}" readonly' in followed
    assert client.get(feed).status_code == 200


@pytest.mark.parametrize("page", ["/podcast/", "/podcast/?stack=django&year=2019", "/search?q="])
def test_several_filters_have_no_feed(client: Client, page: str) -> None:
    catalogue(1)
    html = client.get(page).content.decode()
    assert "feed.xml?" not in html
    assert "/follow?feed=" not in html


def test_a_filter_or_search_spelt_otherwise_leads_to_its_feed(client: Client) -> None:
    catalogue(1)
    for spelt, canonical in {
        "/podcast/feed.xml?stack=Django": "/podcast/feed.xml?stack=django",
        "/search/feed.xml?q=  tips": "/search/feed.xml?q=tips",
    }.items():
        response = client.get("/follow", {"feed": spelt})
        assert response.status_code == 301
        assert response.headers["Location"] == f"/follow?feed={quote(canonical)}"
    for unknown in ("/podcast/feed.xml?stack=gleam", "/search/feed.xml?q=", "/stack/?q=x"):
        assert client.get("/follow", {"feed": unknown}).status_code == 404


@pytest.mark.parametrize("name", ["guest", "stack", "year", "q"])
def test_an_escaped_nul_is_no_feed(client: Client, name: str) -> None:
    catalogue(1)
    for path in ("/podcast/feed.xml", "/interviews/feed.xml", "/search/feed.xml"):
        for nul in ("%00", "a%00b", "%2500"):
            answer = client.get("/follow", {"feed": f"{path}?{name}={nul}"})
            assert answer.status_code in (200, 301, 404)


def test_the_shows_own_feed_is_the_page_without_parameters(client: Client) -> None:
    catalogue(1)
    html = client.get("/follow?feed=/podcast/feed.xml").content.decode()
    assert "<h1>Follow the show</h1>" in html
    assert f'<link rel="canonical" href="{SITE}/follow">' in html


def test_feeds_under_other_names_lead_to_todays(client: Client) -> None:
    catalogue(1)
    Technology.objects.get(slug="django").add_names("Dj")
    for path in ("/stack/dj/feed.xml", "/tags/django/feed.xml", "/stack/django/feed.xml/"):
        response = client.get("/follow", {"feed": path})
        assert response.status_code == 301, path
        assert response.headers["Location"] == "/follow?feed=/stack/django/feed.xml"


@pytest.mark.parametrize(
    "feed",
    ["/stack/djagno/feed.xml", "/stack/django", "/podcast/", "https://evil.example/feed.xml",
     "//evil.example/feed.xml", "javascript:alert(1)", "/admin/", "x", f"{SITE}/podcast/feed.xml"],
)  # fmt: skip
def test_an_unknown_feed_is_404(client: Client, feed: str) -> None:
    catalogue(1)
    response = client.get("/follow", {"feed": feed})
    assert response.status_code == 404
    assert b"overcast://" not in response.content


def test_a_misspelt_technology_gets_suggestions(client: Client) -> None:
    catalogue(1)
    suggestions = client.get("/follow?feed=/stack/djagno/feed.xml").context["suggestions"]
    assert "Django" in [each.label for each in suggestions]


def test_technologies_and_guests_lead_to_their_feeds(client: Client) -> None:
    catalogue(1)
    for page, feed in [
        ("/stack/django", "/stack/django/feed.xml"),
        ("/guests/ann-other", "/guests/ann-other/feed.xml"),
    ]:
        assert f'href="/follow?feed={feed}"' in client.get(page).content.decode()


def test_app_links_carry_the_absolute_url(settings) -> None:
    settings.SITE_URL = "https://a.example"
    links = FeedLink("X", "/stack/x/feed.xml").app_links
    assert links["Pocket Casts"] == "pktc://subscribe/a.example/stack/x/feed.xml"
    assert links["AntennaPod"].endswith("?url=https%3A%2F%2Fa.example%2Fstack%2Fx%2Ffeed.xml")


paths = st.one_of(
    st.text(max_size=40),
    st.builds("/{}/{}/feed.xml".format, st.sampled_from(["stack", "guests", "tags"]), st.text()),
    st.sampled_from(["/1", "/podcast/1/25:26", "/99999999999999999999", "/stack/mine", "/follow"]),
)


@given(paths)
def test_any_feed_asked_for_is_answered(client: Client, path: str) -> None:
    assert client.get("/follow", {"feed": path}).status_code in (200, 301, 400, 404)
