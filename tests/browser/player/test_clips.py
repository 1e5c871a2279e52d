"""A clip plays from its start to its end, in the page, in the embedded player, without scripts."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe
from tests.browser.player.playback import (
    LATE,
    PATH,
    WATCH,
    bar,
    button,
    expect_playing,
    expect_stopped_at,
    full_speed,
    position,
    press_play,
    status,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAY_CLIP = "Play 0:20 to 0:23: Recap of AWS services"


def open_clip(page: Page, address: str = "?t=20,23") -> None:
    page.goto(re.sub(r"[?#].*", "", page.url) + address)
    page.reload()  # of the same page, a fragment is only gone to
    page.evaluate(WATCH)


@pytest.mark.parametrize("address", ["?t=20,23", "?t=0:20,0:23", "#t=20,23"])
def test_a_clip_stops_at_its_end_and_says_so(page: Page, address: str) -> None:
    open_clip(page, address)
    press_play(page, PLAY_CLIP)
    assert 20 <= position(page) < 22
    expect(bar(page)).to_contain_text("Clip until 0:23")
    full_speed(page)
    expect_stopped_at(page, 23)
    expect(bar(page)).to_contain_text("The clip ended at 0:23")
    expect(status(page)).to_have_text("The clip ended at 0:23")
    button(page, "Play").click()  # goes on with one press
    expect_playing(page)
    page.wait_for_function("() => window.player.audio.currentTime > 24.5")
    assert not page.evaluate("window.player.audio.paused")
    expect(bar(page).locator("[data-shows=clip]")).to_be_hidden()


@pytest.mark.parametrize("speed", ["0.5", "3"])
def test_it_stops_in_time_at_any_speed(page: Page, speed: str) -> None:
    open_clip(page)
    press_play(page, PLAY_CLIP)
    page.evaluate("window.player.audio.currentTime = 22")
    bar(page).get_by_label("Speed").select_option(speed)
    full_speed(page)
    expect_stopped_at(page, 23)


def test_it_stops_on_another_page_as_well(page: Page) -> None:
    open_clip(page)
    press_play(page, PLAY_CLIP)
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Episodes").click()
    expect(page).to_have_url(re.compile("/podcast/$"))
    full_speed(page)
    expect_stopped_at(page, 23)


@pytest.mark.parametrize("own", [True, False])
def test_it_stops_after_a_reload(page: Page, own: bool) -> None:
    open_clip(page)
    press_play(page, PLAY_CLIP)
    expect(bar(page)).to_contain_text("Clip until 0:23")
    page.keyboard.press("k")
    page.reload()
    page.evaluate(WATCH)
    expect(bar(page)).to_contain_text("Clip until 0:23")
    (page.locator("main [data-end]") if own else button(page, "Play")).click()
    full_speed(page)
    expect_stopped_at(page, 23)


def test_who_goes_beyond_it_leaves_it(page: Page) -> None:
    open_clip(page)
    press_play(page, PLAY_CLIP)
    button(page, "−15 seconds").click()
    expect(bar(page)).to_contain_text("Clip until 0:23")
    button(page, "+30 seconds").click()
    expect(bar(page)).not_to_contain_text("Clip")
    page.wait_for_timeout(500)
    assert not page.evaluate("window.player.audio.paused")
    assert position(page) > 34


def test_another_moment_leaves_it(page: Page) -> None:
    open_clip(page)
    press_play(page, PLAY_CLIP)
    page.locator("a.time", has_text="0:05").click()
    expect(bar(page)).not_to_contain_text("Clip")
    full_speed(page)
    page.evaluate("window.player.audio.currentTime = 22")
    page.wait_for_function("() => window.player.audio.currentTime > 24")
    assert not page.evaluate("window.player.audio.paused")


def test_without_javascript_it_is_a_plain_page_with_both_times(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{PATH}?t=0:20,0:23")
    expect(page).to_have_url(f"{site}{PATH}?t=20,23")
    expect(page).to_have_title(re.compile("^0:20–0:23: Recap of AWS services · Episode 9"))
    link = page.get_by_role("link", name=PLAY_CLIP)
    expect(link).to_have_attribute("href", re.compile(r"\.mp3#t=20,23$"))
    audio = page.locator("main audio")
    expect(audio).to_have_attribute("src", re.compile(r"\.mp3#t=20,23$"))
    audio.evaluate("audio => { audio.muted = true; return audio.play() }")
    audio.evaluate("audio => { audio.playbackRate = 0.5 }")  # a slow machine stops late
    while not audio.evaluate("audio => audio.paused"):  # the page itself waits for nothing
        page.wait_for_timeout(100)
    assert 23 <= audio.evaluate("audio => audio.currentTime") <= 23 + LATE
    context.close()


def test_the_embedded_player_stops_and_says_so(site: str, browser_page: Page) -> None:
    page = browser_page
    page.goto(f"{site}{PATH}/embed?t=20,23")
    expect(page.get_by_text("A clip, 0:20 to 0:23: Recap of AWS services")).to_be_visible()
    audio = page.locator("audio")
    audio.evaluate("audio => { audio.muted = true; return audio.play() }")
    audio.evaluate("audio => { audio.playbackRate = 0.5 }")  # a slow machine stops late
    page.wait_for_function("() => document.querySelector('audio').currentTime > 22")
    page.wait_for_function("() => document.querySelector('audio').paused")
    assert 23 <= audio.evaluate("audio => audio.currentTime") <= 23 + LATE
    expect(page.get_by_role("status")).to_have_text("The clip has ended. Play continues from here.")
    assert axe.run(page) == []
    audio.evaluate("audio => { audio.playbackRate = 1; return audio.play() }")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 24.5")
    expect(page.get_by_role("status")).to_have_text("")
    page.get_by_role("link", name="0:05 Early days").click()  # a chapter isn't the clip
    audio.evaluate("audio => { audio.currentTime = 22.5 }")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 24")
    assert not audio.evaluate("audio => audio.paused")


def test_the_clip_and_its_episode_have_buttons_of_different_names(page: Page) -> None:
    """Also after a reload, and the clip can be heard anew."""
    open_clip(page)
    press_play(page, PLAY_CLIP)
    page.evaluate("window.player.audio.currentTime = 20.9")
    page.wait_for_function("() => window.player.audio.currentTime > 21")
    page.keyboard.press("k")
    buttons = page.locator("main .listen button:visible:not(.star, .enqueue)")
    names: list[str | re.Pattern[str]]
    names = [re.compile(r"^\s*Continue clip at 0:2[12]$"), "Clip from its start"]
    expect(buttons).to_have_text(names)
    page.reload()
    page.evaluate(WATCH)
    expect(buttons).to_have_text(names)
    buttons.nth(1).click()
    expect_playing(page)
    assert 20 <= position(page) < 21.5
    expect(bar(page)).to_contain_text("Clip until 0:23")
    expect_stopped_at(page, 23)
    expect(buttons).to_have_text([PLAY_CLIP])  # the episode as such hasn't been heard
    button(page, "Play").click()  # it goes on
    expect_playing(page)
    page.wait_for_function("() => window.player.audio.currentTime > 24.5")
    assert not page.evaluate("window.player.audio.paused")


def test_the_bar_says_what_is_left_of_the_clip(page: Page) -> None:
    open_clip(page, "?t=20,39")
    press_play(page, "Play 0:20 to 0:39: Recap of AWS services")
    left = bar(page).locator("[data-shows=left]")
    expect(left).to_have_text(re.compile(r"^0:1\d left$"))
    page.locator("a.time", has_text="0:05").click()
    expect(left).to_have_text(re.compile(r"^0:5\d left$"))


@pytest.mark.parametrize("width", [390, 1280])
def test_pressing_a_clip_moves_nothing(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    open_clip(page)
    star = page.locator("main .listen .star")
    expect(star).to_be_visible()
    star_box, big = star.bounding_box(), page.locator("main .listen [data-end]").bounding_box()
    assert star_box is not None and big is not None
    assert star_box["height"] == star_box["width"]  # not as tall as the clip's button
    assert big["height"] <= 80
    top = "document.querySelector('main h2').getBoundingClientRect().top"
    before = page.evaluate(top)
    press_play(page, PLAY_CLIP)
    expect(page.locator("main .listen [data-end]")).to_have_text("Pause")
    assert abs(page.evaluate(top) - before) < 1  # pixel
    expect_stopped_at(page, 23)
    expect(page.locator("main .listen [data-end]")).to_have_text(PLAY_CLIP)
