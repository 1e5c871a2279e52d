"""The player's bar: it starts anywhere, and what plays goes on whatever else the listener does."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.core.files.base import ContentFile
from playwright.sync_api import Browser, Dialog, Locator, Page, Route, expect
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

# What moves in the page by itself.
SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    const moved = ({ sources }) => sources.map(({ node }) => node?.outerHTML);
    window.shifts.push(...list.getEntries().map(moved));
  }).observe({ type: "layout-shift", buffered: true });
"""
# What is said of it, as a screen reader hears it.
SPOKEN = """() => {
  window.spoken = [];
  const status = document.getElementById("status");
  new MutationObserver(() => { if (status.textContent) window.spoken.push(status.textContent) })
    .observe(status, { childList: true, characterData: true, subtree: true });
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
    button(page, "+30 seconds").click()
    assert 30 <= position(page) < 33
    expect(said(page)).to_have_text(re.compile(r"^0:3\d, Recap of AWS services$"))
    button(page, "−15 seconds").click()
    assert 15 <= position(page) < 19
    button(page, "−15 seconds").click()
    button(page, "−15 seconds").click()
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


def test_what_is_on_its_way_says_so(page: Page) -> None:
    held: list[Route] = []
    page.route("**/audio/*", lambda route: held.append(route))
    page.locator("a.time", has_text="0:20").click()
    left = bar(page).locator("[data-shows=left]")
    expect(bar(page).locator(".marks i")).to_have_count(3)  # nothing that comes later takes it away
    expect(left).to_have_text("Loading…")
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
    box = bar(page).get_by_role("slider", name="Position").bounding_box()
    assert box is not None and box["width"] >= 200
    bar_box = bar(page).bounding_box()
    assert bar_box is not None and bar_box["height"] <= size[1] / 3


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
    expect(said(page)).to_have_text("Player closed")
    assert page.evaluate("window.heard.audio.networkState") == 0


def test_the_skip_link_reaches_the_player(page: Page) -> None:
    expect(page.get_by_role("link", name="Skip to the player")).to_have_count(0)
    press_play(page)
    page.get_by_role("link", name="Skip to the player").press("Enter")
    expect(button(page, "Play")).to_be_focused()


def test_moments_in_lists_play_in_the_bar_and_leave_the_page_alone(site: str, page: Page) -> None:
    for path in ["/search?q=recap", "/questions/best-tips", "/guests/ann-other", "/"]:
        page.goto(site + path)
        page.evaluate(WATCH)
        play = page.locator(f".play[data-play='{PATH}']").first
        name = play.get_attribute("aria-label")
        assert name is not None and re.match(r"Play 0:\d\d \w+", name)
        play.scroll_into_view_if_needed()
        before = page.evaluate("[scrollY, location.href]")
        play.focus()
        page.keyboard.press("Enter")
        expect_playing(page)
        at = int(play.get_attribute("data-at") or 0)
        assert at <= position(page) < at + 3
        expect(play).to_be_focused()
        assert page.evaluate("[scrollY, location.href]") == before
        page.wait_for_function(
            "seconds => Math.abs(document.querySelector('#player input').value - seconds) < 3",
            arg=at,
        )


def test_nothing_focused_lies_beneath_the_bar(page: Page) -> None:
    press_play(page)
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


def test_an_episode_goes_on_where_it_was_left(site: str, page: Page) -> None:
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


def test_a_fragment_offers_to_go_on_too(page: Page) -> None:
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


def test_what_the_former_site_kept_is_taken_over(site: str, page: Page) -> None:
    page.evaluate("""() => {
      localStorage.setItem("currentTimeForEpisode9", "41.7");
      localStorage.setItem("audioPlayerPlaybackSpeed", "1.25");
      localStorage.setItem("audioPlayerVolume", "0.4");
    }""")
    page.reload()
    page.evaluate(WATCH)
    press_play(page, re.compile(r"^Continue at 0:41"))
    assert 41 <= position(page) < 45
    assert page.evaluate("window.heard.audio.playbackRate") == 1.25
    assert page.evaluate("window.heard.audio.volume") == 0.4


@pytest.mark.parametrize("kept", ["nonsense", "NaN", "-4", "1e999", "[1"])
def test_what_is_kept_may_be_nonsense(site: str, page: Page, kept: str) -> None:
    page.evaluate(
        "kept => ['currentTimeForEpisode9', 'positions', 'speed', 'volume']"
        ".forEach((name) => localStorage.setItem(name, kept))",
        kept,
    )
    page.reload()
    page.evaluate(WATCH)
    press_play(page, "Play Episode 9")
    assert page.evaluate("window.heard.audio.playbackRate") == 1


def test_what_plays_in_another_tab_gives_way(site: str, page: Page) -> None:
    press_play(page)
    other = page.context.new_page()
    other.goto(f"{site}{PATH}?t=20")
    other.evaluate(WATCH)
    press_play(other)
    page.wait_for_function("() => window.heard.audio.paused")
    expect(button(page, "Play")).to_have_attribute("aria-pressed", "false")
    button(page, "Play").click()
    other.wait_for_function("() => window.heard.audio.paused")
    expect_playing(page)


def test_a_page_out_of_reach_ends_nothing_unasked(site: str, page: Page) -> None:
    press_play(page)
    page.route("**/guests/", lambda route: route.abort())
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Guests", exact=True).first.click()
    page.wait_for_timeout(500)
    assert asked == ["The page can't be reached. Go there all the same? What plays would end."]
    expect(page).to_have_url(site + PATH)
    assert page.evaluate("window.heard.pauses") == 0
    page.unroute("**/guests/")
    page.get_by_role("link", name="Guests", exact=True).first.click()
    expect(page).to_have_url(site + "/guests/")
    assert page.evaluate("window.heard.pauses") == 0


def test_where_nothing_may_be_kept_all_else_works(site: str, browser: Browser) -> None:
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
    assert page.evaluate("window.heard.audio.paused")
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


def test_a_page_the_browser_had_put_by_knows_what_was_heard_since(page: Page) -> None:
    page.evaluate("""() => {
      localStorage.setItem("positions", '[["/podcast/9-episode-9", {"at": 33}]]');
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    }""")
    expect(page.locator("main").get_by_role("button", name="Continue at 0:33")).to_be_visible()


def test_media_session(site: str, browser_page: Page) -> None:
    browser_page.add_init_script("""
      window.handlers = {};
      const set = MediaSession.prototype.setActionHandler;
      MediaSession.prototype.setActionHandler = function (name, act) {
        window.handlers[name] = act;
        return set.call(this, name, act);
      };
    """)
    page = browser_page
    page.goto(f"{site}{PATH}?t=20")
    page.evaluate(WATCH)
    press_play(page)
    expect(bar(page).get_by_role("link", name="Recap of AWS services")).to_be_visible()
    shown = page.evaluate("""() => {
      const { title, artist, album, artwork } = navigator.mediaSession.metadata;
      return [title, artist, album, artwork.length, navigator.mediaSession.playbackState];
    }""")
    assert shown == ["Recap of AWS services", "Running in Production", "Episode 9", 1, "playing"]
    for action, low, high in [("nexttrack", 40, 43), ("seekbackward", 25, 30),
                              ("previoustrack", 20, 24), ("seekforward", 50, 56)]:  # fmt: skip
        page.evaluate("action => window.handlers[action]({ action })", action)
        assert low <= position(page) < high
    page.evaluate("window.handlers.seekto({ action: 'seekto', seekTime: 12 })")
    assert 12 <= position(page) < 15
    page.evaluate("window.handlers.pause({ action: 'pause' })")
    page.wait_for_function("() => navigator.mediaSession.playbackState === 'paused'")


def test_media_session_shows_an_episodes_own_picture(site: str, page: Page) -> None:
    artwork = "navigator.mediaSession.metadata.artwork[0].src"
    press_play(page)
    assert page.evaluate(artwork).endswith("/static/img/icon-180.png")
    Episode.objects.filter(number=9).update(image_url="https://example.org/own.jpg")
    cache.clear()
    for path in [PATH, "/questions/best-tips"]:
        page.goto(site + path)
        page.evaluate(WATCH)
        page.locator(f"main [data-play='{PATH}']").first.click()
        expect_playing(page)
        assert page.evaluate(artwork) == "https://example.org/own.jpg"


def test_home_offers_to_go_on_with_what_was_begun(site: str, page: Page) -> None:
    with_sound(full_episode(10, topics=[(3, "First")], seconds=60))
    page.add_init_script(SHIFTS)
    page.goto(site + "/")
    begun = page.get_by_role("region", name="Continue listening")
    expect(begun).to_have_count(0)
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
        expect(begun.get_by_role("listitem")).to_have_count(1)
        expect(begun.get_by_role("link")).to_have_attribute("href", PATH)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.shifts") == []
    page.evaluate(WATCH)
    begun.get_by_role("button", name=re.compile(r"^Continue Episode 9 at 0:3\d$")).click()
    expect_playing(page)
    assert 30 <= position(page) < 37
    page.evaluate("window.heard.audio.currentTime = 58")
    page.wait_for_function("() => localStorage.getItem('positions') === '[]'")
    page.goto(site + "/")
    expect(page.get_by_role("heading", name="Newest episode")).to_be_visible()
    expect(begun).to_have_count(0)


@pytest.mark.parametrize("name", ["−15", "+30", "More"])
def test_who_speaks_to_it_says_what_they_see(page: Page, name: str) -> None:
    press_play(page)
    shown = bar(page).get_by_text(name, exact=True)
    assert name in (shown.get_attribute("aria-label") or name)


def test_shortcuts_and_that_they_can_be_switched_off(site: str, page: Page) -> None:
    page.keyboard.press("k")  # nothing plays yet, so it does nothing
    assert page.evaluate("window.heard.audio.paused")
    press_play(page)
    page.keyboard.press("l")
    assert 30 <= position(page) < 34
    page.keyboard.press("k")
    assert page.evaluate("window.heard.audio.paused")
    expect(said(page)).to_have_text(re.compile(r"^Paused at 0:3\d$"))
    page.keyboard.press(">")
    assert page.evaluate("window.heard.audio.playbackRate") == 1.25
    page.keyboard.press("?")
    page.get_by_role("checkbox", name="Shortcuts of one character").uncheck()
    page.keyboard.press("Escape")
    before = position(page)
    for key in ["l", "j", "k", "?", "n", "/"]:
        page.keyboard.press(key)
    assert position(page) == before
    assert page.evaluate("window.heard.audio.paused")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    page.evaluate(WATCH)
    press_play(page, re.compile("^Continue"))
    page.keyboard.press("k")
    assert not page.evaluate("window.heard.audio.paused")


def test_space_and_arrows_are_the_players_only_within_it(page: Page) -> None:
    press_play(page)
    page.locator("main h1").click()
    before = position(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert position(page) < before + 5
    assert not page.evaluate("window.heard.audio.paused")
    button(page, "Play").press("ArrowRight")
    assert position(page) >= before + 29
    button(page, "Play").press("Space")
    assert page.evaluate("window.heard.audio.paused")


def test_all_answers_play_one_after_the_other(site: str, page: Page) -> None:
    with_sound(full_episode(10, topics=[(3, "Best tips? Rest"), (6, "More")], seconds=60))
    page.goto(site + "/questions/best-tips")
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 5")
    expect(bar(page).get_by_role("link", name="Best tips? Rest")).to_be_visible()
    expect(bar(page)).to_contain_text("Answer 2 of 5", timeout=15_000)
    expect(bar(page).get_by_role("link", name="Episode 9")).to_be_visible()
    assert 40 <= position(page) < 44
    button(page, "Previous answer").click()
    expect(bar(page)).to_contain_text("Answer 1 of 5")
    button(page, "+30 seconds").click()
    expect(bar(page)).not_to_contain_text("Answer")


def test_an_answer_ends_where_it_does_though_no_chapters_come(site: str, page: Page) -> None:
    with_sound(full_episode(10, topics=[(3, "Best tips? Rest"), (6, "More")], seconds=60))
    page.route("**/chapters.json", lambda route: route.abort())
    page.goto(site + "/questions/best-tips")
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 5")
    expect(bar(page)).to_contain_text("Answer 2 of 5", timeout=15_000)


def test_answers_out_of_reach_are_passed_and_that_is_said_once(site: str, page: Page) -> None:
    for number in (10, 11):  # only the older one can be heard
        row = full_episode(number, topics=[(3, "Best tips? Rest"), (50, "More")], seconds=60)
        if number != 11:
            with_sound(row)
    page.goto(site + "/questions/best-tips")
    page.evaluate(WATCH)
    page.evaluate(SPOKEN)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 2 of 6")
    expect(said(page)).to_have_text("Answer 1 can't be reached, on to answer 2")
    page.wait_for_timeout(500)
    spoken = page.evaluate("window.spoken")
    # Where the refusal takes a moment, what was pressed is said before.
    assert [each for each in spoken if each != "Playing 6 answers"] == [
        "Answer 1 can't be reached, on to answer 2"
    ]
    assert 3 <= position(page) < 20
    button(page, "Previous answer").click()
    expect(bar(page).get_by_text("can't be reached")).to_be_visible()  # there is none before it
    button(page, "Next answer").click()
    expect_playing(page)
    expect(bar(page).get_by_text("can't be reached")).to_be_hidden()


def test_where_no_answer_can_be_reached_the_last_one_says_so(site: str, page: Page) -> None:
    page.route("**/audio/*", lambda route: route.abort())
    page.goto(site + "/questions/best-tips")
    page.locator("[data-plays-all]").click()
    expect(bar(page).get_by_text("can't be reached")).to_be_visible()
    expect(bar(page)).to_contain_text("Answer 4 of 4")
    expect(said(page)).to_have_text("The audio can't be reached")


def test_a_moment_is_passed_on(site: str, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.goto(f"{site}{PATH}?t=20")
    page.evaluate(WATCH)
    press_play(page)
    button(page, "Play").click()
    bar(page).get_by_text("More", exact=True).click()
    button(page, "Copy link to this moment").click()
    expect(said(page)).to_have_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(re.escape(site + PATH) + r"\?t=2[0-3]", link)
    button(page, "Copy it as Markdown").click()
    expect(said(page)).to_have_text("Markdown copied")
    text = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"\[0:2[0-3] Recap of AWS services\]\({re.escape(link)}\)", text)


@pytest.mark.parametrize("focused", ["[data-seek]", "[data-shows=chapter]", "[data-does=toggle]"])
def test_nothing_is_said_while_it_plays_by_itself(page: Page, focused: str) -> None:
    page.locator("a.time", has_text="0:05").click()
    expect_playing(page)
    expect(said(page)).to_have_text("Playing from 0:05")
    expect(bar(page).get_by_role("link", name="Early days")).to_be_visible()
    bar(page).locator(focused).focus()
    page.evaluate("""() => {
      window.changed = [];
      const live = "[role=status], [role=alert], [aria-live], :focus";
      new MutationObserver((all) => all.forEach(({ target }) => {
        const each = target.nodeType === 1 ? target : target.parentElement;
        if (each.closest(live)) window.changed.push(each.outerHTML);
      })).observe(document, { subtree: true, childList: true, characterData: true,
        attributes: true });
      window.value = document.activeElement.value;
    }""")
    page.evaluate("window.heard.audio.playbackRate = 3")
    page.wait_for_function("() => window.heard.audio.currentTime > 22")  # over a chapter's end
    assert page.evaluate("window.changed") == []
    assert page.evaluate("document.activeElement.value === window.value")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site: str, browser: Browser, scheme: Literal["light", "dark"]) -> None:
    found: list[str] = []
    for width in (390, 1280):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 844})
        page = context.new_page()
        page.goto(f"{site}{PATH}?t=20")
        page.evaluate(WATCH)
        press_play(page)
        found += violations(page, f"playing {width}")
        bar(page).get_by_text("More", exact=True).click()
        found += violations(page, f"more {width}")
        page.keyboard.press("?")
        found += violations(page, f"keys {width}")
        page.keyboard.press("Escape")
        page.route("**/audio/*", lambda route: route.abort())
        page.goto(site + "/questions/best-tips")
        page.locator("[data-plays-all]").click()
        expect(bar(page).get_by_text("can't be reached")).to_be_visible()
        found += violations(page, f"failed {width}")
        context.close()
    assert found == []


def violations(page: Page, state: str) -> list[str]:
    return [
        f"{state}: {each['help']} {[node['target'] for node in each['nodes']]}"
        for each in Axe().run(page).response["violations"]
    ]
