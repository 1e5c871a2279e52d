"""Facets: folded on a phone, beside the results on a desktop; without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue
from tests.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def site(live_server: LiveServer) -> str:
    catalogue(3)
    return live_server.url


@pytest.fixture
def plain(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=False)
    yield context
    context.close()


def opened(context: BrowserContext, url: str, size: dict[str, int]) -> Page:
    page = context.new_page()
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(url)
    return page


def test_a_desktop_shows_them_beside_the_results(site: str, plain: BrowserContext) -> None:
    page = opened(plain, site + "/search?q=recap", DESKTOP)
    expect(page.locator(".facets summary")).to_be_hidden()
    facets, results = page.locator(".facets nav").bounding_box(), page.locator(
        ".results").bounding_box()  # fmt: skip
    assert facets and results
    assert facets["x"] >= results["x"] + results["width"]
    page.get_by_role("link", name="Tool 2").click()
    expect(page.get_by_role("searchbox")).to_have_value('recap stack:"Tool 2"')
    expect(page.locator(".count")).to_have_text("1 episode")
    page.locator(".facets").get_by_role("link", name="Remove with Tool 2").click()
    expect(page.locator(".count")).to_have_text("3 episodes")


def test_a_phone_folds_them(site: str, plain: BrowserContext) -> None:
    page = opened(plain, site + "/search?q=recap", PHONE)
    link = page.get_by_role("link", name="Tool 2")
    expect(link).to_be_hidden()
    page.locator(".facets summary").focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".facets a").first).to_be_focused()


def test_axe_finds_nothing_on_a_desktop(site: str, browser_page: Page) -> None:
    browser_page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    browser_page.goto(site + "/search?q=recap+stack:django")
    assert axe.run(browser_page) == []
