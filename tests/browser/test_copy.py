"""Copying a feed's address."""

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
