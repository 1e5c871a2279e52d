"""A clip is shared by hand, by topic, by the words of a transcript: in at most four clicks."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from episodes.models import Episode
from pages.tests.factories import full_episode, transcript
from tests.browser.axe import WIDTHS, violations
from tests.browser.player.playback import (
    PATH,
    WATCH,
    bar,
    button,
    expect_playing,
    expect_stopped_at,
    full_speed,
    press_play,
)
from tests.browser.player.test_my_moments import SMALL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def spoken(site: str) -> str:
    """The site, with a transcript of 30 cues of a second and a half from each two seconds on."""
    made = transcript(Episode.objects.get(number=9), 30)
    for cue in made.cues.all():
        cue.start, cue.end = cue.position * 2000, cue.position * 2000 + 1500
        cue.guest, cue.speaker, cue.text = None, "Ann", f"This is sentence {cue.position}."
        cue.save()
    return site


@pytest.fixture
def copying(site: str, page: Page) -> Page:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    return page


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Share a clip")


def open_dialog(page: Page) -> Locator:
    page.locator("main").get_by_role("button", name="Share a clip").click()
    expect(dialog(page)).to_be_visible()
    return dialog(page)


def copied(page: Page) -> str:
    """What the button that was pressed last copied."""
    said = dialog(page).get_by_role("status")
    expect(said).to_have_text("Copied.")
    said.evaluate("said => { said.textContent = '' }")  # another press says so again
    return page.evaluate("navigator.clipboard.readText()")


def link(page: Page) -> Locator:
    return dialog(page).get_by_label("Link")


def test_forty_seconds_of_what_plays_in_four_clicks(site: str, copying: Page) -> None:
    page = copying
    page.locator("a.time", has_text="0:05").click()
    expect_playing(page)
    bar(page).get_by_text("More", exact=True).click()
    bar(page).get_by_role("button", name="Share a clip").click()
    dialog(page).get_by_role("button", name="40 seconds").click()
    dialog(page).get_by_role("button", name="Copy link").click()
    found = re.fullmatch(re.escape(site + PATH) + r"\?t=(\d+),(\d+)", copied(page))
    assert found is not None
    assert 5 <= int(found[1]) < 9
    assert int(found[2]) == int(found[1]) + 40
    assert page.evaluate("window.player.pauses") == 0


def test_start_and_end_by_hand(site: str, copying: Page) -> None:
    page = copying
    shown = open_dialog(page)
    expect(link(page)).to_have_value(f"{site}{PATH}?t=0,40")
    shown.get_by_label("Start").fill("0:05")
    shown.get_by_label("End").fill("12")
    expect(shown.get_by_role("status")).to_have_text("7 seconds")
    shown.get_by_role("button", name="Copy link").click()
    assert copied(page) == f"{site}{PATH}?t=5,12"
    shown.get_by_text("Embed it").click()
    shown.get_by_role("button", name="Copy HTML").click()
    assert copied(page).startswith(f'<iframe src="{site}{PATH}/embed?t=5,12" title="Episode 9"')


@pytest.mark.parametrize(("start", "end"), [("20", "20"), ("20", "10"), ("x", "5"), ("90", "99")])
def test_bad_times_are_told(page: Page, start: str, end: str) -> None:
    shown = open_dialog(page)
    shown.get_by_label("Start").fill(start)
    shown.get_by_label("End").fill(end)
    expect(shown.get_by_role("status")).to_contain_text("Type times such as 25:26")
    expect(shown.get_by_label("Start")).to_have_attribute("aria-invalid", "true")
    expect(shown.get_by_role("button", name="Copy link")).to_be_disabled()
    expect(link(page)).to_have_value("")
    shown.get_by_role("button", name="20 seconds").click()
    expect(shown.get_by_role("button", name="Copy link")).to_be_enabled()


def test_a_topic(site: str, page: Page) -> None:
    open_dialog(page).get_by_label("A topic").select_option("0:20 Recap of AWS services")
    expect(link(page)).to_have_value(f"{site}{PATH}?t=20,40")
    dialog(page).get_by_label("A topic").select_option("0:40 Best tips? Ship early")
    expect(link(page)).to_have_value(f"{site}{PATH}?t=40,60")


def test_words_of_the_transcript(spoken: str, page: Page) -> None:
    page.reload()
    shown = open_dialog(page)
    shown.get_by_text("Words of the transcript").click()
    words = shown.get_by_label("Select the first to the last")
    words.select_option(["0:06 This is sentence 3.", "0:12 This is sentence 6."])
    expect(link(page)).to_have_value(f"{spoken}{PATH}?t=6,14")  # sentence 6 ends at 13.5


SELECT = """([first, last]) => {
  const place = (words) => {
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode());) {
      if (text.data.includes(words)) return [text, text.data.indexOf(words)];
    }
  };
  const [start, end] = [place(first), place(last)];
  getSelection().setBaseAndExtent(...start, end[0], end[1] + last.length);
}"""


def test_words_selected_in_the_transcripts_page(spoken: str, copying: Page) -> None:
    page = copying
    page.goto(f"{spoken}{PATH}/transcript", wait_until="networkidle")  # a module on use
    for first, last, times in (
        ("sentence 3", "sentence 6", "6,14"),
        ("This is sentence 1.", "sentence 1.", "2,4"),
        ("sentence 8", "This is sentence 21", "16,44"),
    ):
        page.evaluate(SELECT, [first, last])
        page.get_by_role("button", name="Share these words").click()
        expect(link(page)).to_have_value(f"{spoken}{PATH}?t={times}")
        page.keyboard.press("Escape")
    page.evaluate("getSelection().empty()")
    expect(page.get_by_role("button", name="Share these words")).to_have_count(0)


def test_the_moment_of_the_address_is_where_it_starts(site: str, page: Page) -> None:
    page.goto(f"{site}{PATH}?t=20,31")
    open_dialog(page)
    expect(link(page)).to_have_value(f"{site}{PATH}?t=20,31")


def test_what_is_heard_becomes_start_or_end(page: Page) -> None:
    press_play(page)
    page.evaluate("window.player.audio.pause(); window.player.audio.currentTime = 30")
    shown = open_dialog(page)
    shown.get_by_label("Start").fill("0:10")
    shown.get_by_role("button", name="Now").last.click()
    expect(shown.get_by_label("End")).to_have_value("0:30")
    shown.get_by_role("button", name="Now").first.click()
    expect(shown.get_by_label("Start")).to_have_value("0:30")
    expect(shown.get_by_label("End")).to_have_value(re.compile("^0:59|1:00$"))  # all of it


@pytest.mark.parametrize(
    ("start", "end", "words", "wrong"),
    [
        ("5", "abc", "The end is no time.", ["End"]),
        ("0:99", "40", "The start is no time.", ["Start"]),
        ("5", "99:99:99", "The end is no time.", ["End"]),
        ("5", "99:59:59", "The episode ends at 1:00.", ["End"]),
        ("20", "10", "The end isn't after the start.", ["Start", "End"]),
    ],
)
def test_a_mistake_is_told_of_the_field_that_has_it(
    page: Page, start: str, end: str, words: str, wrong: list[str]
) -> None:
    shown = open_dialog(page)
    shown.get_by_label("Start").fill(start)
    shown.get_by_label("End").fill(end)
    expect(shown.get_by_role("status")).to_contain_text(words)
    for name in ("Start", "End"):
        state = str(name in wrong).lower()
        expect(shown.get_by_label(name)).to_have_attribute("aria-invalid", state)


def test_other_spellings_and_long_clips(site: str, page: Page) -> None:
    full_episode(10, topics=[(5, "Early")], seconds=4000)
    page.goto(f"{site}/podcast/10-episode-10")
    shown = open_dialog(page)
    shown.get_by_label("Start").fill("25m26s")
    shown.get_by_label("End").fill("26:40")
    expect(link(page)).to_have_value(re.compile(r"\?t=1526,1600$"))
    shown.get_by_label("Start").fill("26s")
    expect(shown.get_by_role("status")).to_have_text("26 minutes 14 seconds")


def test_chosen_words_are_selected_and_the_focus_is_on_their_passage(
    spoken: str, page: Page
) -> None:
    page.goto(f"{spoken}{PATH}/transcript")
    page.evaluate(SELECT, ["sentence 3", "sentence 6"])
    words = page.locator(".transcript p", has_text="sentence 3").first
    press = page.get_by_role("button", name="Share these words")
    expect(press).to_be_in_viewport(ratio=1)
    below, above = press.bounding_box(), words.bounding_box()
    assert below is not None and above is not None
    assert 0 <= below["y"] - above["y"] < 200  # beside the words, not in the window's corner
    press.click()
    dialog(page).get_by_text("Words of the transcript").click()
    chosen = dialog(page).locator("#clip-words option:checked")
    expect(chosen).to_have_count(4)
    expect(chosen.first).to_have_text("0:06 This is sentence 3.")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    expect(page.locator(".transcript li:has(p:text('sentence 3')) a.time").first).to_be_focused()


def test_the_clip_can_be_heard_first(page: Page) -> None:
    shown = open_dialog(page)
    shown.get_by_label("Start").fill("5")
    shown.get_by_label("End").fill("7")
    shown.get_by_role("button", name="Play the clip").click()
    expect_playing(page)
    full_speed(page)
    expect_stopped_at(page, 7)


def test_by_keyboard_alone(site: str, copying: Page) -> None:
    page = copying
    opener = page.locator("main").get_by_role("button", name="Share a clip")
    opener.focus()
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_label("Start")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("0:10")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("0:12")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Copy link":
            break
    page.keyboard.press("Enter")
    assert copied(page) == f"{site}{PATH}?t=10,12"
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    expect(opener).to_be_focused()


def test_the_systems_share_sheet(site: str, page: Page) -> None:
    page.add_init_script("navigator.share = async (given) => { window.given = given }")
    page.reload()
    open_dialog(page).get_by_role("button", name="Share", exact=True).click()
    assert page.evaluate("window.given") == {
        "title": "0:00–0:40 Episode 9",
        "url": f"{site}{PATH}?t=0,40",
    }


def test_a_dialog_that_cant_be_loaded_says_so(page: Page) -> None:
    page.route("**/clip_dialog*", lambda route: route.abort())
    page.evaluate("window.alert = (words) => { window.said = words }")
    page.locator("main").get_by_role("button", name="Share a clip").click()
    page.wait_for_function('() => window.said?.startsWith("This can\'t be loaded")')


def test_without_javascript_the_link_is_there(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{PATH}?t=20,31")
    expect(page.get_by_role("button", name="Share a clip")).to_be_hidden()
    page.get_by_text("Share or embed").click()
    expect(page.get_by_label("Link to 0:20 to 0:31")).to_have_value(re.compile(r"\?t=20,31$"))
    context.close()


def test_axe_finds_nothing(spoken: str, browser_page: Page) -> None:
    found: list[str] = []
    for state in states(browser_page, spoken):
        found += violations(browser_page, state)
        for width in WIDTHS:
            browser_page.set_viewport_size({"width": width, "height": 844})
            found += [f"{state} {width} is small: {each}" for each in browser_page.evaluate(SMALL)]
            if browser_page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{state} {width} is wide")
    assert found == []


def states(page: Page, site: str) -> Iterator[str]:
    page.goto(site + PATH)
    page.evaluate(WATCH)
    shown = open_dialog(page)
    shown.get_by_text("Words of the transcript").click()
    shown.get_by_text("Embed it").click()
    expect(shown.get_by_label("Select the first to the last").locator("option")).to_have_count(30)
    yield "open"
    shown.get_by_label("End").fill("x")
    yield "wrong"
    page.keyboard.press("Escape")
    press_play(page)
    page.get_by_text("More", exact=True).click()
    button(page, "Share a clip").click()
    expect(dialog(page)).to_be_visible()
    yield "playing"
    page.goto(f"{site}{PATH}/transcript", wait_until="networkidle")  # a module on use
    page.evaluate(SELECT, ["sentence 3", "sentence 6"])
    expect(page.get_by_role("button", name="Share these words")).to_be_visible()
    yield "words"
