"""A link to a moment or clip, opened on a phone where something was played before."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.player.playback import PATH, WATCH, bar, expect_playing, press_play

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def returning(page: Page) -> Page:
    """Episode 9 was played in a former visit."""
    press_play(page)
    page.evaluate("window.player.audio.currentTime = 42")
    page.wait_for_function(
        "() => window.player.audio.currentTime >= 42 && !window.player.audio.seeking"
    )
    page.evaluate("window.player.audio.pause()")
    page.goto("about:blank")
    return page


def open_link(page: Page, site: str, time: str) -> None:
    page.goto(f"{site}{PATH}?t={time}")
    page.evaluate(WATCH)
    # What was left is there: its address is the audio's.
    page.wait_for_function("() => window.player.audio.src && document.querySelector('main .star')")


def test_the_links_moment_is_the_one_to_play(site: str, returning: Page) -> None:
    page = returning
    open_link(page, site, "23")
    name = "Play from 0:23: Recap of AWS services"
    expect(page.locator("main").get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    sent = page.locator("main .sent")
    expect(sent).to_have_text("Recap of AWS services 0:23 of 1:00, 17 s until the next topic")
    expect(sent).to_be_in_viewport(ratio=1)
    page.wait_for_load_state("networkidle")
    expect(bar(page)).to_be_hidden()
    press_play(page, name)
    assert 23 <= page.evaluate("window.player.audio.currentTime") < 40


def test_elsewhere_the_bar_is_as_it_was_left(site: str, returning: Page) -> None:
    page = returning
    page.goto(site + PATH)
    expect(bar(page)).to_be_visible()
    open_link(page, site, "23")
    page.wait_for_load_state("networkidle")
    expect(bar(page)).to_be_hidden()
    page.get_by_role("link", name="Guests", exact=True).first.click()
    expect(bar(page)).to_be_visible()


def test_a_reload_goes_on(site: str, page: Page) -> None:
    page.locator("a.time", has_text="0:20").click()
    expect_playing(page)
    page.evaluate("window.player.audio.pause()")
    page.reload()
    expect(bar(page)).to_be_visible()
    expect(page.locator("main").get_by_role("button", name="Continue at 0:2").first).to_be_visible()


def test_what_sounds_goes_on(site: str, page: Page) -> None:
    press_play(page)
    page.get_by_role("link", name="Running in Production").first.click()
    page.locator(".moment > a").first.click()
    expect(page).to_have_url(re.compile(r"\?t=\d+$"))
    expect(page.locator("main .sent")).to_be_visible()
    expect(bar(page)).to_be_visible()
    assert page.evaluate("window.player.pauses") == 0


def test_the_dialog_of_a_clips_link_has_its_times(site: str, returning: Page) -> None:
    page = returning
    open_link(page, site, "23,31")
    page.locator("main").get_by_role("button", name="Share a clip").click()
    dialog = page.get_by_role("dialog", name="Share a clip")
    expect(dialog.get_by_label("Start", exact=True)).to_have_value("0:23")
    expect(dialog.get_by_label("End", exact=True)).to_have_value("0:31")
    expect(dialog.get_by_label("Link")).to_have_value(f"{site}{PATH}?t=23,31")
