"""Moments play from their exact second, on any page, one or all in turn."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

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
from tests.browser.waiting import STANDS_STILL, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Announcements, as a screen reader gets them.
SPOKEN = """() => {
  window.spoken = [];
  const status = document.getElementById("status");
  new MutationObserver(() => { if (status.textContent) window.spoken.push(status.textContent) })
    .observe(status, { childList: true, characterData: true, subtree: true });
}"""


def test_a_moment_starts_exactly_there_before_anything_is_loaded(page: Page) -> None:
    held: list[Route] = []
    page.route("**/audio/*", lambda route: held.append(route))
    page.locator("a.time", has_text="0:20").click()
    expect(bar(page).get_by_role("link", name="Recap of AWS services")).to_be_visible()
    expect(bar(page).locator("[data-shows=position]")).to_have_text("0:20")
    assert page.evaluate("window.player.audio.readyState") == 0
    wait_until(page, lambda: held)
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
    assert page.evaluate("window.player.audio.networkState") == 0
    press_play(page, name)
    assert 20 <= position(page) < 22
    expect(bar(page).get_by_role("link", name="Recap of AWS services")).to_be_visible()


def test_moments_in_lists_play_in_the_bar_and_leave_the_page_alone(site: str, page: Page) -> None:
    for path in ["/search?q=recap", "/questions/best-tips", "/guests/ann-other", "/"]:
        page.goto(site + path)
        page.evaluate(WATCH)
        play = page.locator(f".play[data-play='{PATH}'][data-at]").first
        name = play.get_attribute("aria-label")
        assert name is not None and re.match(r"Play 0:\d\d \w+", name)
        play.scroll_into_view_if_needed()
        page.wait_for_function(STANDS_STILL)
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


def test_all_answers_play_one_after_the_other(site: str, page: Page) -> None:
    with_audio(full_episode(10, topics=[(3, "Best tips? Rest"), (6, "More")], seconds=60))
    page.goto(site + "/questions/best-tips")
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 5")
    expect(bar(page).get_by_role("link", name="Best tips? Rest")).to_be_visible()
    page.evaluate("window.player.audio.playbackRate = 4")
    expect(bar(page)).to_contain_text("Answer 2 of 5")
    expect(bar(page).get_by_role("link", name="Episode 9")).to_be_visible()
    assert 40 <= position(page) < 44
    button(page, "Previous answer").click()
    expect(bar(page)).to_contain_text("Answer 1 of 5")
    button(page, "+30 seconds").click()
    expect(bar(page)).to_contain_text("Answer 2 of 5")


def test_an_answer_ends_without_chapters(site: str, page: Page) -> None:
    with_audio(full_episode(10, topics=[(3, "Best tips? Rest"), (6, "More")], seconds=60))
    page.route("**/chapters.json", lambda route: route.abort())
    page.goto(site + "/questions/best-tips")
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 5")
    page.evaluate("window.player.audio.playbackRate = 4")
    expect(bar(page)).to_contain_text("Answer 2 of 5")


def test_unreachable_answers_are_skipped_and_announced_once(site: str, page: Page) -> None:
    for number in (10, 11):  # only the older one can be heard
        row = full_episode(number, topics=[(3, "Best tips? Rest"), (50, "More")], seconds=60)
        if number != 11:
            with_audio(row)
    page.goto(site + "/questions/best-tips")
    page.evaluate(WATCH)
    page.evaluate(SPOKEN)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 2 of 6")
    expect(status(page)).to_have_text("Answer 1 can't be reached, on to answer 2")
    page.wait_for_timeout(500)
    spoken = page.evaluate("window.spoken")
    # If the error is slow, the press is announced first.
    assert [each for each in spoken if each != "Playing 6 answers"] == [
        "Answer 1 can't be reached, on to answer 2"
    ]
    assert 3 <= position(page) < 20
    button(page, "Previous answer").click()
    expect(bar(page).get_by_text("can't be reached")).to_be_visible()  # there is none before it
    button(page, "Next answer").click()
    expect_playing(page)
    expect(bar(page).get_by_text("can't be reached")).to_be_hidden()


def test_a_list_that_cannot_be_reached_stops_where_it_was(site: str, page: Page) -> None:
    page.route("**/audio/*", lambda route: route.abort())
    page.goto(site + "/questions/best-tips")
    page.locator("[data-plays-all]").click()
    expect(bar(page).get_by_text("can't be reached")).to_be_visible()
    expect(status(page)).to_have_text("Answer 1 can't be reached, on to answer 2")
    expect(bar(page).get_by_text("nor the next. It stopped here.")).to_be_visible()
    expect(status(page)).to_have_text("The audio can't be reached")
    expect(bar(page)).to_contain_text("Answer 1 of 4")
    page.unroute("**/audio/*")
    page.evaluate(WATCH)
    button(page, "Try again").click()
    expect_playing(page)
    expect(bar(page)).to_contain_text("Answer 1 of 4")
    expect(bar(page).get_by_text("can't be reached")).to_be_hidden()


def test_one_failure_skips_nothing(site: str, page: Page) -> None:
    failures = iter(["abort"])

    def fail_once(route: Route) -> None:
        if next(failures, None):
            route.abort()
        else:
            route.continue_()

    page.route("**/audio/*", fail_once)
    page.goto(site + "/questions/best-tips")
    page.evaluate(WATCH)
    page.locator("[data-plays-all]").click()
    expect_playing(page)
    expect(bar(page)).to_contain_text("Answer 1 of 4")


def test_a_moment_is_shared(site: str, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.goto(f"{site}{PATH}?t=20")
    page.evaluate(WATCH)
    press_play(page)
    expect(bar(page).get_by_role("link", name="Recap of AWS services")).to_be_visible()
    button(page, "Play").click()
    bar(page).get_by_text("More", exact=True).click()
    button(page, "Copy link to this moment").click()
    expect(status(page)).to_have_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(re.escape(site + PATH) + r"\?t=2[0-3]", link)
    button(page, "Copy it as Markdown").click()
    expect(status(page)).to_have_text("Markdown copied")
    text = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"\[0:2[0-3] Recap of AWS services\]\({re.escape(link)}\)", text)
