"""The sleep timer: it is seen from the closed bar, and a reload doesn't end it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.player.playback import (
    PATH,
    WATCH,
    bar,
    button,
    expect_playing,
    position,
    press_play,
    status,
)
from tests.browser.player.test_queue import QUESTION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def summary(page: Page) -> Locator:
    return bar(page).locator(".more summary")


def set_timer(page: Page, choice: str) -> None:
    bar(page).get_by_text("More", exact=True).click()
    bar(page).get_by_label("Sleep timer").select_option(choice)
    page.keyboard.press("Escape")


def test_what_is_left_is_shown_and_survives_a_reload(site: str, page: Page) -> None:
    page.clock.install()
    page.goto(site + PATH)
    page.evaluate(WATCH)
    press_play(page)
    expect(summary(page)).to_have_accessible_name("More player options")
    set_timer(page, "15 minutes")
    expect(summary(page)).to_contain_text("Sleep 15 min")
    name = "More player options, pauses in 15 minutes"
    expect(summary(page)).to_have_accessible_name(name)
    page.clock.run_for(4 * 60_000)
    expect(summary(page)).to_contain_text("Sleep 11 min")
    page.reload()
    page.evaluate(WATCH)
    expect(summary(page)).to_contain_text("Sleep 11 min")
    expect(bar(page).get_by_label("Sleep timer")).to_have_value("15")
    button(page, "Play").click()
    expect_playing(page)
    page.clock.fast_forward(11 * 60_000 + 1000)
    page.wait_for_function("() => window.player.audio.paused")
    page.clock.run_for(500)
    expect(status(page)).to_have_text("Paused by the sleep timer")
    expect(summary(page)).to_have_accessible_name("More player options")
    page.reload()
    expect(summary(page)).to_have_accessible_name("More player options")


def test_it_is_over_if_it_runs_out_while_nothing_plays(site: str, page: Page) -> None:
    page.clock.install()
    page.goto(site + PATH)
    page.evaluate(WATCH)
    press_play(page)
    set_timer(page, "15 minutes")
    page.keyboard.press("k")
    page.clock.fast_forward("16:00")
    expect(summary(page)).to_have_accessible_name("More player options")
    page.keyboard.press("k")
    expect_playing(page)
    page.wait_for_function("at => window.player.audio.currentTime > at + 1", arg=position(page))
    assert not page.evaluate("window.player.audio.paused")


def test_the_end_of_the_chapter_survives_a_reload(site: str, page: Page) -> None:
    page.locator("a.time", has_text="0:05").click()
    expect_playing(page)
    set_timer(page, "End of chapter")
    expect(summary(page)).to_contain_text("End of chapter")
    page.keyboard.press("k")
    page.reload()
    page.evaluate(WATCH)
    expect(summary(page)).to_contain_text("End of chapter")
    button(page, "Play").click()
    expect_playing(page)
    page.evaluate("window.player.audio.currentTime = 19")
    page.wait_for_function("() => window.player.audio.paused")
    assert 20 <= position(page) < 21


def test_in_a_queue_it_is_the_end_of_an_answer(site: str, page: Page) -> None:
    page.goto(site + QUESTION)
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 4")
    set_timer(page, "End of answer")
    expect(summary(page)).to_contain_text("End of answer")
    page.evaluate("window.player.audio.currentTime = 58")
    page.wait_for_function("() => window.player.audio.paused")
    expect(status(page)).to_have_text("Paused by the sleep timer")
    expect(bar(page)).to_contain_text("Answer 1 of 4")


@pytest.mark.parametrize("is_reloaded", [False, True])
def test_a_timer_that_ran_out_during_a_pause_is_told(
    site: str, page: Page, is_reloaded: bool
) -> None:
    page.clock.install()
    page.goto(site + PATH)
    page.evaluate(WATCH)
    press_play(page)
    set_timer(page, "15 minutes")
    page.keyboard.press("k")
    page.wait_for_function("() => window.player.audio.paused")
    page.clock.fast_forward("16:00")
    if is_reloaded:
        page.reload()
        page.evaluate(WATCH)
    expect(summary(page)).to_contain_text("Sleep over")
    page.keyboard.press("k")
    expect_playing(page)
    page.clock.run_for(500)
    expect(status(page)).to_have_text("The sleep timer is over")
