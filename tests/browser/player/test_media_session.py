"""Media Session: media keys, lock screens."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from episodes.models import Episode
from tests.browser.player.playback import (
    PATH,
    WATCH,
    bar,
    expect_playing,
    position,
    press_play,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_media_session(site: str, browser_page: Page) -> None:
    browser_page.add_init_script("""
      window.handlers = {};
      const set = MediaSession.prototype.setActionHandler;
      MediaSession.prototype.setActionHandler = function (name, act) {
        window.handlers[name] = act;
        return set.call(this, name, act);
      };
    """)
    page = browser_page
    page.goto(f"{site}{PATH}?t=20")
    page.evaluate(WATCH)
    press_play(page)
    expect(bar(page).get_by_role("link", name="Recap of AWS services")).to_be_visible()
    page.wait_for_function("() => window.handlers.nexttrack && navigator.mediaSession.metadata")
    shown = page.evaluate("""() => {
      const { title, artist, album, artwork } = navigator.mediaSession.metadata;
      return [title, artist, album, artwork.length, navigator.mediaSession.playbackState];
    }""")
    assert shown == ["Recap of AWS services", "Running in Production", "Episode 9", 1, "playing"]
    for action, low, high in [("nexttrack", 40, 43), ("seekbackward", 25, 30),
                              ("previoustrack", 20, 24), ("seekforward", 50, 56)]:  # fmt: skip
        page.evaluate("action => window.handlers[action]({ action })", action)
        assert low <= position(page) < high
    page.evaluate("window.handlers.seekto({ action: 'seekto', seekTime: 12 })")
    assert 12 <= position(page) < 15
    page.evaluate("window.handlers.pause({ action: 'pause' })")
    page.wait_for_function("() => navigator.mediaSession.playbackState === 'paused'")


def test_a_cover_that_cannot_be_loaded_leaves_the_drawn_one(site: str, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.route("https://example.org/**", lambda route: route.abort())
    press_play(page)
    cover = bar(page).locator(".cover")
    expect(cover).to_have_attribute("src", "https://example.org/artwork.png")
    expect(cover).to_have_js_property("naturalWidth", 0)
    drawn = cover.evaluate("each => getComputedStyle(each, '::after').backgroundImage")
    assert "artwork" in drawn
    assert cover.evaluate("each => getComputedStyle(each).position") == "relative"


def test_media_session_shows_an_episodes_own_picture(site: str, page: Page) -> None:
    artwork = "navigator.mediaSession.metadata?.artwork[0].src"
    press_play(page)
    page.wait_for_function(f"() => {artwork} === 'https://example.org/artwork.png'")
    Episode.objects.filter(number=9).update(image_url="https://example.org/own.jpg")
    cache.clear()
    for path in [PATH, "/questions/best-tips"]:
        page.goto(site + path)
        page.evaluate(WATCH)
        page.locator(f"main [data-play='{PATH}']").first.click()
        expect_playing(page)
        page.wait_for_function(f"() => {artwork} === 'https://example.org/own.jpg'")
