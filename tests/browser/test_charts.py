"""Charts in a browser: their links work, and a keyboard needs none of them."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue, full_episode

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LATE = ".timeline a[data-seconds='2000']"


@pytest.fixture
def address(live_server: LiveServer) -> str:
    catalogue(1)
    return f"{live_server.url}/podcast/1-episode-1"


def test_a_segment_plays_its_moment_and_is_marked(address: str, browser_page: Page) -> None:
    browser_page.goto(f"{address}?t=1600")
    expect(browser_page.locator(".timeline .now")).to_have_count(1)
    browser_page.locator(LATE).click()
    expect(browser_page).to_have_url(f"{address}?t=2000")
    expect(browser_page.locator(".timeline [aria-current]")).to_have_attribute("href", "?t=2000")
    expect(browser_page.locator("#t-2000")).to_have_attribute("aria-current", "true")
    expect(browser_page.locator(".timeline .now")).to_have_count(0)


def test_without_javascript_a_segment_is_a_link(address: str, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator(LATE).click()
    expect(page).to_have_url(f"{address}?t=2000")
    expect(page.locator(".timeline [aria-current]")).to_have_count(1)
    context.close()


def test_charts_have_no_tab_stops(address: str, browser_page: Page) -> None:
    for path in (address, address.replace("/podcast/1-episode-1", "/stack/")):
        browser_page.goto(path)
        assert browser_page.locator("svg a").count() > 0
        for _ in range(browser_page.locator("a, button, input, summary, [tabindex]").count()):
            browser_page.keyboard.press("Tab")
            assert browser_page.evaluate("!document.activeElement.closest('svg')")


def test_a_chart_wider_than_a_phone_scrolls_by_itself(
    live_server: LiveServer, browser_page: Page
) -> None:
    names = [f"Technology {place}" for place in range(20)]
    catalogue(1)
    full_episode(2, technologies=names)
    browser_page.set_viewport_size({"width": 320, "height": 800})
    browser_page.goto(f"{live_server.url}/stack/")
    place = browser_page.locator(".scroll", has=browser_page.locator(".cooccurrence"))
    assert place.evaluate("each => each.scrollWidth > each.clientWidth")
    place.focus()
    browser_page.keyboard.press("ArrowRight")
    browser_page.wait_for_function("each => each.scrollLeft > 0", arg=place.element_handle())
    assert browser_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
