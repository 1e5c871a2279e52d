"""The queue: lists play to their end, what is added waits, and nothing loses it."""

import re

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Browser, Page, Route, expect

from episodes.models import Episode
from pages.tests.factories import full_episode
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
    with_audio,
)
from tests.browser.player.test_continuous_playback import SHIFTS
from tests.browser.test_moments import SILENT_FRAME
from tests.browser.waiting import wait_until

# Buttons below 24 pixels that can be pressed.
SMALL = """() => [...document.querySelectorAll("main button, #player button, #up-next button")]
  .filter((each) => each.checkVisibility())
  .map((each) => [each.outerHTML.slice(0, 90), each.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 24 || height < 24)
  .map(([html, { width, height }]) => `${width} x ${height}: ${html}`)"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "/podcast/10-episode-10"
QUESTION = "/questions/best-tips"
# MPEG-2.5 layer III, 8 kbit/s, 8 kHz, mono: 72 ms of silence.
LONG_FRAME = b"\xff\xe3\x18\xc4" + bytes(68)


def many_answers() -> None:
    """106 of them: 102 in an episode of its own, two seconds each."""
    topics = [(2 * number, f"Best tips? Celery {number}") for number in range(102)]
    row = full_episode(10, topics=topics, seconds=210, technologies=["Celery", "Django"])
    row.enclosure.file.save(row.enclosure.name, ContentFile(SILENT_FRAME * 8100))


def with_audio_everywhere() -> None:
    """Past the last topic: a moment past the audio's end would be over at once."""
    for row in Episode.objects.filter(enclosure__isnull=False).exclude(number=9):
        row.enclosure.file.save(row.enclosure.name, ContentFile(LONG_FRAME * 30_000))


def open_queue(page: Page) -> None:
    bar(page).locator("[data-shows=answer]").click()
    expect(page.get_by_role("dialog", name="Up next")).to_be_visible()


def waiting(page: Page) -> list[str]:
    """The titles of what is listed, the one that plays first."""
    return page.locator("#up-next li span[dir]").all_text_contents()


def expect_waiting(page: Page, titles: list[str]) -> None:
    expect(page.locator("#up-next li span[dir]")).to_have_text(titles)


