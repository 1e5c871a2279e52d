"""A playable episode, and what tests of the player see and press."""

import re

from django.core.files.base import ContentFile
from playwright.sync_api import Locator, Page, expect

from episodes.models import Episode
from tests.browser.test_moments import SILENT_FRAME

PATH = "/podcast/9-episode-9"
TOPICS = [(5, "Early days"), (20, "Recap of AWS services"), (40, "Best tips? Ship early")]
# Records the audio's events from the start, and lets a second of it take eight: a slow machine
# needs some between two steps. The page still sees the speed that it sets.
WATCH = """() => {
  const audio = document.querySelector("#player audio");
  window.player = { pauses: 0, longestLag: 0, audio };
  audio.addEventListener("pause", () => { window.player.pauses += 1 });
  audio.muted = true;
  for (const name of ["playbackRate", "defaultPlaybackRate"]) {
    const { get, set } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, name);
    const speed = audio[name];
    Object.defineProperty(audio, name, {
      configurable: true,
      get() { return 8 * get.call(this) },
      set(value) { set.call(this, value / 8) },
    });
    audio[name] = speed;
  }
}"""
# From now on seconds are seconds. How late the page's timers come is recorded.
FULL_SPEED = """() => {
  const { audio } = window.player;
  for (const name of ["playbackRate", "defaultPlaybackRate"]) {
    const speed = audio[name];
    delete audio[name];
    audio[name] = speed;
  }
  let ticked = performance.now();
  setInterval(() => {
    const now = performance.now();
    window.player.longestLag = Math.max(window.player.longestLag, (now - ticked - 20) / 1000);
    ticked = now;
  }, 20);
}"""
LATE = 0.3  # seconds after its end by which a clip has stopped


def with_audio(row: Episode) -> None:
    row.enclosure.file.save(row.enclosure.name, ContentFile(SILENT_FRAME * 2300))


def full_speed(page: Page) -> None:
    page.evaluate(FULL_SPEED)


def bar(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Player")


def button(page: Page, name: str) -> Locator:
    return bar(page).get_by_role("button", name=name, exact=True)


def press_play(page: Page, name: str | re.Pattern[str] = re.compile("^Play")) -> None:
    """Press a button of the page, and wait until the audio plays."""
    page.locator("main").get_by_role("button", name=name).first.click()
    expect_playing(page)
    expect(bar(page)).to_be_visible()


def expect_playing(page: Page) -> None:
    page.wait_for_function(
        "() => window.player.audio.readyState >= 3 && !window.player.audio.paused"
    )


def position(page: Page) -> float:
    return page.evaluate("window.player.audio.currentTime")


def expect_stopped_at(page: Page, end: float) -> None:
    """Wait until a clip has ended, in time as far as the machine lets timers be in time."""
    page.wait_for_function(
        "end => window.player.audio.paused && window.player.audio.currentTime >= end", arg=end
    )
    lag, speed = page.evaluate("[window.player.longestLag, window.player.audio.playbackRate]")
    assert position(page) <= end + LATE + lag * speed


def status(page: Page) -> Locator:
    return page.locator("#status")
