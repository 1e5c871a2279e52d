"""The player's bar: it starts anywhere, and what plays goes on whatever else the listener does."""

import re
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from episodes.models import Episode
from pages.tests.factories import catalogue, full_episode
from tests.browser.test_moments import SILENT_FRAME

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATH = "/podcast/9-episode-9"
TOPICS = [(5, "Early days"), (20, "Recap of AWS services"), (40, "Best tips? Ship early")]
# What the audio does, from before the first press on.
WATCH = """() => {
  const audio = document.querySelector("#player audio");
  window.heard = { pauses: 0, audio };
  audio.addEventListener("pause", () => { window.heard.pauses += 1 });
  audio.muted = true;
}"""


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """Episode 9 has a minute of silence, the others audio that can't be reached."""
    # Django's live server hands out media itself, without ranges; ours can seek.
    monkeypatch.setattr("django.test.testcases._MediaFilesHandler._should_handle", lambda *_: False)
    catalogue(3)
    with_sound(full_episode(9, topics=TOPICS, seconds=60))
    return live_server.url


def with_sound(row: Episode) -> None:
    row.enclosure.file.save(row.enclosure.name, ContentFile(SILENT_FRAME * 2300))


@pytest.fixture
def page(site: str, browser_page: Page) -> Iterator[Page]:
    complaints: list[str] = []
    browser_page.on("console", lambda message: complaints.append(message.text))
    browser_page.on("pageerror", lambda error: complaints.append(str(error)))
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto(site + PATH)
    browser_page.evaluate(WATCH)
    yield browser_page
    assert [each for each in complaints if "Failed to load resource" not in each] == []


