"""A transcript plays and scrolls along, unless the reader scrolls."""

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue, full_episode, transcript
from tests.browser.player.playback import WATCH, expect_playing, position, with_audio
from tests.browser.waiting import STANDS_STILL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATH = "/podcast/9-episode-9/transcript"


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    # Django's live server hands out media itself, without ranges; ours can seek.
    monkeypatch.setattr("django.test.testcases._MediaFilesHandler._should_handle", lambda *_: False)
    catalogue(1)
    row = full_episode(9, topics=[(20, "Early days")], seconds=60)
    with_audio(row)
    made = transcript(row, 40)
    for cue in made.cues.all():  # a second and a half each
        cue.start, cue.end = cue.position * 1500, cue.position * 1500 + 1400
        cue.text = f"Sentence {cue.position}. " + "It is as long as what people say is. " * 5
        cue.save()
    return live_server.url


@pytest.fixture
def page(site: str, browser_page: Page) -> Page:
    """The transcript, with instant scrolling; each passage plays for twelve seconds."""
    browser_page.emulate_media(reduced_motion="reduce")
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto(site + PATH)
    browser_page.evaluate(WATCH)
    return browser_page


def go_to(page: Page, seconds: float) -> None:
    """Play from these seconds, without the page's controls."""
    page.evaluate("seconds => { window.player.audio.currentTime = seconds }", seconds)


def marked(page: Page) -> Locator:
    return page.locator(".topics [aria-current]")


def scrolled(page: Page) -> float:
    return page.evaluate("Math.round(scrollY)")


def test_a_passages_time_plays_it_without_scrolling(site: str, browser_page: Page):
    browser_page.goto(site + PATH)
    browser_page.evaluate(WATCH)
    browser_page.get_by_role("link", name="0:30").click()
    expect_playing(browser_page)
    assert 30 <= position(browser_page) < 35
    expect(browser_page.get_by_role("heading", level=1)).to_contain_text("Transcript")
    expect(browser_page.locator(".topics [aria-current]")).to_contain_text("Sentence 20.")


def test_the_page_scrolls_along_with_playback(page: Page) -> None:
    expect(page.get_by_role("switch", name="Follow along")).to_have_count(0)
    page.get_by_role("button", name="Play").first.click()
    expect_playing(page)
    expect(page.get_by_role("switch", name="Follow along")).to_be_checked()
    expect(marked(page)).to_contain_text("Sentence 0.")
    for seconds, number in [(30.2, 20), (31.6, 21), (52.6, 35), (3.1, 2)]:
        go_to(page, seconds)
        expect(marked(page)).to_contain_text(f"Sentence {number}.")
        expect(marked(page)).to_be_in_viewport(ratio=1)
        covered = page.locator("#player").bounding_box()
        box = marked(page).bounding_box()
        assert box is not None
        assert covered is not None
        assert box["y"] + box["height"] <= covered["y"]


def test_play_scrolls_to_the_passage(site: str, page: Page) -> None:
    page.goto(f"{site}{PATH}?t=45")
    page.evaluate(WATCH)
    expect(marked(page)).to_be_in_viewport(ratio=1)
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("button", name="Play from 0:45").click()
    expect_playing(page)
    expect(marked(page)).to_contain_text("Sentence 30.")
    expect(marked(page)).to_be_in_viewport(ratio=1)


