"""Every kind of page, in both colour schemes: axe's rules, no sideways scrolling, no errors."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, Route
from pytest_django.live_server_helper import LiveServer

from episodes.models import Episode
from pages.tests.factories import catalogue, full_episode, odd_catalogue, sponsored, transcript
from show.models import Redirect
from tests.browser.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = [
    "/",
    "/podcast/?stack=django",
    "/podcast/1-episode-1",
    "/podcast/1-episode-1?t=25:26",
    "/podcast/1-episode-1?t=25:26,40:00",
    "/podcast/1-episode-1/transcript?t=31,100",
    "/podcast/1-episode-1/transcript",
    "/podcast/72-episode-72",
    "/interviews/",
    "/interviews/1-interview-1",
    "/stack/",
    "/stack/django",
    "/stack/mine",
    "/stack/mine?stack=django&stack=redis",
    "/libraries/",
    "/libraries/celery",
    "/questions/",
    "/questions/best-tips",
    "/guests/",
    "/guests/ann-other",
    "/search",
    "/search?q=recap",
    "/search?q=recpa",
    "/search?q=recap+django+gleam",
    "/search?q=stack:django+-phoenix+%22aws+services%22",
    "/search?q=django+vs+redis",
    "/search?q=stack:gleam",
    "/search?q=gleam",
    "/moments",
    "/follow",
    "/follow?feed=/stack/django/feed.xml",
    "/podcast/?not=django&year=2020",
    "/thanks",
    "/stack/djagno",
    "/old",
]
PLAIN = ("400", "403", "403_csrf", "500", "maintenance")
EMPTY = ("/", "/podcast/", "/interviews/", "/stack/", "/stack/mine", "/libraries/", "/guests/")
WIDTHS = (320, 390, 1280, 1600)
OPEN_ALL = """addEventListener("load", () => {
  for (const each of document.querySelectorAll("details")) each.open = true;
})"""


@pytest.fixture
def site(live_server: LiveServer) -> str:
    rows = catalogue(3)
    sponsored(rows[1])
    transcript(rows[0], 5)
    full_episode(72, status=Episode.Status.WITHDRAWN, notice="Under review.")
    Redirect.objects.create(old_path="/old")
    # A second year, for the charts that compare years.
    full_episode(73, published_at=datetime(2019, 6, 1, tzinfo=UTC))
    return live_server.url


def test_axe_finds_nothing(site: str, browser_page: Page) -> None:
    browser_page.add_init_script(OPEN_ALL)
    assert violations_on(browser_page, site, PATHS) == []


def violations_on(page: Page, site: str, paths: Iterable[str]) -> list[str]:
    found = []
    for path in paths:
        page.goto(site + path)
        found += violations(page, path, widths=[390])
    return found


def test_axe_finds_nothing_in_odd_states(live_server: LiveServer, browser_page: Page) -> None:
    """An empty catalogue, odd content, and error pages."""
    page = browser_page
    found = violations_on(page, live_server.url, EMPTY)
    catalogue(1)
    odd = [row.get_absolute_url() for row in odd_catalogue().values()]
    found += violations_on(page, live_server.url, odd)

    def send(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        route.fulfill(body=render_to_string(f"{name}.html"), content_type="text/html")

    page.route("**/plain/*", send)
    found += violations_on(page, live_server.url, [f"/plain/{name}" for name in PLAIN])
    assert found == []


def test_nothing_scrolls_sideways_and_the_browser_has_no_complaint(
    site: str, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    console_messages: list[str] = []
    page.on("console", lambda message: console_messages.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: console_messages.append(f"{page.url}: {error}"))
    wide = []
    for path in PATHS:
        page.goto(site + path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append((path, width))
    context.close()
    assert wide == []
    assert [each for each in console_messages if "Failed to load" not in each] == []
