"""Five tasks as a listener does them, counted in clicks."""

import re

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import BrowserContext, Page, expect

from pages.tests.factories import full_episode
from tests.browser.player.playback import PATH, WATCH, bar, button, expect_playing, position
from tests.browser.player.test_queue import many_answers
from tests.browser.test_moments import SILENT_FRAME

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Counts what the listener clicks, over all pages.
COUNT = """addEventListener("click", ({ isTrusted }) => {
  if (isTrusted) sessionStorage.setItem("clicks", 1 + Number(sessionStorage.getItem("clicks")));
}, true)"""


@pytest.fixture
def context(site: str, page: Page) -> BrowserContext:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.goto("about:blank")
    return page.context


def open_page(context: BrowserContext, address: str) -> Page:
    """As on another day: in a new tab, with what the device stores."""
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_init_script(COUNT)
    page.goto(address)
    page.evaluate(WATCH)
    return page


def clicks(page: Page) -> int:
    return page.evaluate("Number(sessionStorage.getItem('clicks'))")


def test_start_the_newest_episode(site: str, context: BrowserContext) -> None:
    page = open_page(context, site)
    page.locator("main .newest .listen").get_by_role("button", name="Play Episode 9").click()
    expect_playing(page)
    assert clicks(page) == 1


def test_hear_three_answers_on_celery_in_a_row(site: str, context: BrowserContext) -> None:
    many_answers()
    page = open_page(context, site)
    page.locator("main").get_by_role("link", name=re.compile(r"^Celery\b")).first.click()
    page.get_by_role("button", name="Play 102 moments on Celery").click()
    for number in (1, 2, 3):
        expect(bar(page)).to_contain_text(f"Moment {number} of 102", timeout=60_000)
    assert clicks(page) == 2
    assert page.evaluate("window.player.pauses") == 0


def test_put_a_moment_by_and_find_it_the_next_day(site: str, context: BrowserContext) -> None:
    page = open_page(context, site)
    page.locator("main .newest h2 a, main .newest h3 a").first.click()
    star = page.get_by_role("button", name="Star 0:20 Recap of AWS services")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    assert clicks(page) == 2
    page.close()
    page = open_page(context, site)
    page.get_by_role("link", name="My moments").click()
    page.get_by_role("button", name="Play 0:20 Recap of AWS services").click()
    expect_playing(page)
    assert 20 <= position(page) < 22
    assert clicks(page) == 2


def test_share_forty_seconds(site: str, context: BrowserContext) -> None:
    row = full_episode(10, topics=[(5, "Early")], seconds=210)
    row.enclosure.file.save(row.enclosure.name, ContentFile(SILENT_FRAME * 8100))
    page = open_page(context, f"{site}{row.get_absolute_url()}")
    page.locator("main .topics").get_by_role("link", name="0:05").press("Enter")
    expect_playing(page)
    before = clicks(page)
    bar(page).get_by_text("More", exact=True).click()
    button(page, "Share a clip").click()
    dialog = page.get_by_role("dialog", name="Share a clip")
    dialog.get_by_role("button", name="40 seconds").click()
    dialog.get_by_role("button", name="Copy link").click()
    expect(dialog.get_by_role("status")).to_have_text("Copied.")
    start, end = re.findall(r"\d+", page.evaluate("navigator.clipboard.readText()"))[-2:]
    assert int(end) - int(start) == 40
    assert clicks(page) - before <= 4
    assert page.evaluate("window.player.pauses") == 0


def test_go_on_on_the_same_phone(site: str, context: BrowserContext) -> None:
    page = open_page(context, site + PATH)
    page.locator("main .topics").get_by_text("Recap of AWS services").click()
    expect_playing(page)
    page.close()
    page = open_page(context, site)
    button(page, "Play").click()
    expect_playing(page)
    assert 20 <= position(page) < 26
    assert clicks(page) == 1
