"""A card's topic strip shows how far this device has played the episode."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_begun_episode_says_what_is_left(live_server: LiveServer, browser_page: Page) -> None:
    catalogue(3)
    page = browser_page
    page.goto(live_server.url + "/podcast/")
    strip = page.locator('[data-strip="/podcast/2-episode-2"]')
    expect(strip.locator("time")).to_have_text("50 min")
    box = strip.bounding_box()
    page.evaluate(
        """async () => {
            const { storePosition } = await import("/static/js/position_store.js");
            storePosition({ page: "/podcast/2-episode-2", title: "Episode 2" }, 2281);
        }"""
    )
    expect(strip.locator("time")).to_have_text("12 min left")
    expect(strip.locator(".played")).to_have_attribute("width", "760")
    assert strip.bounding_box() == box
    other = page.locator('[data-strip="/podcast/1-episode-1"]')
    expect(other.locator("time")).to_have_text("50 min")
    expect(other.locator(".played")).to_have_attribute("width", "0")
    page.reload()
    expect(strip.locator("time")).to_have_text("12 min left")
    page.get_by_role("link", name="Stack", exact=True).first.click()
    page.get_by_role("link", name="Redis").first.click()
    expect(page.locator('[data-strip="/podcast/2-episode-2"] time').first).to_have_text(
        "12 min left"
    )
