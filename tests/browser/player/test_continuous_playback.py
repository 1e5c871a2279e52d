"""Playback continues over pages, and later where it stopped."""

import re

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from pages.tests.factories import full_episode
from tests.browser.player.playback import (
    PATH,
    WATCH,
    bar,
    button,
    expect_playing,
    position,
    press_play,
    status,
    with_audio,
)
from tests.browser.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Layout shifts.
SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    const moved = ({ sources }) => sources.map(({ node }) => node?.outerHTML);
    window.shifts.push(...list.getEntries().map(moved));
  }).observe({ type: "layout-shift", buffered: true });
"""


def test_playback_continues_over_ten_pages_and_back(site: str, page: Page) -> None:
    press_play(page)
    names = ["Stack", "Guests", "Search", "Follow", "Episodes"] * 2
    for name in names:
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.locator(".site-header [aria-current]")).to_have_text(name)
    for name in reversed(["Episodes", *names[:-1]]):
        page.go_back()
        expect(page.locator(".site-header [aria-current]")).to_have_text(name)
    expect(page).to_have_url(site + PATH)
    expect(bar(page)).to_be_in_viewport(ratio=1)
    before = position(page)
    page.wait_for_function("before => window.player.audio.currentTime > before", arg=before)
    assert page.evaluate("window.player.audio === document.querySelector('#player audio')")
    assert page.evaluate("window.player.pauses") == 0


def test_back_and_forward(page: Page) -> None:
    press_play(page)
    button(page, "+30 seconds").click()
    assert 30 <= position(page) < 33
    expect(status(page)).to_have_text(re.compile(r"^0:3\d, Recap of AWS services$"))
    button(page, "−15 seconds").click()
    assert 15 <= position(page) < 19
    button(page, "−15 seconds").click()
    button(page, "−15 seconds").click()
    assert position(page) < 4


def test_an_episode_continues_where_it_stopped(site: str, page: Page) -> None:
    press_play(page)
    button(page, "+30 seconds").click()
    button(page, "Play").click()
    page.goto(site + "/")
    page.goto(site + PATH)
    page.evaluate(WATCH)
    press_play(page, re.compile(r"^Continue at 0:3\d"))
    assert 30 <= position(page) < 36
    page.goto(f"{site}{PATH}?t=5")
    page.evaluate(WATCH)
    expect(page.get_by_role("button", name=re.compile(r"^Continue at 0:3\d$"))).to_be_visible()
    press_play(page, "Play from 0:05: Early days")
    assert 5 <= position(page) < 9


def test_a_fragment_offers_to_continue_too(page: Page) -> None:
    page.evaluate(
        "localStorage.setItem('positions',"
        " JSON.stringify([['/podcast/9-episode-9', { at: 33, title: 'Episode 9' }]]))"
    )
    page.reload()
    page.evaluate(WATCH)
    expect(page.get_by_role("button", name="Continue at 0:33")).to_be_visible()
    page.evaluate("location.hash = '#0:20'")
    expect(page.get_by_role("button", name="Play from 0:20: Recap of AWS services")).to_be_visible()
    expect(page.get_by_role("button", name="From the start")).to_have_count(0)
    press_play(page, "Continue at 0:33")
    assert 33 <= position(page) < 37


def test_from_the_start(site: str, page: Page) -> None:
    expect(page.get_by_role("button", name="From the start")).to_have_count(0)
    page.evaluate(
        "localStorage.setItem('positions',"
        " JSON.stringify([['/podcast/9-episode-9', { at: 33, title: 'Episode 9' }]]))"
    )
    page.reload()
    page.evaluate(WATCH)
    press_play(page, "From the start")
    assert position(page) < 4


def test_positions_of_the_former_site_are_migrated(site: str, page: Page) -> None:
    page.evaluate("""() => {
      localStorage.setItem("currentTimeForEpisode9", "41.7");
      localStorage.setItem("audioPlayerPlaybackSpeed", "1.25");
      localStorage.setItem("audioPlayerVolume", "0.4");
    }""")
    page.reload()
    page.evaluate(WATCH)
    press_play(page, re.compile(r"^Continue at 0:41"))
    assert 41 <= position(page) < 45
    assert page.evaluate("window.player.audio.playbackRate") == 1.25
    assert page.evaluate("window.player.audio.volume") == 0.4


@pytest.mark.parametrize("stored", ["nonsense", "NaN", "-4", "1e999", "[1"])
def test_invalid_stored_values_are_ignored(site: str, page: Page, stored: str) -> None:
    page.evaluate(
        "stored => ['currentTimeForEpisode9', 'positions', 'speed', 'volume']"
        ".forEach((name) => localStorage.setItem(name, stored))",
        stored,
    )
    page.reload()
    page.evaluate(WATCH)
    press_play(page, "Play Episode 9")
    assert page.evaluate("window.player.audio.playbackRate") == 1


def test_another_tab_pauses(site: str, page: Page) -> None:
    press_play(page)
    other = page.context.new_page()
    other.goto(f"{site}{PATH}?t=20")
    other.evaluate(WATCH)
    press_play(other)
    page.wait_for_function("() => window.player.audio.paused")
    expect(button(page, "Play")).to_have_attribute("aria-pressed", "false")
    button(page, "Play").click()
    other.wait_for_function("() => window.player.audio.paused")
    expect_playing(page)


def test_an_unreachable_page_asks_before_playback_stops(site: str, page: Page) -> None:
    press_play(page)
    page.route("**/guests/", lambda route: route.abort())
    requested: list[str] = []

    def stay(dialog: Dialog) -> None:
        requested.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Guests", exact=True).first.click()
    wait_until(page, lambda: requested)
    page.wait_for_timeout(500)
    assert requested == ["The page can't be reached. Leave anyway? Playback would stop."]
    expect(page).to_have_url(site + PATH)
    assert page.evaluate("window.player.pauses") == 0
    page.unroute("**/guests/")
    page.get_by_role("link", name="Guests", exact=True).first.click()
    expect(page).to_have_url(site + "/guests/")
    assert page.evaluate("window.player.pauses") == 0


def test_without_storage_all_else_works(site: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script("""
      const refuse = { get() { throw new DOMException("No storage here", "SecurityError") } };
      Object.defineProperty(window, "localStorage", refuse);
      Object.defineProperty(window, "sessionStorage", refuse);
    """)
    page.goto(f"{site}{PATH}?t=20")
    page.evaluate(WATCH)
    press_play(page)
    bar(page).get_by_label("Speed").select_option("1.5×")
    button(page, "+30 seconds").click()
    page.keyboard.press("k")
    assert page.evaluate("window.player.audio.paused")
    page.get_by_role("link", name="Guests", exact=True).first.click()
    expect(page).to_have_url(site + "/guests/")
    page.go_back()
    expect(page.get_by_role("heading", name="Episode 9", level=1)).to_be_visible()
    button(page, "Play").click()
    expect_playing(page)
    assert position(page) >= 50
    button(page, "Close the player").click()
    context.close()
    assert errors == []


def test_a_page_from_the_back_forward_cache_is_updated(page: Page) -> None:
    page.evaluate("""() => {
      localStorage.setItem("positions", '[["/podcast/9-episode-9", {"at": 33}]]');
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    }""")
    expect(page.locator("main").get_by_role("button", name="Continue at 0:33")).to_be_visible()


def test_home_offers_to_continue_started_episodes(site: str, page: Page) -> None:
    with_audio(full_episode(10, topics=[(3, "First")], seconds=60))
    page.add_init_script(SHIFTS)
    page.goto(site + "/")
    section = page.get_by_role("region", name="Continue listening")
    expect(section).to_have_count(0)
    page.goto(site + PATH)
    page.evaluate(WATCH)
    press_play(page)
    button(page, "+30 seconds").click()
    page.get_by_role("link", name="Running in Production").first.click()
    expect(page).to_have_url(site + "/")
    button(page, "Play").click()
    for size in [{"width": 390, "height": 844}, {"width": 1280, "height": 1000}]:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(site + "/")
        expect(section.get_by_role("listitem")).to_have_count(1)
        expect(section.get_by_role("link")).to_have_attribute("href", PATH)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.shifts") == []
    page.evaluate(WATCH)
    section.get_by_role("button", name=re.compile(r"^Continue Episode 9 at 0:3\d$")).click()
    expect_playing(page)
    assert 30 <= position(page) < 37
    page.evaluate("window.player.audio.currentTime = 58")
    page.wait_for_function("() => JSON.parse(localStorage.getItem('positions')).value.length === 0")
    page.goto(site + "/")
    expect(page.get_by_role("heading", name="Newest episode")).to_be_visible()
    expect(section).to_have_count(0)
