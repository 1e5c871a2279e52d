"""The player bar: what it shows, and how pointer, keys and speech operate it."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import violations
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
from tests.browser.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_play_opens_the_player_and_leaves_the_focus(page: Page) -> None:
    expect(bar(page)).to_have_count(0)
    press_play(page)
    expect(bar(page)).to_be_in_viewport(ratio=1)
    expect(page.locator("main").get_by_role("button", name="Pause Episode 9")).to_be_focused()
    expect(button(page, "Play")).to_have_attribute("aria-pressed", "true")
    expect(bar(page).get_by_role("link", name="Episode 9")).to_have_attribute("href", PATH)
    button(page, "Play").click()
    expect(button(page, "Play")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.player.audio.paused")


def test_chapters_are_marked_and_stepped_through(page: Page) -> None:
    press_play(page)
    expect(bar(page).locator(".chapter-ticks i")).to_have_count(3)
    button(page, "Next chapter").click()
    expect(page.locator("#t-5")).to_have_attribute("aria-current", "true")
    button(page, "Next chapter").click()
    expect(bar(page).get_by_role("link", name="Recap of AWS services")).to_have_attribute(
        "href", f"{PATH}?t=20"
    )
    button(page, "Previous chapter").click()
    expect(page.locator("#t-5")).to_have_attribute("aria-current", "true")
    expect(page.locator("#t-20")).not_to_have_attribute("aria-current", "true")


def test_speed_is_remembered(site: str, page: Page) -> None:
    press_play(page)
    bar(page).get_by_label("Speed").select_option("1.5×")
    assert page.evaluate("window.player.audio.playbackRate") == 1.5
    page.goto(site + "/")
    page.goto(site + PATH)
    page.evaluate(WATCH)
    press_play(page)
    expect(bar(page).get_by_label("Speed")).to_have_value("1.5")
    assert page.evaluate("window.player.audio.playbackRate") == 1.5


def test_the_slider_seeks_by_pointer_and_keys(page: Page) -> None:
    press_play(page)
    slider = bar(page).get_by_role("slider", name="Position")
    expect(slider).to_have_attribute("max", "60")
    slider.click()  # its middle
    assert 29 <= position(page) < 33
    slider.press("ArrowRight")
    assert position(page) >= 59
    slider.press("ArrowLeft")
    slider.press("Home")
    assert position(page) < 2
    slider.press("Space")
    assert page.evaluate("window.player.audio.paused")


def test_loading_is_shown(page: Page) -> None:
    held: list[Route] = []
    page.route("**/audio/*", lambda route: held.append(route))
    page.locator("a.time", has_text="0:20").click()
    left = bar(page).locator("[data-shows=left]")
    expect(bar(page).locator(".chapter-ticks i")).to_have_count(
        3
    )  # nothing that comes later takes it away
    expect(left).to_have_text("Loading…")
    wait_until(page, lambda: held)
    held[0].continue_()
    expect(left).to_have_text(re.compile(r"^0:\d\d left$"))


@pytest.mark.parametrize("size", [(390, 300), (667, 375), (844, 390), (640, 450)])
def test_a_message_covers_nothing_focused(page: Page, size: tuple[int, int]) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.route("**/audio/*", lambda route: route.abort())
    play = page.locator("main .listen [data-play]").first
    play.press("Enter")
    expect(bar(page).get_by_text("can't be reached")).to_be_visible()
    expect(play).to_be_focused()
    page.wait_for_function("""() => {
      const [focused, bar] = [document.activeElement, document.getElementById("player")]
        .map((each) => each.getBoundingClientRect());
      return focused.top >= 0 && focused.bottom <= bar.top;
    }""")


@pytest.mark.parametrize("size", [(390, 844), (667, 375), (640, 450), (844, 390), (1280, 900)])
def test_the_slider_has_room(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    press_play(page)
    expect(bar(page).locator(".chapter-ticks i")).to_have_count(3)  # the bar has its height
    box = bar(page).get_by_role("slider", name="Position").bounding_box()
    assert box is not None and box["width"] >= 200
    bar_box = bar(page).bounding_box()
    assert bar_box is not None and bar_box["height"] <= size[1] / 3


def test_unreachable_audio_can_be_retried(site: str, page: Page) -> None:
    page.route("**/audio/*", lambda route: route.abort())
    page.locator("a.time", has_text="0:40").click()
    expect(bar(page).get_by_text("The audio of this episode can't be reached.")).to_be_visible()
    expect(status(page)).to_have_text("The audio can't be reached")
    expect(bar(page).get_by_role("link", name="Download the audio")).to_have_attribute(
        "href", "/audio/podcast-9.mp3"
    )
    expect(bar(page)).not_to_contain_text("NaN")
    expect(button(page, "Play")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("localStorage.getItem('positions')") is None
    page.unroute("**/audio/*")
    button(page, "Try again").click()
    expect(button(page, "Play")).to_be_focused()
    expect_playing(page)
    assert 40 <= position(page) < 43
    expect(button(page, "Try again")).to_have_count(0)


def test_closing_ends_it_and_gives_the_focus_back(page: Page) -> None:
    press_play(page)
    button(page, "Close the player").click()
    expect(bar(page)).to_have_count(0)
    expect(page.locator("main").get_by_role("button", name="Play Episode 9")).to_be_focused()
    expect(status(page)).to_have_text("Player closed")
    assert page.evaluate("window.player.audio.networkState") == 0


def test_the_skip_link_reaches_the_player(page: Page) -> None:
    expect(page.get_by_role("link", name="Skip to the player")).to_have_count(0)
    press_play(page)
    page.get_by_role("link", name="Skip to the player").press("Enter")
    expect(button(page, "Play")).to_be_focused()


def test_after_a_press_by_keyboard_the_next_stop_leads_to_the_player(page: Page) -> None:
    lead = page.locator("main").get_by_role("link", name="Skip to the player")
    play = page.locator("main").get_by_role("button", name="Play Episode 9")
    for pressed in (play, page.locator("a.time", has_text="0:20")):
        pressed.press("Enter")
        expect(lead).to_have_count(1)
        expect(bar(page)).to_be_visible()
        page.keyboard.press("Tab")
        expect(lead).to_be_focused()
        expect(lead).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        expect(button(page, "Play")).to_be_focused()
    button(page, "Close the player").press("Enter")
    expect(page.locator("main .skip[data-to-player]")).to_have_count(0)


def test_a_press_by_hand_adds_no_stop(page: Page) -> None:
    press_play(page)
    expect(bar(page)).to_be_visible()
    expect(page.locator("main .skip[data-to-player]")).to_have_count(0)


def test_the_player_covers_no_focused_element(page: Page) -> None:
    press_play(page)
    expect(bar(page).locator(".chapter-ticks i")).to_have_count(3)  # the bar has its height
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("link", name="Skip to the content").focus()
    hidden = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("""() => {
          const each = document.activeElement;
          if (each.closest("#player")) return null;
          const { bottom, left } = each.getBoundingClientRect();
          return [each.outerHTML.slice(0, 60), bottom,
            document.getElementById("player").getBoundingClientRect().top];
        }""")
        if focused is None:
            break
        if focused[1] > focused[2]:
            hidden.append(focused)
    assert hidden == []
    expect(bar(page).locator(":focus")).to_have_count(1)


@pytest.mark.parametrize("name", ["−15", "+30", "More"])
def test_accessible_names_start_with_the_visible_text(page: Page, name: str) -> None:
    press_play(page)
    shown = bar(page).get_by_text(name, exact=True)
    assert name in (shown.get_attribute("aria-label") or name)


def test_shortcuts_and_that_they_can_be_switched_off(site: str, page: Page) -> None:
    page.keyboard.press("k")  # nothing plays yet, so it does nothing
    assert page.evaluate("window.player.audio.paused")
    press_play(page)
    page.keyboard.press("l")
    assert 30 <= position(page) < 34
    page.keyboard.press("k")
    assert page.evaluate("window.player.audio.paused")
    expect(status(page)).to_have_text(re.compile(r"^Paused at 0:3\d$"))
    page.keyboard.press(">")
    assert page.evaluate("window.player.audio.playbackRate") == 1.25
    page.keyboard.press("?")
    page.get_by_role("checkbox", name="Single-character shortcuts").uncheck()
    page.keyboard.press("Escape")
    before = position(page)
    for key in ["l", "j", "k", "?", "n", "/"]:
        page.keyboard.press(key)
    assert position(page) == before
    assert page.evaluate("window.player.audio.paused")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    page.evaluate(WATCH)
    press_play(page, re.compile("^Continue"))
    page.keyboard.press("k")
    assert not page.evaluate("window.player.audio.paused")


def test_space_and_arrows_are_the_players_only_within_it(page: Page) -> None:
    press_play(page)
    page.locator("main h1").click()
    before = position(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert position(page) < before + 5
    assert not page.evaluate("window.player.audio.paused")
    button(page, "Play").press("ArrowRight")
    assert position(page) >= before + 29
    button(page, "Play").press("Space")
    assert page.evaluate("window.player.audio.paused")


@pytest.mark.parametrize(
    "focused",
    ["[data-seek]", "[data-shows=chapter]", "[data-does=toggle]", "main .listen [data-play]"],
)
def test_nothing_is_announced_while_it_plays(page: Page, focused: str) -> None:
    page.locator("a.time", has_text="0:05").click()
    expect_playing(page)
    expect(status(page)).to_have_text("Playing from 0:05")
    expect(bar(page).get_by_role("link", name="Early days")).to_be_visible()
    page.evaluate("window.player.audio.currentTime = 17")
    page.locator(f":is(#player, body) {focused}").first.focus()
    page.evaluate("""() => {
      window.changed = [];
      const live = "[role=status], [role=alert], [aria-live], :focus";
      new MutationObserver((all) => all.forEach(({ target, type, attributeName, oldValue }) => {
        const each = target.nodeType === 1 ? target : target.parentElement;
        // As after a pause to load: the button is set to the state that it has.
        if (type === "attributes" && each.getAttribute(attributeName) === oldValue) return;
        if (each.closest(live)) window.changed.push(each.outerHTML);
      })).observe(document, { subtree: true, childList: true, characterData: true,
        attributes: true, attributeOldValue: true });
      window.value = document.activeElement.value;
    }""")
    page.evaluate("window.player.audio.playbackRate = 16")
    page.wait_for_function("() => window.player.audio.currentTime > 22")  # over a chapter's end
    assert page.evaluate("window.changed") == []
    assert page.evaluate("document.activeElement.value === window.value")


def test_axe_finds_nothing(site: str, browser_page: Page) -> None:
    page = browser_page
    page.goto(f"{site}{PATH}?t=20")
    page.evaluate(WATCH)
    press_play(page)
    found = violations(page, "playing")
    bar(page).get_by_text("More", exact=True).click()
    found += violations(page, "more")
    page.keyboard.press("?")
    found += violations(page, "keys")
    page.keyboard.press("Escape")
    page.route("**/audio/*", lambda route: route.abort())
    page.goto(site + "/questions/best-tips")
    page.locator("[data-plays-all]").click()
    expect(bar(page).get_by_text("can't be reached")).to_be_visible()
    found += violations(page, "failed")
    assert found == []
