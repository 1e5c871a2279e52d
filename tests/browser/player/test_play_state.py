"""Every play control shows what it does now; a second press pauses, and never starts anew."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.tests.factories import full_episode
from tests.browser.player.playback import (
    PATH,
    WATCH,
    bar,
    button,
    expect_playing,
    position,
    status,
    with_audio,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOMENT = f".play[data-play='{PATH}'][data-at='20']"
CARD = f".card [data-play='{PATH}']"


def expect_paused(page: Page) -> None:
    page.wait_for_function("() => window.player.audio.paused")


def expect_pressed(control: Locator, *, pressed: bool) -> None:
    expect(control).to_have_attribute("aria-pressed", str(pressed).lower())
    icons = [control.locator(".is-pause"), control.locator(".is-play")]
    expect(icons[0] if pressed else icons[1]).to_be_visible()
    expect(icons[1] if pressed else icons[0]).to_be_hidden()


def press_twice_and_again(page: Page, control: Locator) -> None:
    """It plays, pauses, and goes on from there."""
    expect_pressed(control, pressed=False)
    control.click()
    expect_playing(page)
    expect_pressed(control, pressed=True)
    page.wait_for_function("at => window.player.audio.currentTime > at + 0.1", arg=position(page))
    control.click()
    expect_paused(page)
    expect_pressed(control, pressed=False)
    paused_at = position(page)
    control.click()
    expect_playing(page)
    assert paused_at <= position(page) < paused_at + 2
    expect_pressed(control, pressed=True)
    expect(control).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/podcast/", "/", "/stack/django", "/guests/ann-other", "/libraries/celery",
             "/search?q=recap", "/stack/mine?stack=django"],
)  # fmt: skip
def test_a_card_plays_and_pauses(site: str, page: Page, path: str) -> None:
    page.goto(site + path)
    page.evaluate(WATCH)
    card = page.locator(f"main {CARD}, main .listen [data-play='{PATH}'][data-resumes]").first
    press_twice_and_again(page, card)
    expect(page.locator("main .card[aria-current]").first).to_contain_text("Episode 9")


@pytest.mark.parametrize("path", ["/stack/django", "/search?q=recap", "/guests/ann-other", "/"])
def test_a_moment_plays_and_pauses(site: str, page: Page, path: str) -> None:
    full_episode(10, topics=[(20, "Recap of Django and AWS")], seconds=60)
    page.goto(site + path)
    page.evaluate(WATCH)
    at = page.locator("main .play[data-at]").first.get_attribute("data-play")
    with_audio(full_episode(11, topics=[(20, "Recap of Django"), (50, "More")], seconds=60))
    page.goto(site + path)
    page.evaluate(WATCH)
    assert at is not None
    moment = page.locator("main .play[data-play$='11-episode-11'][data-at='20']").first
    press_twice_and_again(page, moment)
    row = page.locator("main li[aria-current]", has_text="Recap of Django")
    expect(row.first).to_be_visible()


def test_the_row_that_sounds_is_marked_wherever_it_is(site: str, page: Page) -> None:
    page.goto(site + "/guests/ann-other")
    page.evaluate(WATCH)
    row = page.locator("main li.moment", has=page.locator(f"[data-play='{PATH}'][data-at='5']"))
    after = page.locator("main li.moment", has=page.locator(MOMENT))
    row.first.locator(".play").click()
    expect_playing(page)
    expect(row.first).to_have_attribute("aria-current", "true")
    for name in ("Stack", "Guests"):
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.locator(".site-header [aria-current]")).to_have_text(name)
    page.locator("main").get_by_role("link", name="Ann Other").first.click()
    expect(row.first).to_have_attribute("aria-current", "true")
    expect_pressed(row.first.locator(".play"), pressed=True)
    page.evaluate("window.player.audio.currentTime = 19.5")
    expect(after.first).to_have_attribute("aria-current", "true")
    expect_pressed(after.first.locator(".play"), pressed=True)
    expect(row.first).not_to_have_attribute("aria-current", "true")
    expect_pressed(row.first.locator(".play"), pressed=False)
    button(page, "Close the player").click()
    expect(page.locator("main [aria-current]")).to_have_count(0)
    expect_pressed(after.first.locator(".play"), pressed=False)


def test_the_big_button_follows_the_player(page: Page) -> None:
    big = page.locator("main .listen [data-play]").first
    expect(big).to_have_accessible_name("Play Episode 9")
    press_twice_and_again(page, big)
    expect(big).to_have_accessible_name("Pause Episode 9")
    button(page, "+30 seconds").click()
    button(page, "Play").click()  # the bar's
    expect(big).to_have_accessible_name(re.compile(r"^Continue at 0:3\d Episode 9$"))
    button(page, "−15 seconds").click()
    expect(big).to_have_accessible_name(re.compile(r"^Continue at 0:[12]\d Episode 9$"))
    page.keyboard.press("k")
    expect(big).to_have_accessible_name("Pause Episode 9")


def test_the_big_button_of_a_moment_pauses_whatever_plays_by_then(site: str, page: Page) -> None:
    page.goto(f"{site}{PATH}?t=5")
    page.evaluate(WATCH)
    big = page.locator("main .listen [data-play]").first
    expect(big).to_have_text("Play from 0:05: Early days")
    big.click()
    expect_playing(page)
    expect(big).to_have_text("Pause")
    page.evaluate("window.player.audio.currentTime = 41")  # in another topic
    expect(page.locator("#t-40")).to_have_attribute("aria-current", "true")
    big.click()
    expect_paused(page)
    expect(big).to_have_accessible_name(re.compile(r"^Continue at 0:4\d$"))
    expect(page.locator("main .listen [data-play]:visible")).to_have_count(1)


def test_a_moment_of_another_page_is_still_offered_while_its_episode_plays(
    site: str, page: Page
) -> None:
    page.locator("main .listen [data-play]").first.click()
    expect_playing(page)
    page.goto(f"{site}{PATH}?t=40")
    page.evaluate(WATCH)
    expect(page.locator("main .listen [data-play]").first).to_have_text(
        "Play from 0:40: Best tips? Ship early"
    )


def test_the_words_of_a_topic_play_like_its_time_and_pause(page: Page) -> None:
    words = page.locator("main .topics").get_by_text("Recap of AWS services")
    words.click()
    expect_playing(page)
    assert 20 <= position(page) < 22
    row = page.locator("#t-20")
    expect(row).to_have_attribute("data-sounds", "playing")
    words.click()
    expect_paused(page)
    expect(row).to_have_attribute("data-sounds", "paused")
    expect(status(page)).to_have_text(re.compile(r"^Paused at 0:2\d$"))
    paused_at = position(page)
    page.locator("a.time", has_text="0:20").click()
    expect_playing(page)
    assert paused_at <= position(page) < paused_at + 2
    page.locator("a.time", has_text="0:05").click()
    expect(page.locator("#t-5")).to_have_attribute("data-sounds", "playing")
    assert position(page) < 8


def test_the_bar_comes_back_after_a_reload_where_it_was(site: str, page: Page) -> None:
    page.locator("a.time", has_text="0:20").click()
    expect_playing(page)
    expect(bar(page).get_by_role("link", name="Recap of AWS services")).to_be_visible()
    page.wait_for_function("() => window.player.audio.currentTime > 20.1")
    page.goto("about:blank")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    for path in (PATH, "/guests/"):
        page.goto(site + path)
        page.evaluate(WATCH)
        expect(bar(page).get_by_role("link", name="Recap of AWS services")).to_be_visible()
        expect(bar(page).locator("[data-shows=position]")).to_have_text(re.compile(r"^0:2\d$"))
        page.wait_for_load_state("networkidle")
    assert not [url for url in requested if "/audio/" in url]
    assert page.evaluate("window.player.audio.paused")
    button(page, "Play").click()
    expect_playing(page)
    assert 20 <= position(page) < 26
    button(page, "Close the player").click()
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(bar(page)).to_have_count(0)


def test_the_newest_episode_starts_with_one_click(site: str, page: Page) -> None:
    page.goto(site + "/")
    page.evaluate(WATCH)
    page.locator("main .newest .listen [data-play]").first.click()
    expect_playing(page)


def test_playing_on_the_next_day_takes_one_click(site: str, page: Page) -> None:
    page.locator("a.time", has_text="0:20").click()
    expect_playing(page)
    page.goto("about:blank")
    page.goto(site + "/")
    page.evaluate(WATCH)
    button(page, "Play").click()
    expect_playing(page)
    assert 20 <= position(page) < 26


def test_playing_over_a_release(site: str, page: Page) -> None:
    """Pages of a new release are shown while the old one's player plays; a pause brings the new."""
    page.locator("main .listen [data-play]").first.click()
    expect_playing(page)
    page.route(
        re.compile(r"/(guests|stack)/$"),
        lambda route: route.fulfill(
            response=(answer := route.fetch()), body=answer.text().replace(".css", ".css?new")
        ),
    )
    page.get_by_role("link", name="Guests", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Guests")
    expect(page.locator("link[rel=stylesheet]")).to_have_attribute("href", re.compile("new$"))
    assert page.evaluate("window.player.pauses") == 0
    assert not page.evaluate("window.player.audio.paused")
    page.get_by_role("link", name="Follow", exact=True).first.click()
    expect(page).to_have_url(site + "/follow")
    assert not page.evaluate("window.player.audio.paused")
    button(page, "Play").click()
    page.get_by_role("link", name="Stack", exact=True).first.click()
    expect(page).to_have_url(site + "/stack/")
    page.wait_for_function("() => window.player.audio === undefined")  # loaded by the browser
    expect(bar(page)).to_contain_text("Episode 9")
