"""Rich text pasted into the notes in a real browser, under the real Content-Security-Policy."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from desk.tests.test_writing_browser import address, desk, finished
from episodes.models import Episode
from tests.browser import axe

__all__ = ["desk"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAMPLES = Path(__file__).resolve().parents[2] / "transfer/tests/pasted"
DOCUMENT = (SAMPLES / "google_docs.html").read_text()
PLAIN = (SAMPLES / "google_docs.txt").read_text()
YAKS = "- 25:26 – [Yaks](https://yak.example/)"
# What `execCommand` can't: an event whose data the browser doesn't insert by itself.
PASTE = """([html, text]) => {
  const clipboardData = new DataTransfer();
  if (html) clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", text);
  const box = document.getElementById("text");
  box.focus();
  const event = { clipboardData, bubbles: true, cancelable: true };
  return box.dispatchEvent(new ClipboardEvent("paste", event));
}"""


def paste(page: Page, html: str, text: str) -> None:
    page.evaluate(PASTE, [html, text])


def test_rich_text_keeps_its_links_and_can_be_undone(desk: Page, live_server):
    desk.goto(live_server.url + "/admin/paste")
    paste(desk, DOCUMENT, PLAIN)
    box = desk.locator("#text")
    expect(box).to_have_value(re.compile(re.escape(YAKS)))
    expect(box).to_have_value(re.compile(r"^# Selling Diaries \[live\]\n"))
    expect(desk.locator("#conversion")).to_contain_text("brings back what you pasted")
    expect(desk.locator("#saved")).to_contain_text("Saved. No errors")
    expect(desk.locator("#panel")).to_contain_text("2 topics")
    assert YAKS in Episode.objects.get().draft_text
    assert axe.run(desk) == []

    box.press("Control+z")
    expect(box).to_have_value(PLAIN)
    expect(desk.locator("#conversion")).to_be_empty()
    box.press("Control+z")
    expect(box).to_have_value("")
    box.press("Control+Shift+z")
    box.press("Control+Shift+z")
    expect(box).to_have_value(re.compile(re.escape(YAKS)))


def test_a_paste_by_the_keyboard(desk: Page, live_server):
    """Through the browser's own clipboard."""
    origin = live_server.url
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    # The policy of the page that copies takes the styles out, and says so.
    other = desk.context.new_page()
    other.goto(origin + "/robots.txt")
    other.evaluate(
        """([html, text]) => navigator.clipboard.write([new ClipboardItem({
          "text/html": new Blob([html], { type: "text/html" }),
          "text/plain": new Blob([text], { type: "text/plain" }),
        })])""",
        [DOCUMENT, PLAIN],
    )
    other.close()
    desk.goto(origin + "/admin/paste")
    desk.locator("#text").focus()
    desk.keyboard.press("Control+v")
    expect(desk.locator("#text")).to_have_value(re.compile(re.escape(YAKS)))
    desk.keyboard.press("Control+z")
    desk.keyboard.press("Control+z")
    expect(desk.locator("#text")).to_have_value("")
    desk.keyboard.press("Control+Shift+v")  # as plain text
    expect(desk.locator("#text")).to_have_value(PLAIN)


def test_a_part_replaces_what_is_selected_in_an_episode(desk: Page, live_server):
    episode = finished(topics=[(40, "Motivation"), (90, "Best tips?")])
    desk.goto(address(live_server, episode))
    before = desk.locator("#text").input_value()
    desk.evaluate(
        "box => box.setSelectionRange(box.value.indexOf('Motivation'), "
        "box.value.indexOf('Motivation') + 10)",
        desk.locator("#text").element_handle(),
    )
    paste(desk, 'About <a href="https://yak.example/">yaks</a>', "About yaks")
    wanted = before.replace("Motivation", "About [yaks](https://yak.example/)")
    expect(desk.locator("#text")).to_have_value(wanted)
    expect(desk.locator("#saved")).to_contain_text("Saved.")
    expect(desk.locator(".changes")).to_contain_text("reworded")
    desk.locator("#text").press("Control+z")
    desk.locator("#text").press("Control+z")
    expect(desk.locator("#text")).to_have_value(before)


def test_pasted_html_becomes_notes(desk: Page, live_server):
    desk.goto(live_server.url + "/admin/paste")
    paste(desk, "", (SAMPLES / "wordpress.html").read_text())
    expect(desk.locator("#text")).to_have_value(re.compile(r"- 12:05 -- Best tips"))
    expect(desk.locator("#conversion")).to_contain_text("https://audio.example/12.mp3")
    desk.locator("#text").press("Control+z")
    expect(desk.locator("#text")).to_have_value(re.compile("wp:paragraph"))
    desk.get_by_role("button", name="Read it as show notes").click()
    expect(desk.locator("#text")).to_have_value(re.compile(r"- 12:05 -- Best tips"))
    expect(desk.locator("#conversion")).to_contain_text("HTML read as show notes")


def test_a_draft_made_at_once_has_the_links(desk: Page, live_server):
    desk.goto(live_server.url + "/admin/paste")
    desk.evaluate(
        f"args => {{ ({PASTE})(args); document.querySelector('[value=apply]').click() }}",
        [DOCUMENT, PLAIN],
    )
    expect(desk).to_have_url(re.compile("/audio$"))
    assert [topic.text for topic in Episode.objects.get().topics.all()] == [
        "Motivation",
        "[Yaks](https://yak.example/)",
    ]


def test_the_start_page_keeps_links_too(desk: Page, live_server):
    desk.goto(live_server.url + "/admin/")
    paste(desk, DOCUMENT, PLAIN)
    expect(desk.locator("#text")).to_have_value(re.compile(re.escape(YAKS)))
    desk.get_by_role("button", name="Check the notes").click()
    expect(desk.locator("#text")).to_have_value(re.compile(re.escape(YAKS)))


def test_without_the_server_the_plain_text_is_pasted(desk: Page, live_server):
    desk.goto(live_server.url + "/admin/paste")
    desk.evaluate("() => { window.fetch = async () => { throw new TypeError('no network') } }")
    paste(desk, DOCUMENT, PLAIN)
    expect(desk.locator("#conversion")).to_contain_text("Only the plain text was pasted")
    expect(desk.locator("#text")).to_have_value(PLAIN)
    expect(desk.locator("#saved")).to_contain_text("saved in this browser")


def test_plain_text_is_pasted_by_the_browser(desk: Page, live_server):
    """Nothing is sent, and the event goes on."""
    desk.goto(live_server.url + "/admin/paste")
    html = "<meta charset='utf-8'><span>a < b</span>"
    went_on = desk.evaluate(PASTE, [html, "a < b"])
    assert went_on
    expect(desk.locator("#conversion")).to_be_empty()