def test_it_scrolls_by_itself_at_a_passages_end_only(page: Page) -> None:
    page.get_by_role("link", name="0:45").click()
    expect_playing(page)
    before = scrolled(page)
    # Again and again: the player sets its own rate when it starts.
    page.wait_for_function("""() => {
        window.player.audio.playbackRate = 8;
        const marked = document.querySelector(".topics [aria-current]");
        return /Sentence (3[6-9]|[4-9]\\d)[.]/.test(marked.textContent);
    }""")
    page.wait_for_function("(before) => scrollY > before", arg=before)
    expect(marked(page)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("hand", ["wheel", "wheel over the player", "key"])
def test_scrolling_away_stops_scrolling_along(page: Page, hand: str) -> None:
    page.get_by_role("link", name="0:30").click()
    expect_playing(page)
    expect(page.get_by_role("button", name="Go to the current passage")).to_have_count(0)
    page.wait_for_function(STANDS_STILL)  # a scroll on its way would go on after the key
    bottom = page.viewport_size["height"] - 10  # type: ignore[index]
    page.mouse.move(200, 300 if hand == "wheel" else bottom)
    page.keyboard.press("Home") if hand == "key" else page.mouse.wheel(0, -30_000)
    back = page.get_by_role("button", name="Go to the current passage")
    expect(back).to_be_in_viewport(ratio=1)
    page.wait_for_function("() => scrollY === 0")
    go_to(page, 45.1)
    expect(marked(page)).to_contain_text("Sentence 30.")
    assert scrolled(page) == 0
    back.click()
    expect(marked(page)).to_be_in_viewport(ratio=1)
    expect(back).to_have_count(0)
    expect(page.get_by_role("switch", name="Follow along")).to_be_focused()


def test_scrolling_along_can_be_switched_off_permanently(site: str, page: Page) -> None:
    page.get_by_role("button", name="Play").first.click()
    expect_playing(page)
    page.get_by_role("switch", name="Follow along").uncheck()
    before = scrolled(page)
    go_to(page, 33.1)
    expect(marked(page)).to_contain_text("Sentence 22.")
    assert scrolled(page) == before
    page.goto(site + "/")
    page.goto(site + PATH)
    page.evaluate(WATCH)
    page.get_by_role("button", name="Continue").first.click()
    expect_playing(page)
    expect(page.get_by_role("switch", name="Follow along")).not_to_be_checked()
    assert scrolled(page) == 0
    page.get_by_role("switch", name="Follow along").check()
    expect(marked(page)).to_be_in_viewport(ratio=1)


def test_it_scrolls_smoothly_unless_motion_is_reduced(site: str, page: Page) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.get_by_role("button", name="Play").first.click()
    expect_playing(page)
    places = page.evaluate("""new Promise((on) => {
      const places = new Set();
      document.addEventListener("scroll", () => places.add(scrollY));
      document.addEventListener("scrollend", () => on(places.size));
      window.player.audio.currentTime = 55.6;
    })""")
    assert places > 3


@pytest.mark.parametrize("address", ["?t=32", "?t=0:32", "#0:32", "#0:00:32", "#t-32", "#t=32"])
def test_a_time_in_the_url_leads_to_the_passage(site: str, page: Page, address: str) -> None:
    page.goto(site + "/")
    page.goto(f"{site}{PATH}{address}")
    expect(marked(page)).to_contain_text("Sentence 21.")
    expect(marked(page)).to_be_in_viewport(ratio=1)
    page.evaluate(WATCH)
    assert page.evaluate("window.player.audio.networkState") == 0
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("button", name="Play from 0:32").click()
    expect_playing(page)
    assert 32 <= position(page) < 35


def test_back_from_a_link_restores_the_position(site: str, page: Page) -> None:
    page.goto(site + "/")
    page.evaluate("""path => {
      const link = Object.assign(document.createElement("a"), { href: path, textContent: "Way" });
      document.querySelector("h1").append(link);
    }""", f"{PATH}?t=31")  # fmt: skip
    page.get_by_role("link", name="Way").click()
    expect(marked(page)).to_be_in_viewport(ratio=1)
    page.evaluate("scrollTo(0, 500)")
    page.get_by_role("link", name="Guests").first.evaluate("each => each.click()")
    expect(page).to_have_url(site + "/guests/")
    page.go_back()
    expect(page).to_have_url(f"{site}{PATH}?t=31")
    page.wait_for_function("() => scrollY === 500")


def test_the_player_has_captions_and_a_link_to_the_transcript(site: str, page: Page) -> None:
    page.goto(site + "/podcast/9-episode-9")
    page.evaluate(WATCH)
    page.get_by_role("button", name="Play").first.click()
    expect_playing(page)
    track = "document.querySelector('#player audio track')"
    assert page.evaluate(f"{track}.getAttribute('src')") == f"{PATH}.vtt"
    page.evaluate(f"{track}.track.mode = 'hidden'")
    page.wait_for_function(f"() => {track}.track.cues?.length === 40")
    page.locator("#player summary").click()
    page.locator("#player").get_by_role("link", name="Transcript").click()
    expect(page).to_have_url(site + PATH)
    expect(marked(page)).to_be_in_viewport(ratio=1)
    page.goto(site + "/podcast/1-episode-1")
    page.get_by_role("button", name="Play").first.click()
    assert page.evaluate("document.querySelector('#player track')") is None


def test_without_javascript_it_is_a_link_to_the_moment(site: str, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + PATH)
    assert page.locator("main audio track").get_attribute("src") == f"{PATH}.vtt"
    page.get_by_role("link", name="0:30").click()
    expect(page).to_have_url(f"{site}/podcast/9-episode-9?t=30")
    context.close()