def test_a_queue_of_106_survives_pages_skips_a_reload_and_a_release(site: str, page: Page) -> None:
    many_answers()
    page.goto(site + QUESTION)
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(status(page)).to_have_text("Playing 106 answers")
    expect(bar(page)).to_contain_text("Answer 1 of 106")
    for number, name in enumerate(["Stack", "Guests", "Search", "Follow", "Episodes"] * 2):
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.locator(".site-header [aria-current]")).to_have_text(name)
        page.keyboard.press("n")
        page.keyboard.press("j")  # within, or before, an answer
        expect(bar(page)).to_contain_text("of 106")
        assert number < 9 or not page.evaluate("window.player.audio.paused")
    assert page.evaluate("window.player.pauses") == 0
    place = bar(page).locator("[data-shows=answer]")
    while int((place.text_content() or "").split()[1]) < 36:  # not on its first page
        page.keyboard.press("n")
        page.wait_for_timeout(100)
    page.keyboard.press("k")
    before = place.text_content() or ""
    page.reload()
    page.evaluate(WATCH)
    expect(place).to_have_text(before)
    button(page, "Play").click()
    expect_playing(page)
    number = int(re.findall(r"\d+", before)[0])
    page.evaluate("window.player.audio.playbackRate = 4")
    expect(place).to_have_text(f"Answer {number + 1} of 106")  # by itself
    page.route(
        re.compile(r"/guests/$"),
        lambda route: route.fulfill(
            response=(answer := route.fetch()), body=answer.text().replace(".css", ".css?new")
        ),
    )
    page.get_by_role("link", name="Guests", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Guests")
    expect(place).to_have_text(re.compile(rf"^Answer ({number + 1}|{number + 2}|{number + 3}) of"))
    assert page.evaluate("window.player.pauses") == 0
    assert not page.evaluate("window.player.audio.paused")


def test_a_skip_past_an_answer_goes_to_the_next(site: str, page: Page) -> None:
    with_audio(full_episode(10, topics=[(3, "Best tips? Rest"), (6, "More")], seconds=60))
    page.goto(site + QUESTION)
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 5")
    button(page, "+30 seconds").click()
    expect(bar(page)).to_contain_text("Answer 2 of 5")
    expect_playing(page)
    assert 40 <= position(page) < 44
    button(page, "−15 seconds").click()  # before the answer
    page.wait_for_timeout(600)
    expect(bar(page)).to_contain_text("Answer 2 of 5")


def test_the_listener_hears_on_beyond_an_answer(site: str, page: Page) -> None:
    with_audio(full_episode(10, topics=[(3, "Best tips? Rest"), (6, "More")], seconds=60))
    page.goto(site + QUESTION)
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 5")
    slider = bar(page).get_by_role("slider", name="Position")
    slider.fill("30")
    page.wait_for_function("() => window.player.audio.currentTime > 30.2")
    expect(bar(page)).to_contain_text("Answer 1 of 5")
    page.keyboard.press("n")
    expect(bar(page)).to_contain_text("Answer 2 of 5")


def test_three_answers_on_a_technology_in_a_row_take_two_clicks(site: str, page: Page) -> None:
    many_answers()
    page.goto(site + "/")
    page.evaluate(WATCH)
    page.locator("main").get_by_role("link", name=re.compile(r"^Celery\b")).first.click()
    page.get_by_role("button", name="Play 102 moments on Celery").click()
    for number in (1, 2, 3):
        expect(bar(page)).to_contain_text(f"Moment {number} of 102")
        page.evaluate("window.player.audio.playbackRate = 4")


@pytest.mark.parametrize(
    ("path", "name"),
    [("/stack/redis", "Play 3 moments on Redis"), ("/guests/ann-other", "Play these answers"),
     ("/search?q=recap", "Play these moments"),
     ("/stack/redis/moments", "Play 3 moments on Redis")],
)  # fmt: skip
def test_every_list_of_moments_plays(site: str, page: Page, path: str, name: str) -> None:
    with_audio_everywhere()
    page.goto(site + path)
    page.evaluate(WATCH)
    expect(page.get_by_role("button", name=name)).to_have_count(1)
    all_of_it = page.locator("[data-plays-all]", has_text=name)
    expect(all_of_it).to_have_attribute("aria-pressed", "false")
    all_of_it.click()
    expect(bar(page)).to_contain_text(re.compile("Moment 1"))
    if path.startswith("/search"):
        expect_playing(page)
        all_of_it = page.locator("[data-plays-all]")
        expect(all_of_it).to_have_attribute("aria-pressed", "true")
        expect(all_of_it).to_have_accessible_name("Pause")
        all_of_it.click()
        page.wait_for_function("() => window.player.audio.paused")
        expect(all_of_it).to_have_attribute("aria-pressed", "false")
        expect(all_of_it).to_have_accessible_name("Continue")


def test_what_a_search_found_ends_with_its_topic(site: str, page: Page) -> None:
    with_audio_everywhere()
    page.goto(site + "/search?q=recap")
    page.evaluate(WATCH)
    press_play(page, "Play these moments")
    expect(bar(page)).to_contain_text("Moment 1 of 4")
    expect(bar(page).locator(".chapter-ticks i")).to_have_count(3)  # which say where it ends
    page.evaluate("window.player.audio.currentTime = 39.8")
    expect(bar(page)).to_contain_text("Moment 2 of 4")


def test_the_whole_list_has_a_page(site: str, page: Page) -> None:
    many_answers()
    page.goto(site + "/libraries/celery")
    page.get_by_role("link", name="All 102 moments").click()
    expect(page).to_have_url(site + "/libraries/celery/moments")
    expect(page.locator("main .moment")).to_have_count(30)
    page.get_by_role("link", name="Next page").click()
    expect(page).to_have_url(site + "/libraries/celery/moments?page=2")
    page.evaluate(WATCH)
    press_play(page, "Play 102 moments on celery")
    expect(bar(page)).to_contain_text("Moment 31 of 102")


def test_what_is_added_waits_and_is_reordered(site: str, page: Page) -> None:
    page.goto(site + PATH)
    page.evaluate(WATCH)
    page.get_by_role("button", name="Add 0:40 Best tips? Ship early to the queue").click()
    expect(status(page)).to_have_text("Added to the queue, 1 up next")
    expect(bar(page).locator("[data-shows=position]")).to_have_text("0:40")  # ready, and silent
    assert page.evaluate("window.player.audio.paused")
    page.get_by_role("button", name="Add 0:05 Early days to the queue").click()
    page.get_by_role("button", name="Add 0:20 Recap of AWS services to the queue").click()
    page.goto(site + "/podcast/")
    page.get_by_role("button", name="Add Episode 3 to the queue").click()
    expect(status(page)).to_have_text("Added to the queue, 4 up next")
    open_queue(page)
    titles = ["0:40 Best tips? Ship early", "0:05 Early days", "0:20 Recap of AWS services",
              "Episode 3"]  # fmt: skip
    expect_waiting(page, titles)
    up = page.get_by_role("button", name="Move up 0:20 Recap of AWS services")
    up.press("Enter")
    expect_waiting(page, [titles[0], titles[2], titles[1], titles[3]])
    expect(page.locator("#up-next [role=status]")).to_have_text("Moved to place 2")
    expect(page.locator("#up-next li:nth-child(2) button:focus")).to_have_count(1)
    page.get_by_role("button", name="Remove Episode 3").press("Enter")
    expect_waiting(page, [titles[0], titles[2], titles[1]])
    expect(page.locator("#up-next button:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    page.reload()
    page.evaluate(WATCH)
    open_queue(page)
    expect_waiting(page, [titles[0], titles[2], titles[1]])
    page.locator("#up-next").get_by_role("button", name="Play 0:20 Recap of AWS services").click()
    expect_playing(page)
    expect(page.locator("#up-next li[data-sounds]")).to_contain_text("Recap of AWS services")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Nothing is waiting.")).to_be_visible()


def test_what_is_added_first_waits_and_can_be_removed(site: str, page: Page) -> None:
    page.get_by_role("button", name="Add 0:40 Best tips? Ship early to the queue").click()
    place = bar(page).locator("[data-shows=answer]")
    expect(place).to_have_text("Up next: 1")
    page.get_by_role("button", name="Add 0:20 Recap of AWS services to the queue").click()
    expect(place).to_have_text("Up next: 2")
    open_queue(page)
    page.get_by_role("button", name="Remove 0:40 Best tips? Ship early").click()
    expect(bar(page).locator("[data-shows=position]")).to_have_text("0:20")
    page.keyboard.press("Escape")
    button(page, "Play").click()
    expect_playing(page)
    expect(place).to_have_text("Item 1 of 1")


def test_what_is_removed_or_cleared_can_be_had_back(site: str, page: Page) -> None:
    page.goto(site + QUESTION)
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 4")
    page.keyboard.press("k")
    open_queue(page)
    before = waiting(page)
    page.get_by_role("button", name="Remove").nth(1).press("Enter")
    expect_waiting(page, [*before[:2], before[3]])
    expect(page.locator("#up-next li").nth(2)).to_contain_text(f"Removed: {before[2]}")
    expect(page.locator("#up-next :focus")).to_have_text("Undo")
    page.keyboard.press("Enter")
    expect_waiting(page, before)
    expect(page.locator("#up-next li").nth(2).get_by_role("button", name="Remove")).to_be_focused()
    page.get_by_role("button", name="Clear").click()
    expect_waiting(page, before[:1])
    expect(page.locator("#up-next")).to_contain_text("Removed: 3 items")
    expect(page.locator("main [data-plays-all] span")).to_have_text("Play all answers")
    page.locator("#up-next").get_by_role("button", name="Undo").click()
    expect_waiting(page, before)
    expect(bar(page)).to_contain_text("Answer 1 of 4")
    expect(page.locator("main [data-plays-all] span")).to_have_text("Continue")


def test_what_was_added_plays_once_in_a_list_that_has_it(site: str, page: Page) -> None:
    page.goto(site + QUESTION)
    page.evaluate(WATCH)
    page.get_by_role("button", name="Add 33:20").first.click()
    expect(bar(page)).to_contain_text("Up next: 1")
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 4")
    open_queue(page)
    expect(page.locator("#up-next li span[dir]")).to_have_count(4)


def test_what_another_tab_adds_waits_here(site: str, page: Page) -> None:
    page.goto(site + QUESTION)
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 4")
    other = page.context.new_page()
    other.goto(site + "/podcast/")
    other.get_by_role("button", name="Add Episode 3 to the queue").click()
    expect(status(other)).to_contain_text("Added to the queue")
    expect(bar(page)).to_contain_text("Answer 1 of 5")
    assert not page.evaluate("window.player.audio.paused")
    other.close()


def test_what_was_interrupted_is_up_next_again(site: str, page: Page) -> None:
    with_audio(full_episode(10, topics=[(3, "Best tips? Rest"), (6, "More")], seconds=60))
    page.goto(site + QUESTION)
    page.evaluate(WATCH)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 5")
    page.get_by_role("link", name="Episodes", exact=True).first.click()
    page.get_by_role("button", name="Play Episode 9").click()
    expect(bar(page)).to_contain_text("Up next: 5")
    expect(bar(page)).not_to_contain_text("Answer")
    open_queue(page)
    expect(page.locator("#up-next li span[dir]").first).to_have_text("0:03 Best tips? Rest")


def test_a_page_that_cannot_be_fetched_is_tried_again(site: str, page: Page) -> None:
    many_answers()
    refused: list[Route] = []

    def refuse(route: Route) -> None:
        refused.append(route)
        route.abort()

    page.goto(site + QUESTION)
    page.evaluate(WATCH)
    page.route("**/questions/best-tips?page=2", refuse)
    press_play(page, "Play all answers")
    expect(bar(page)).to_contain_text("Answer 1 of 106")
    for _ in range(26):
        page.keyboard.press("n")
    expect(bar(page)).to_contain_text("Answer 27 of 106")
    wait_until(page, lambda: refused)
    page.unroute("**/questions/best-tips?page=2")
    for number in range(28, 34):
        page.keyboard.press("n")
        expect(bar(page)).to_contain_text(re.compile(f"Answer ({number}|{number + 1}) of 106"))


@pytest.mark.parametrize("choice", ["15 minutes", "End of chapter"])
def test_the_sleep_timer_pauses(site: str, page: Page, choice: str) -> None:
    page.clock.install()
    page.goto(site + PATH)
    page.evaluate(WATCH)
    page.locator("a.time", has_text="0:05").click()
    expect_playing(page)
    bar(page).get_by_text("More", exact=True).click()
    bar(page).get_by_label("Sleep timer").select_option(choice)
    page.wait_for_timeout(300)
    assert not page.evaluate("window.player.audio.paused")
    if choice == "15 minutes":
        page.clock.fast_forward("15:01")
    else:
        page.evaluate("window.player.audio.currentTime = 19.8")
    page.wait_for_function("() => window.player.audio.paused")
    page.clock.run_for(500)
    expect(status(page)).to_have_text("Paused by the sleep timer")
    expect(bar(page).get_by_label("Sleep timer")).to_have_value("")
    if choice == "End of chapter":
        assert 20 <= position(page) < 21


def test_a_queue_of_a_later_release_or_nonsense_is_left_alone(site: str, page: Page) -> None:
    odd = '{"version": 1, "value": {"items": 5, "current": 2, "isOn": true}}'
    for stored in ("{", "[1]", '{"version": 9, "value": 1}', '{"version": 1, "value": null}', odd):
        page.evaluate(
            "stored => ['queue', 'player', 'preferences', 'positions']"
            ".forEach((name) => localStorage.setItem(name, stored))",
            stored,
        )
        page.reload()
        page.evaluate(WATCH)
        press_play(page, "Play Episode 9")
        button(page, "Close the player").click()


def test_axe_finds_nothing_in_any_state(site: str, browser_page: Page) -> None:
    page = browser_page
    found: list[str] = []
    page.goto(site + "/search?q=recap")
    page.evaluate(WATCH)
    page.get_by_role("button", name="Play these moments").click()
    expect_playing(page)
    expect(bar(page)).to_contain_text("Moment 1")
    found += violations(page, "list plays")
    open_queue(page)
    found += violations(page, "up next")
    page.get_by_role("button", name="Clear").click()
    found += violations(page, "nothing next")
    page.keyboard.press("Escape")
    bar(page).get_by_text("More", exact=True).click()
    bar(page).get_by_label("Sleep timer").select_option("15 minutes")
    found += violations(page, "sleep timer")
    page.goto(site + "/podcast/")
    page.evaluate(WATCH)
    page.get_by_role("button", name="Play Episode 9").click()
    expect_playing(page)
    found += violations(page, "card plays")
    page.get_by_role("button", name="Play Episode 9").click()
    found += violations(page, "card is paused")
    page.goto(site + PATH)
    page.evaluate(WATCH)
    page.locator("main .topics").get_by_text("Recap of AWS services").click()
    expect_playing(page)
    page.get_by_role("button", name="Add 0:40 Best tips? Ship early to the queue").click()
    expect(status(page)).to_contain_text("Added")
    found += violations(page, "topic plays")
    page.goto(site + "/stack/redis")
    expect(bar(page)).to_be_visible()
    found += violations(page, "as it was left")
    assert found == []


@pytest.mark.parametrize("width", [390, 1280])
def test_targets_are_large_enough(site: str, page: Page, width: int) -> None:
    """24 by 24 pixels at least (WCAG 2.2, 2.5.8), in lists, the player and the queue."""
    page.set_viewport_size({"width": width, "height": 844})
    small: list[str] = []
    for path in ("/search?q=recap", "/podcast/", PATH):
        page.goto(site + path)
        page.evaluate(WATCH)
        page.locator("main [data-play]").first.click()
        expect(bar(page)).to_be_visible()
        page.locator("main .enqueue").last.click()
        expect(bar(page).locator("[data-shows=answer]")).to_be_visible()
        small += page.evaluate(SMALL)
    open_queue(page)
    small += page.evaluate(SMALL)
    assert small == []


@pytest.mark.parametrize("path", [f"{PATH}?t=20", "/search?q=recap", "/", "/stack/redis"])
def test_its_buttons_move_nothing(site: str, page: Page, path: str) -> None:
    page.add_init_script(SHIFTS)
    page.goto(site + path)
    expect(page.locator("main .enqueue").first).to_be_attached()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shifts") == []


def test_the_queue_by_keyboard_alone(site: str, page: Page) -> None:
    page.goto(site + "/search?q=recap")
    page.evaluate(WATCH)
    page.get_by_role("button", name="Play these moments").press("Enter")
    expect_playing(page)
    page.get_by_role("link", name="Skip to the player").first.press("Enter")
    place = bar(page).locator("[data-shows=answer]")
    for _ in range(20):
        if place.evaluate("each => each === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Up next")).to_be_visible()
    for _ in range(40):
        name = page.evaluate("document.activeElement.getAttribute('aria-label') ?? ''")
        if name.startswith("Remove"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#up-next [role=status]")).to_have_text("Removed")
    expect(page.locator("#up-next :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(place).to_be_focused()


def test_without_javascript_nothing_of_it_is_shown(site: str, browser: Browser) -> None:
    many_answers()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/libraries/celery/moments?page=2")
    expect(page.locator("main .moment a")).to_have_count(30)
    expect(page.locator("main button:visible")).to_have_count(0)
    page.locator("main .moment a").first.click()
    expect(page).to_have_url(re.compile(r"\?t=\d+$"))
    expect(page.locator("main audio")).to_be_visible()
    context.close()
