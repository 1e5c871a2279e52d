"""“Up next” and the way through the queue: what is announced, what stays, where the focus is."""

import re

import pytest
from playwright.sync_api import Page, expect

from episodes.models import Episode
from pages.tests.factories import full_episode
from tests.browser.player.playback import (
    PATH,
    WATCH,
    bar,
    button,
    expect_playing,
    press_play,
    status,
    with_audio,
)
from tests.browser.player.test_queue import (
    QUESTION,
    expect_waiting,
    many_answers,
    open_queue,
    waiting,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def play_answers(site: str, page: Page, count: int = 4) -> None:
    """Four answers, the first three from 0:03 to 0:30."""
    Episode.objects.filter(number__lt=9).delete()
    for number in (10, 11, 12):
        topics = [(3, f"Best tips? Rest {number}"), (30, "More")]
        with_audio(full_episode(number, topics=topics, seconds=60))
    page.goto(site + QUESTION)
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text(f"Answer 1 of {count}")


def test_each_step_is_announced(site: str, page: Page) -> None:
    play_answers(site, page)
    open_queue(page)
    labels = waiting(page)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(status(page)).to_have_text(f"Answer 2 of 4: {labels[1]}")
    button(page, "Next answer").click()
    expect(status(page)).to_have_text(f"Answer 3 of 4: {labels[2]}")
    button(page, "Previous answer").click()
    expect(status(page)).to_have_text(f"Answer 2 of 4: {labels[1]}")
    page.keyboard.press("p")
    expect(status(page)).to_have_text(f"Answer 1 of 4: {labels[0]}")
    for _ in range(3):
        page.keyboard.press("n")
    expect(bar(page)).to_contain_text("Answer 4 of 4")
    page.keyboard.press("n")
    expect(status(page)).to_have_text("This is the last answer")
    expect(bar(page)).to_contain_text("Answer 4 of 4")


def test_the_last_chapter_says_so(page: Page) -> None:
    page.locator("a.time", has_text="0:40").click()
    expect_playing(page)
    expect(bar(page).get_by_role("link", name="Best tips? Ship early")).to_be_visible()
    button(page, "Next chapter").click()
    expect(status(page)).to_have_text("This is the last chapter")


def test_what_waits_before_a_played_one_waits_on(site: str, page: Page) -> None:
    for topic in ("0:05 Early days", "0:20 Recap of AWS services", "0:40 Best tips? Ship early"):
        page.get_by_role("button", name=f"Add {topic} to the queue").click()
        expect(status(page)).to_contain_text("Added")
    page.goto(site + "/podcast/")
    page.evaluate(WATCH)
    page.get_by_role("button", name="Add Episode 3 to the queue").click()
    open_queue(page)
    before = waiting(page)
    page.locator("#up-next").get_by_role("button", name=f"Play {before[2]}").click()
    expect_playing(page)
    expect_waiting(page, [before[2], before[0], before[1], before[3]])
    page.locator("#up-next").get_by_role("button", name=f"Play {before[1]}").click()
    expect(page.locator("#up-next li[data-sounds]")).to_contain_text("Recap of AWS services")
    expect_waiting(page, [before[1], before[0], before[3]])
    page.keyboard.press("Escape")
    page.goto(site + PATH)
    page.evaluate(WATCH)
    page.locator("a.time", has_text="0:40").click()  # it was passed
    expect(bar(page)).to_contain_text("Item 1 of 4")


def test_one_of_the_list_leaves_what_was_added(site: str, page: Page) -> None:
    page.get_by_role("button", name="Add 0:05 Early days to the queue").click()
    expect(status(page)).to_contain_text("Added")
    play_answers(site, page, 5)
    open_queue(page)
    before = waiting(page)
    assert before[-1] == "0:05 Early days"
    for _ in range(3):
        page.get_by_role("button", name="Move up 0:05 Early days").click()
    expect(page.locator("#up-next li span[dir]").nth(1)).to_have_text("0:05 Early days")
    page.keyboard.press("Escape")
    page.locator("main .moment .play").nth(2).click()  # the third of the list
    expect_playing(page)
    open_queue(page)
    expect_waiting(page, [before[2], "0:05 Early days", before[3]])


def test_the_focus_stays_while_the_queue_goes_on(site: str, page: Page) -> None:
    play_answers(site, page)
    open_queue(page)
    last = waiting(page)[-1]
    page.get_by_role("button", name=f"Remove {last}").focus()
    page.evaluate("window.player.audio.currentTime = 29.9")
    expect(bar(page)).to_contain_text("Answer 2 of 4", timeout=20_000)
    expect(page.get_by_role("button", name=f"Remove {last}")).to_be_focused()
    page.locator("#up-next form button").focus()
    page.evaluate("window.player.audio.currentTime = 29.9")
    expect(bar(page)).to_contain_text("Answer 3 of 4", timeout=20_000)
    expect(page.locator("#up-next form button")).to_be_focused()


@pytest.mark.parametrize("opener", ["Up next", "Share a clip", "Keyboard shortcuts"])
def test_more_has_the_focus_after_its_dialogs(page: Page, opener: str) -> None:
    press_play(page)
    bar(page).get_by_text("More", exact=True).click()
    button(page, opener).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(bar(page).locator("summary")).to_be_focused()
    expect(button(page, opener)).to_have_count(0)


@pytest.mark.parametrize("opener", ["Up next", "Share a clip", "Keyboard shortcuts"])
def test_a_press_beside_a_dialog_closes_it(page: Page, opener: str) -> None:
    press_play(page)
    bar(page).get_by_text("More", exact=True).click()
    button(page, opener).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    box = dialog.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 8, box["y"] + 8)  # on its edge, inside
    expect(dialog).to_be_visible()
    page.mouse.click(2, 2)
    expect(dialog).to_have_count(0)


