"""axe's rules and the size of targets in states that the other tests leave out."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from media.views import streams
from tests.browser.axe import WIDTHS, violations
from tests.browser.player.playback import PATH, WATCH, bar, button, press_play
from tests.browser.player.test_my_moments import SMALL
from tests.browser.player.test_queue import QUESTION, open_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate(WATCH)


def player_states(page: Page, site: str) -> Iterator[str]:
    open_page(page, f"{site}{PATH}?t=20,39")
    yield "a clip is offered"
    press_play(page, re.compile("^Play 0:20 to"))
    expect(bar(page)).to_contain_text("Clip until 0:39")
    yield "a clip plays"
    button(page, "Play").click()
    expect(page.get_by_role("button", name=re.compile("^Continue clip"))).to_be_visible()
    yield "a clip is paused"
    button(page, "Star this moment").click()
    expect(bar(page).get_by_role("textbox", name="Note")).to_be_visible()
    yield "the player's star is pressed"
    page.keyboard.press("Escape")
    button(page, "Play").click()
    page.evaluate("window.player.audio.currentTime = 38.8")
    expect(bar(page)).to_contain_text("The clip ended")
    yield "a clip has ended"
    bar(page).get_by_text("More", exact=True).click()
    bar(page).get_by_label("Sleep timer").select_option("end")
    page.keyboard.press("Escape")
    yield "the sleep timer is set, More is closed"
    page.evaluate("""() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }""")
    page.keyboard.press("c")
    expect(bar(page).get_by_label("Text to copy")).to_be_visible()
    yield "a link to copy by hand"


def busy_states(page: Page, site: str) -> Iterator[str]:
    taken = []
    while streams.acquire(blocking=False):
        taken.append(streams)
    try:
        open_page(page, site + PATH)
        page.locator("a.time", has_text="0:20").click()
        expect(bar(page).get_by_text("Too many people")).to_be_visible()
        yield "the server is busy"
    finally:
        for each in taken:
            each.release()


def queue_states(page: Page, site: str) -> Iterator[str]:
    open_page(page, site + PATH)
    page.get_by_role("button", name="Add 0:20 Recap of AWS services to the queue").click()
    expect(bar(page).locator("[data-shows=answer]")).to_have_text(re.compile("Up next: "))
    yield "an added moment waits"
    open_page(page, site + QUESTION)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text(re.compile("Answer 1"))
    page.keyboard.press("k")
    yield "a queue is paused"
    open_queue(page)
    page.get_by_role("button", name=re.compile("^Remove ")).nth(1).click()
    yield "one was removed"
    page.get_by_role("button", name=re.compile("^Undo")).click()
    page.get_by_role("button", name="Clear").click()
    yield "all were removed"


def moments_states(page: Page, site: str) -> Iterator[str]:
    page.goto(site + "/moments")
    page.get_by_text("Import moments").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("There are no moments in it.")).to_be_visible()
    yield "nothing to import"
    links = f"- [0:05 Gone]({site}/podcast/99-gone?t=5)\n- [0:20 Here]({site}{PATH}?t=20)"
    page.get_by_label("Or its text").fill(links)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Its episode isn't on this site")).to_be_visible()
    yield "imported, one without its episode"
    page.evaluate(WATCH)
    press_play(page, "Play 0:20 Here")
    yield "a moment plays"


def blocked_states(page: Page, site: str) -> Iterator[str]:
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full') }")
    page.goto(site + "/moments")
    expect(page.get_by_text("This browser can't store moments")).to_be_visible()
    yield "no storage"
    page.goto(site + PATH)
    page.get_by_role("button", name="Star 0:20 Recap of AWS services").click()
    expect(page.locator("main .star-note")).to_contain_text("can't store it")
    yield "a star can't be stored"


@pytest.mark.parametrize(
    "states", [player_states, busy_states, queue_states, moments_states, blocked_states]
)
def test_axe_finds_nothing(
    site: str, browser_page: Page, states: Callable[[Page, str], Iterator[str]]
) -> None:
    found: list[str] = []
    for state in states(browser_page, site):
        found += violations(browser_page, state)
        for width in WIDTHS:
            browser_page.set_viewport_size({"width": width, "height": 844})
            found += [f"{state}, {width}, small: {each}" for each in browser_page.evaluate(SMALL)]
            if browser_page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{state}, {width}, wide")
    assert found == []
