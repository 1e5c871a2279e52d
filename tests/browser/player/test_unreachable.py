"""Audio that comes late: a busy server is asked again, and what plays at last is announced."""

import pytest
from playwright.sync_api import Page, expect

from media.views import streams
from tests.browser.player.playback import bar, button, expect_playing, press_play, status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_busy_server_is_asked_again(page: Page) -> None:
    taken = []
    while streams.acquire(blocking=False):
        taken.append(streams)
    try:
        page.locator("a.time", has_text="0:20").click()
        words = "Too many people are listening just now. Trying again"
        expect(bar(page).get_by_text(words)).to_be_visible()
        expect(status(page)).to_contain_text(words)
        expect(button(page, "Try again")).to_be_visible()
    finally:
        for each in taken:
            each.release()
    expect_playing(page)  # by itself
    expect(button(page, "Try again")).to_have_count(0)
    expect(status(page)).to_have_text("Playing")
    assert 20 <= page.evaluate("window.player.audio.currentTime") < 26


def test_what_plays_after_another_try_is_announced(page: Page) -> None:
    page.route("**/audio/*", lambda route: route.abort())
    page.locator("a.time", has_text="0:05").click()
    expect(status(page)).to_have_text("The audio can't be reached")
    page.unroute("**/audio/*")
    button(page, "Try again").click()
    expect_playing(page)
    expect(status(page)).to_have_text("Playing")


def test_nothing_is_announced_for_what_plays_at_once(page: Page) -> None:
    press_play(page)
    expect(status(page)).to_have_text("Playing Episode 9")