def bar(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Player")


def button(page: Page, name: str) -> Locator:
    return bar(page).get_by_role("button", name=name, exact=True)


def press_play(page: Page, name: str | re.Pattern[str] = re.compile("^Play")) -> None:
    """Press a button of the page, and wait until it sounds."""
    page.locator("main").get_by_role("button", name=name).first.click()
    expect_playing(page)


def expect_playing(page: Page) -> None:
    page.wait_for_function("() => window.heard.audio.readyState >= 3 && !window.heard.audio.paused")


def position(page: Page) -> float:
    return page.evaluate("window.heard.audio.currentTime")


def said(page: Page) -> Locator:
    return page.locator("#status")


def test_play_brings_the_bar_and_leaves_the_focus(page: Page) -> None:
    expect(bar(page)).to_have_count(0)
    press_play(page)
    expect(bar(page)).to_be_in_viewport(ratio=1)
    expect(page.locator("main").get_by_role("button", name="Play Episode 9")).to_be_focused()
    expect(button(page, "Play")).to_have_attribute("aria-pressed", "true")
    expect(bar(page).get_by_role("link", name="Episode 9")).to_have_attribute("href", PATH)
    button(page, "Play").click()
    expect(button(page, "Play")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.heard.audio.paused")


def test_playing_goes_on_over_ten_pages_and_back(site: str, page: Page) -> None:
    press_play(page)
    names = ["Stack", "Guests", "Search", "Follow", "Episodes"] * 2
    for name in names:
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.locator(".bar [aria-current]")).to_have_text(name)
    for name in reversed(["Episodes", *names[:-1]]):
        page.go_back()
        expect(page.locator(".bar [aria-current]")).to_have_text(name)
    expect(page).to_have_url(site + PATH)
    expect(bar(page)).to_be_in_viewport(ratio=1)
    before = position(page)
    page.wait_for_function("before => window.heard.audio.currentTime > before", arg=before)
    assert page.evaluate("window.heard.audio === document.querySelector('#player audio')")
    assert page.evaluate("window.heard.pauses") == 0


def test_a_moment_starts_exactly_there_before_anything_is_loaded(page: Page) -> None:
    held: list[Route] = []
    page.route("**/audio/*", lambda route: held.append(route))
    page.locator("a.time", has_text="0:20").click()
    expect(bar(page).get_by_role("link", name="Recap of AWS services")).to_be_visible()
    expect(bar(page).locator("[data-shows=position]")).to_have_text("0:20")
    assert page.evaluate("window.heard.audio.readyState") == 0
    held[0].continue_()
    expect_playing(page)
    assert 20 <= position(page) < 22
    expect(page.locator("#t-20")).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("address", ["?t=20", "?t=0:20", "#0:20", "#0:00:20"])
def test_one_button_plays_the_moment_of_the_address(site: str, page: Page, address: str) -> None:
    page.goto(f"{site}{PATH}{address}")
    page.reload()  # of the same page, a fragment is only gone to
    page.evaluate(WATCH)
    name = "Play from 0:20: Recap of AWS services"
    expect(page.locator("main").get_by_role("button", name=re.compile("^Play"))).to_have_text(name)
    expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    assert page.evaluate("window.heard.audio.networkState") == 0
    press_play(page, name)
    assert 20 <= position(page) < 22
    expect(bar(page).get_by_role("link", name="Recap of AWS services")).to_be_visible()


def test_back_and_forward(page: Page) -> None:
    press_play(page)
    button(page, "Forward 30 seconds").click()
    assert 30 <= position(page) < 33
    expect(said(page)).to_have_text(re.compile(r"^0:3\d, Recap of AWS services$"))
    button(page, "Back 15 seconds").click()
    assert 15 <= position(page) < 19
    button(page, "Back 15 seconds").click()
    button(page, "Back 15 seconds").click()
    assert position(page) < 4


def test_chapters_are_marked_shown_and_gone_through(page: Page) -> None:
    press_play(page)
    expect(bar(page).locator(".marks i")).to_have_count(3)
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
    assert page.evaluate("window.heard.audio.playbackRate") == 1.5
    page.goto(site + "/")
    page.goto(site + PATH)
    page.evaluate(WATCH)
    press_play(page)
    expect(bar(page).get_by_label("Speed")).to_have_value("1.5")
    assert page.evaluate("window.heard.audio.playbackRate") == 1.5


def test_the_slider_seeks_by_pointer_and_keys(page: Page) -> None:
    press_play(page)
    slider = bar(page).get_by_role("slider", name="Position")
    expect(slider).to_have_attribute("max", "60")
    box = slider.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert 29 <= position(page) < 33
    slider.press("ArrowRight")
    assert position(page) >= 59
    slider.press("ArrowLeft")
    slider.press("Home")
    assert position(page) < 2
    slider.press("Space")
    assert page.evaluate("window.heard.audio.paused")


def test_what_cannot_be_reached_says_so_and_is_tried_again(site: str, page: Page) -> None:
    page.route("**/audio/*", lambda route: route.abort())
    page.locator("a.time", has_text="0:40").click()
    expect(bar(page).get_by_text("The audio of this episode can't be reached.")).to_be_visible()
    expect(said(page)).to_have_text("The audio can't be reached")
    expect(bar(page).get_by_role("link", name="Download the audio")).to_have_attribute(
        "href", "/audio/podcast-9.mp3"
    )
    expect(bar(page)).not_to_contain_text("NaN")
    expect(button(page, "Play")).to_have_attribute("aria-pressed", "false")
    page.unroute("**/audio/*")
    button(page, "Try again").click()
    expect_playing(page)
    assert 40 <= position(page) < 43
    expect(button(page, "Try again")).to_have_count(0)


def test_closing_ends_it_and_gives_the_focus_back(page: Page) -> None:
    press_play(page)
    button(page, "Close the player").click()
    expect(bar(page)).to_have_count(0)
    expect(page.locator("main").get_by_role("button", name="Play Episode 9")).to_be_focused()
    expect(said(page)).to_have_text("Player closed")
    assert page.evaluate("window.heard.audio.networkState") == 0


def test_the_skip_link_reaches_the_player(page: Page) -> None:
    expect(page.get_by_role("link", name="Skip to the player")).to_have_count(0)
    press_play(page)
    page.get_by_role("link", name="Skip to the player").press("Enter")
    expect(button(page, "Play")).to_be_focused()
