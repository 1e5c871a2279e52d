"""The transcript tab in a real browser, under the real Content-Security-Policy."""

import re
from typing import Any, cast

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from desk.tests.outage import break_off_saves, spare
from desk.tests.test_transcript_tab import TALK
from desk.transcripts.corrections import Said, correct
from episodes.models import Episode
from episodes.tests import factories
from notes.apply import finish_edit
from tests.browser import axe
from tests.browser.test_moments import SILENT_FRAME
from text.names import normalise_name
from topics.formats.webvtt import parse_webvtt
from topics.models import Cue, CueCorrection, Transcript
from transfer.importers.transcript import people_by_name

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECONDS = 60
COUNT_CLICKS = """() => {
  window.clicks = 0;
  addEventListener("pointerdown", () => { window.clicks += 1 }, true);
}"""


@pytest.fixture
def episode(db: None) -> Episode:
    factories.show()
    row = factories.episode(guests=["Phil Gyford"])
    row.enclosure.file.save("1.mp3", ContentFile(SILENT_FRAME * (SECONDS * 1000 // 26)))
    transcript = Transcript.objects.create(episode=row)
    people = people_by_name(row)
    for at, cue in enumerate(parse_webvtt(TALK)[0]):
        Cue.objects.create(
            transcript=transcript, position=at, start=cue.start, end=cue.end, text=cue.text,
            speaker=cue.speaker, guest=people.get(normalise_name(cue.speaker)),
        )  # fmt: skip
    finish_edit(row, None, "desk")
    return row


@pytest.fixture
def tab(signed_in: Page, live_server: LiveServer, episode: Episode) -> Page:
    path = f"{live_server.url}/admin/episodes/episode/{episode.pk}/transcript"
    signed_in.goto(path)
    expect(signed_in.locator("#previous")).to_be_visible()  # its script runs
    return signed_in


def line(page: Page, number: int) -> Locator:
    return page.locator(f"#line-{number}")


def words(page: Page, number: int) -> Locator:
    return line(page, number).locator("textarea[name=text]")


def click_word(page: Page, number: int, word: str) -> None:
    """Click in the middle of this word."""
    x, y = page.evaluate(
        """([number, word]) => {
          const node = document.querySelector(`#line-${number} .said`).firstChild;
          const range = new Range();
          range.setStart(node, node.data.indexOf(word));
          range.setEnd(node, node.data.indexOf(word) + word.length);
          const { left, top, width, height } = range.getBoundingClientRect();
          return [left + width / 2, top + height / 2];
        }""",
        [number, word],
    )
    page.mouse.click(x, y)


def test_a_wrong_word_is_heard_and_mended_in_three_clicks(
    tab: Page, live_server: LiveServer, episode: Episode
) -> None:
    tab.evaluate(COUNT_CLICKS)
    line(tab, 4).locator(".time").click()
    expect(line(tab, 4)).to_have_attribute("aria-current", "true")
    tab.wait_for_function("() => document.getElementById('recording').currentTime > 10.1")
    click_word(tab, 4, "watching")
    expect(words(tab, 4)).to_be_focused()
    tab.keyboard.type("listening")
    expect(words(tab, 4)).to_have_value("Thanks for listening!")
    clicks = tab.evaluate("clicks") + 1
    tab.get_by_role("button", name="Save", exact=True).first.click()
    expect(tab.get_by_text("Saved: 1 line corrected.")).to_be_visible()
    assert clicks <= 3
    page = tab.context.new_page()
    for ending in ("", ".vtt", ".json"):
        answer = page.request.get(
            f"{live_server.url}{episode.get_absolute_url()}/transcript{ending}"
        )
        assert "Thanks for listening!" in answer.text()
    answer = page.request.get(f"{live_server.url}/search.json?q=listening")
    assert answer.json()["count"] == 1


def test_words_are_saved_while_they_are_typed(tab: Page) -> None:
    line(tab, 1).locator(".said").click()
    words(tab, 1).fill("Welcome, this is about Python.")
    expect(tab.locator("#saved")).to_have_text("Saved, not public yet.")
    assert CueCorrection.objects.get().text == "Welcome, this is about Python."
    expect(tab.locator("#corrected")).to_have_text("1 corrected, not public until you save.")
    words(tab, 1).press("Enter")
    expect(line(tab, 1).locator(".said")).to_have_text("Welcome, this is about Python.")
    expect(line(tab, 1).locator(".said")).to_be_focused()
    expect(line(tab, 1)).to_have_class("corrected")
    tab.keyboard.press("Enter")
    words(tab, 1).fill("Nonsense")
    words(tab, 1).press("Escape")
    expect(words(tab, 1)).to_have_count(0)
    expect(line(tab, 1).locator(".said")).to_have_text("Welcome, this is about Python.")
    tab.keyboard.press("Enter")
    line(tab, 1).get_by_role("button", name="As published").click()
    expect(line(tab, 1).locator(".said")).to_have_text("Welcome, this is about pie thon.")
    expect(tab.locator("#corrected")).to_be_hidden()
    assert not CueCorrection.objects.exists()


def test_keys_alone(tab: Page) -> None:
    tab.keyboard.press("/")
    tab.keyboard.type("pie thon")
    expect(tab.locator("#found")).to_have_text("3")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Enter")
    expect(tab.locator("#found")).to_have_text("2 of 3")
    expect(line(tab, 2)).to_have_class("found")
    tab.keyboard.press("Shift+Enter")
    expect(tab.locator("#found")).to_have_text("1 of 3")
    line(tab, 1).locator(".said").focus()
    tab.keyboard.press("ArrowDown")
    expect(line(tab, 2).locator(".said")).to_be_focused()
    tab.keyboard.press("p")
    expect(line(tab, 2)).to_have_attribute("aria-current", "true")
    tab.keyboard.press(" ")
    tab.wait_for_function("() => document.getElementById('recording').paused")
    tab.keyboard.press("Enter")
    expect(words(tab, 2)).to_be_focused()


def test_a_conflict_shows_both_and_loses_neither(tab: Page, episode: Episode) -> None:
    line(tab, 1).locator(".said").click()
    correct(episode.transcript, {0: Said("Theirs.", "Nick")}, None)
    words(tab, 1).fill("Mine.")
    expect(line(tab, 1).locator(".conflict")).to_contain_text("Theirs.")
    expect(words(tab, 1)).to_have_value("Mine.")
    words(tab, 1).fill("All mine.")
    tab.evaluate("dispatchEvent(new Event('online'))")  # sends what waits
    line(tab, 2).locator(".said").click()
    words(tab, 2).fill("Typed meanwhile.")
    words(tab, 2).press("Enter")
    expect(line(tab, 2).locator(".said")).to_be_focused()
    assert CueCorrection.objects.get(position=0).text == "Theirs."
    line(tab, 1).get_by_role("button", name="Done").click()
    expect(line(tab, 1).locator(".said")).to_have_text("All mine.")
    assert CueCorrection.objects.get(position=0).text == "All mine."


def test_a_conflict_can_leave_what_the_other_said(tab: Page, episode: Episode) -> None:
    line(tab, 1).locator(".said").click()
    correct(episode.transcript, {0: Said("Theirs.", "Nick")}, None)
    words(tab, 1).fill("Mine.")
    expect(line(tab, 1).locator(".conflict")).to_be_visible()
    words(tab, 1).press("Escape")
    expect(line(tab, 1).locator(".said")).to_have_text("Theirs.")
    expect(tab.locator("form.correcting:visible")).to_have_count(0)
    assert CueCorrection.objects.get().text == "Theirs."


@pytest.mark.slow
def test_over_an_ended_session_nothing_is_lost(
    tab: Page, host, host_user, live_server: LiveServer
) -> None:
    cookies = tab.context.cookies()
    tab.context.clear_cookies(name="sessionid")
    line(tab, 1).locator(".said").click()
    words(tab, 1).fill("Typed after the session.")
    expect(tab.locator("#saved")).to_contain_text("You are signed out")
    address = tab.url
    tab.goto("about:blank")
    tab.context.add_cookies(cast(Any, cookies))
    tab.goto(address)
    expect(tab.locator("#saved")).to_contain_text("Saved from an earlier visit: 1 line")
    expect(line(tab, 1).locator(".said")).to_have_text("Typed after the session.")
    assert CueCorrection.objects.get().text == "Typed after the session."
    assert (
        tab.evaluate("Object.keys(localStorage).filter((key) => key.includes('line-')).length") == 0
    )


def test_a_database_outage_while_typing(tab: Page) -> None:
    break_off_saves(table="topics_cuecorrection")
    line(tab, 1).locator(".said").click()
    words(tab, 1).fill("Typed meanwhile.")
    expect(tab.locator("#saved")).to_contain_text("(503). Your words are saved in this browser.")
    spare()
    tab.evaluate("dispatchEvent(new Event('online'))")
    expect(tab.locator("#saved")).to_have_text("Saved, not public yet.")
    assert CueCorrection.objects.get().text == "Typed meanwhile."


def test_the_last_words_are_saved_with_the_button(tab: Page) -> None:
    line(tab, 1).locator(".said").click()
    words(tab, 1).fill("The last words.")
    tab.get_by_role("button", name="Save", exact=True).first.click()
    expect(tab.get_by_text("Saved: 1 line corrected.")).to_be_visible()
    expect(tab).to_have_url(re.compile(r"at=1#line-1$"))
    assert Cue.objects.get(position=0).text == "The last words."


def test_words_are_replaced_with_a_preview(tab: Page) -> None:
    tab.locator("#q").fill("pie thon")
    tab.get_by_role("button", name="Replace…").click()
    expect(tab.get_by_label("Find")).to_have_value("pie thon")
    tab.get_by_label("Replace by").fill("Python")
    expect(tab.locator("#replacing ins").first).to_have_text("Python")
    tab.get_by_role("button", name="Replace in 3 lines").click()
    expect(line(tab, 2).locator(".said")).to_have_text("Python is nice.")
    tab.get_by_role("button", name="Undo it").click()
    expect(line(tab, 2).locator(".said")).to_have_text("Pie thon is nice.")


def test_speakers_are_named(tab: Page) -> None:
    tab.get_by_text("Speakers (2)").click()
    tab.get_by_label("Speaker 1, 2 lines").fill("Phil")
    tab.get_by_role("button", name="Name the speakers").click()
    expect(line(tab, 2).locator(".speaker")).to_have_text("Phil Gyford")
    line(tab, 3).locator(".said").click()
    line(tab, 3).get_by_label("Speaker").fill("Another voice")
    expect(tab.locator("#saved")).to_have_text("Saved, not public yet.")
    line(tab, 3).get_by_role("button", name="This speaker from here on").click()
    expect(line(tab, 3).locator(".speaker")).to_have_text("Another voice")
    expect(line(tab, 2).locator(".speaker")).to_have_text("Phil Gyford")


def violations(page: Page, state: str) -> list[str]:
    """axe's, without the colours between two schemes."""
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("* { transition: none !important }");
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    return axe.violations(page, state)


@pytest.mark.slow
def test_axe_finds_nothing(tab: Page, episode: Episode) -> None:
    assert violations(tab, "lines") == []
    line(tab, 1).locator(".said").click()
    expect(words(tab, 1)).to_be_focused()
    for each in tab.locator("details:not(.workspace-more)").all():
        each.evaluate("(details) => { details.open = true }")
    assert violations(tab, "a line open") == []
    correct(episode.transcript, {0: Said("Theirs.", "Nick")}, None)
    words(tab, 1).fill("Mine.")
    expect(line(tab, 1).locator(".conflict")).to_be_visible()
    assert violations(tab, "a conflict") == []
    path = tab.url.partition("?")[0].partition("#")[0]
    tab.goto(f"{path}/replace?find=pie+thon&by=Python")
    assert violations(tab, "replacing") == []
    tab.goto(f"{path}/file")
    assert violations(tab, "a file") == []
    Transcript.objects.all().delete()
    tab.goto(path)
    assert violations(tab, "empty") == []
    tab.locator("#id_text").fill(TALK)
    tab.get_by_role("button", name="Add the transcript").click()
    expect(tab.get_by_role("button", name="Add it for visitors")).to_be_visible()
    assert violations(tab, "before visitors see it") == []
    for width in axe.WIDTHS:
        tab.set_viewport_size({"width": width, "height": 844})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
