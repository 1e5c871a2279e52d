"""A note beside its star: every keystroke stays, a reload shows it, and a slip can be undone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.player.playback import status
from tests.browser.player.test_my_moments import RECAP, press, star, stored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_keystroke_stays_and_a_reload_shows_the_note(page: Page) -> None:
    press(star(page))
    note = page.get_by_role("textbox", name="Note")
    note.press_sequentially("half typed")
    expect(note).to_be_focused()
    assert [each["note"] for each in stored(page)] == ["half typed"]
    page.reload()
    expect(page.locator("main .topics")).to_contain_text("half typed")
    page.get_by_role("button", name=f"Edit the note on {RECAP}").click()
    expect(note).to_be_focused()
    expect(note).to_have_value("half typed")
    note.press_sequentially(" note")
    note.press("Enter")
    expect(page.locator("main .topics")).to_contain_text("half typed note")


def test_a_star_taken_away_with_its_note_can_be_had_back(page: Page) -> None:
    press(star(page))
    page.get_by_role("textbox", name="Note").fill("precious")
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("Note saved")
    page.reload()
    press(star(page), "false")
    assert stored(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(star(page)).to_have_attribute("aria-pressed", "true")
    expect(star(page)).to_be_focused()
    expect(page.locator("main .topics")).to_contain_text("precious")
    assert [each["note"] for each in stored(page)] == ["precious"]