def test_an_added_moment_shows_it(page: Page) -> None:
    """The tick takes the icon's place, so that nothing is squeezed."""
    add = page.get_by_role("button", name=re.compile("^Add Episode 9"))
    before = add.bounding_box()
    add.click()
    expect(status(page)).to_contain_text("Added")
    expect(add.locator("svg")).to_be_hidden()
    assert add.bounding_box() == before


def test_tab_goes_from_the_star_to_the_note_to_the_queue(page: Page) -> None:
    page.get_by_role("button", name="Star 0:20 Recap of AWS services").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Note")).to_be_visible()
    names = []
    for _ in range(4):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate("""() => {
          const each = document.activeElement;
          return each.getAttribute("aria-label") ?? (each.labels?.[0] ?? each).textContent.trim();
        }""")
        )
    assert names[0].startswith("Note")
    assert names[1:] == ["Save", "My moments", "Add 0:20 Recap of AWS services to the queue"]
    star, add = (
        page.get_by_role("button", name=name).bounding_box()
        for name in ("Star 0:20 Recap of AWS", "Add 0:20 Recap of AWS")
    )
    assert star is not None and add is not None
    assert star["x"] < add["x"]  # the order that is seen


def test_counts_are_those_of_what_waits(site: str, page: Page) -> None:
    many_answers()
    page.goto(site + QUESTION)
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 106")
    open_queue(page)
    for _ in range(2):
        page.locator("#up-next").get_by_role("button", name=re.compile("^Remove")).nth(3).click()
    expect(bar(page)).to_contain_text("Answer 1 of 104")
    page.locator("#up-next").get_by_role("button", name=re.compile("^Undo")).click()
    expect(bar(page)).to_contain_text("Answer 1 of 105")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#up-next")).to_contain_text("Removed: 104 items")


def test_the_focus_stays_in_the_player_after_clearing(site: str, page: Page) -> None:
    page.get_by_role("button", name="Add 0:40 Best tips? Ship early to the queue").click()
    open_queue(page)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Nothing is waiting.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Up next")).to_be_hidden()
    expect(bar(page).locator(".more summary")).to_be_focused()
