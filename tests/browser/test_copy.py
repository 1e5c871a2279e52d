"""Buttons that copy and share."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATH = "/follow?feed=/stack/django/feed.xml"


@pytest.fixture
def site(live_server: LiveServer) -> str:
    catalogue(1)
    return live_server.url


def test_the_button_copies_the_address_and_says_so(site: str, browser_page: Page) -> None:
    browser_page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    browser_page.goto(site + PATH)
    browser_page.get_by_role("button", name="Copy address").click()
    expect(browser_page.locator("[data-copied]")).to_have_text("Copied.")
    copied = browser_page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{settings.SITE_URL}/stack/django/feed.xml"


def test_a_browser_that_refuses_gets_the_address_selected(site: str, browser_page: Page) -> None:
    browser_page.add_init_script("navigator.clipboard.writeText = () => Promise.reject()")
    browser_page.goto(site + PATH)
    browser_page.get_by_role("button", name="Copy address").click()
    expect(browser_page.locator("[data-copied]")).to_contain_text("It is selected")
    assert browser_page.evaluate("getSelection().toString()").endswith("/stack/django/feed.xml")


def test_the_button_is_there_after_coming_from_another_page(site: str, browser_page: Page) -> None:
    browser_page.goto(site + "/stack/django")
    browser_page.get_by_role("link", name="Follow Django").click()
    expect(browser_page.get_by_role("button", name="Copy address")).to_be_visible()


def test_without_javascript_there_is_no_button(site: str, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site + PATH)
    expect(page.get_by_role("textbox", name="Feed address")).to_be_visible()
    expect(page.get_by_text("Copy address")).to_be_hidden()
    page.context.close()


def with_a_share_sheet(page: Page, site: str, error: str) -> Page:
    """The page on a system whose share sheet ends with this error."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.add_init_script(f"""navigator.share = async (given) => {{
      window.given = given;
      throw new DOMException("", "{error}");
    }};""")
    return page


@pytest.mark.parametrize(("error", "status"), [("NotAllowedError", "Copied."), ("AbortError", "")])
def test_a_failed_share_copies(site: str, browser_page: Page, error: str, status: str) -> None:
    page = with_a_share_sheet(browser_page, site, error)
    page.goto(f"{site}/podcast/1-episode-1?t=25:26")
    page.get_by_text("Share or embed").click()
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.locator("[data-copied=share-link]")).to_have_text(status)
    page.wait_for_function("() => window.given")
    address = f"{settings.SITE_URL}/podcast/1-episode-1?t=1526"
    assert page.evaluate("window.given") == {"title": page.title(), "url": address}


@pytest.mark.parametrize(
    ("error", "status"), [("NotAllowedError", "Link copied"), ("AbortError", "")]
)
def test_likewise_in_the_player(site: str, browser_page: Page, error: str, status: str) -> None:
    page = with_a_share_sheet(browser_page, site, error)
    page.goto(f"{site}/podcast/1-episode-1?t=25:26")
    page.locator("main .listen [data-play]").first.click()
    expect(page.locator("#status")).to_have_text("The audio can't be reached")
    expect(page.locator("#player [data-shows=chapter]")).to_have_text("Recap of AWS services")
    page.locator("#player .more summary").click()
    page.evaluate("document.getElementById('status').textContent = ''")
    page.locator("#player").get_by_role("button", name="Share", exact=True).click()
    page.wait_for_function("() => window.given")
    expect(page.locator("#status")).to_have_text(status)
    assert page.evaluate("window.given.title") == "25:26 Recap of AWS services"
    assert page.evaluate("window.given.url") == f"{site}/podcast/1-episode-1?t=1526"
