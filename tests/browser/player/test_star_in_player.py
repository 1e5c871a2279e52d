"""The star in the player: pressed while a starred moment plays, and its note is the next stop."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.player.playback import (
    PATH,
    WATCH,
    bar,
    button,
    expect_playing,
    status,
)
from tests.browser.player.test_my_moments import press, rows, star, stored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_second_press_takes_the_star_away(page: Page) -> None:
    page.locator("a.time", has_text="0:20").click()
    expect_playing(page)
    pressed = button(page, "Star this moment")
    expect(pressed).to_have_attribute("aria-pressed", "false")
    pressed.click()
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(status(page)).to_have_text("Added to My moments")
    page.evaluate("window.player.audio.currentTime = 20.9")
    page.wait_for_function("() => window.player.audio.currentTime > 21")  # seconds later
    pressed.click()
    expect(pressed).to_have_attribute("aria-pressed", "false")
    expect(status(page)).to_have_text("Removed from My moments")
    assert stored(page) == []


def test_it_shows_what_the_page_starred_until_the_topic_ends(page: Page) -> None:
    press(star(page))  # 0:20, until 0:40
    page.locator("a.time", has_text="0:20").click()
    expect_playing(page)
    pressed = button(page, "Star this moment")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    page.evaluate("window.player.audio.currentTime = 41")
    expect(pressed).to_have_attribute("aria-pressed", "false")
    button(page, "−15 seconds").click()
    expect(pressed).to_have_attribute("aria-pressed", "true")
    press(star(page), "false")
    expect(pressed).to_have_attribute("aria-pressed", "false")


def test_the_note_is_the_next_stop(page: Page) -> None:
    page.locator("a.time", has_text="0:20").click()
    expect_playing(page)
    button(page, "Star this moment").press("Enter")
    note = bar(page).get_by_role("textbox", name="Note")
    expect(note).to_be_in_viewport(ratio=1)
    expect(button(page, "Star this moment")).to_be_focused()
    page.keyboard.press("Tab")
    expect(note).to_be_focused()
    page.keyboard.press("Escape")
    expect(button(page, "Star this moment")).to_be_focused()


def test_the_page_of_moments_has_room_for_notes_and_names_each_undo(site: str, page: Page) -> None:
    press(star(page, "0:05 Early days"))
    press(star(page))
    page.goto(site + "/moments")
    note = page.get_by_role("textbox", name="Note on 0:20").bounding_box()
    assert note is not None and note["width"] >= 250  # of 390
    for name in ("0:20 Recap of AWS services", "0:05 Early days"):
        page.get_by_role("button", name=f"Remove {name}").click()
        undo = page.get_by_role("button", name=f"Undo removing {name}", exact=True)
        expect(undo).to_be_focused()


def test_blocked_storage_is_told_on_the_page_of_moments(site: str, page: Page) -> None:
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full') }")
    page.goto(site + "/moments")
    expect(page.get_by_text("This browser can't store moments")).to_be_visible()
    expect(page.get_by_text("Nothing here yet.")).to_have_count(0)


def test_a_moment_before_the_first_topic_names_its_episode_once(page: Page) -> None:
    page.locator("main .listen [data-play]").first.click()
    expect_playing(page)
    button(page, "Star this moment").click()
    expect(status(page)).to_have_text("Added to My moments")
    page.goto(re.sub(r"/podcast/.*", "/moments", page.url))
    expect(rows(page)).to_have_text(re.compile(r"^\s*0:0\d\s+Episode 9\s+\d{4}-\d\d-\d\d"))


def test_an_imported_moment_of_no_episode_says_so(site: str, page: Page) -> None:
    page.goto(site + "/moments")
    page.evaluate(WATCH)
    page.get_by_text("Import moments").click()
    links = f"- [1:00 x](https://elsewhere.example/podcast/1-x?t=60)\n- [0:05 y]({site}{PATH}?t=5)"
    page.get_by_label("Or its text").fill(links)
    page.get_by_role("button", name="Import", exact=True).click()
    missing = "Its episode isn't on this site any more"
    expect(rows(page).filter(has_text="x")).to_contain_text(missing)
    expect(rows(page).filter(has_text="0:05")).not_to_contain_text(missing)
