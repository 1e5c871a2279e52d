"""The place in an episode: only what plays as the episode moves it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.player.playback import (
    PATH,
    WATCH,
    bar,
    button,
    expect_playing,
    press_play,
    status,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUESTION = "/questions/best-tips"
CONTINUE = re.compile(r"^Continue at 0:1[0-4]")


def begin(page: Page, seconds: int = 10) -> None:
    """Play the episode to these seconds or a little later."""
    press_play(page)
    page.evaluate("at => { window.player.audio.currentTime = at + 0.5 }", seconds)
    page.wait_for_function("at => window.player.audio.currentTime > at + 0.6", arg=seconds)
    page.keyboard.press("k")
    page.wait_for_function("() => window.player.audio.paused")


def expect_place(page: Page, site: str) -> None:
    """In its page, while the player is open, after a reload, and when it is closed."""
    page.goto(site + PATH)
    expect(page.locator("main").get_by_role("button", name=CONTINUE)).to_be_visible()
    button(page, "Close the player").click()
    expect(page.locator("main").get_by_role("button", name=CONTINUE)).to_be_visible()


def test_an_answer_in_a_list_leaves_the_place(site: str, page: Page) -> None:
    begin(page)
    page.goto(site + QUESTION)
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 4")
    page.wait_for_function("() => window.player.audio.currentTime > 40.5")
    page.keyboard.press("k")
    page.wait_for_function("() => window.player.audio.paused")
    expect_place(page, site)


def test_one_answer_leaves_the_place_until_one_hears_on(site: str, page: Page) -> None:
    begin(page, 25)
    page.goto(site + "/search?q=early")
    page.evaluate(WATCH)
    press_play(page, "Play 0:05 Early days")
    page.evaluate("window.player.audio.currentTime = 19")
    page.wait_for_function("() => window.player.audio.currentTime > 19.1")
    page.goto(site + PATH)
    place = page.locator("main").get_by_role("button", name=re.compile("^Continue at 0:2[5-9]"))
    expect(place).to_be_visible()
    page.evaluate(WATCH)
    button(page, "Play").click()  # the answer goes on
    expect_playing(page)
    page.evaluate("window.player.audio.currentTime = 31")
    page.wait_for_function("() => window.player.audio.currentTime > 31.1")
    button(page, "Close the player").click()
    expect(page.locator("main").get_by_role("button", name="Continue at 0:31")).to_be_visible()


def test_a_clip_leaves_the_place(site: str, page: Page) -> None:
    begin(page)
    page.goto(f"{site}{PATH}?t=30,34")
    page.evaluate(WATCH)
    press_play(page, re.compile("^Play 0:30 to 0:34"))
    page.evaluate("window.player.audio.currentTime = 33.9")
    expect(status(page)).to_have_text("The clip ended at 0:34")
    expect_place(page, site)


def test_adding_to_the_queue_changes_no_place(site: str, page: Page) -> None:
    add = page.get_by_role("button", name="Add 0:40 Best tips? Ship early to the queue")
    play = page.locator("main").get_by_role("button", name="Play Episode 9")
    add.click()
    expect(bar(page)).to_contain_text("Up next: 1")
    for _ in range(2):
        expect(play).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("^Continue"))).to_have_count(0)
        page.reload()
        page.evaluate(WATCH)
        expect(bar(page)).to_contain_text("Up next: 1")
    begin(page)  # the episode, not what was added
    expect(bar(page)).to_contain_text("Up next: 1")
    button(page, "Close the player").click()
    page.reload()
    page.evaluate(WATCH)
    page.get_by_role("button", name="Add 0:20 Recap of AWS services to the queue").click()
    expect(bar(page)).to_contain_text("Up next: 2")
    expect_place(page, site)
