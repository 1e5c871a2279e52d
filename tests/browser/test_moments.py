"""Times play in the episode's page, and the old site's fragments still lead to them."""

import re

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue, full_episode

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATH = "/podcast/1-episode-1"
# MPEG-1 layer III, 64 kbit/s, 44.1 kHz, mono: 26 ms of silence.
SILENT_FRAME = b"\xff\xfb\x50\xc4" + bytes(204)


@pytest.fixture
def address(live_server: LiveServer) -> str:
    catalogue(1)
    return live_server.url + PATH


def heard(page: Page, after: float, before: float) -> float:
    """The position, once it is between these seconds."""
    return page.wait_for_function(
        """([after, before]) => {
          const at = document.querySelector("#player audio").currentTime;
          return after < at && at < before && at;
        }""",
        arg=[after, before],
    ).json_value()


def sought(page: Page) -> float:
    """The position, or where playback will start once the audio has loaded."""
    return page.evaluate("document.querySelector('#player audio').currentTime")


def test_a_click_marks_the_topic_and_names_it_in_the_address(
    address: str, browser_page: Page
) -> None:
    browser_page.goto(address)
    browser_page.get_by_role("link", name="25:26").click()
    expect(browser_page).to_have_url(f"{address}?t=1526")
    expect(browser_page.locator("#t-1526")).to_have_attribute("aria-current", "true")
    assert sought(browser_page) == 1526


@pytest.mark.parametrize("time", ["25:26", "0:25:26"])
def test_old_fragments(address: str, browser_page: Page, time: str) -> None:
    browser_page.goto(f"{address}#{time}")
    expect(browser_page.locator("#t-1526")).to_have_attribute("aria-current", "true")
    button = browser_page.get_by_role("button", name="Play from 25:26: Recap of AWS services")
    expect(button).to_be_visible()
    button.click()
    assert sought(browser_page) == 1526


def test_a_fragment_followed_within_the_page(address: str, browser_page: Page) -> None:
    browser_page.goto(address)
    browser_page.evaluate("location.hash = '#33:20'")
    expect(browser_page.locator("#t-2000")).to_have_attribute("aria-current", "true")
    expect(browser_page.get_by_role("button", name="Play from 33:20")).to_be_visible()


def test_playing_begins_at_the_moment(
    live_server: LiveServer, browser_page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Django's live server hands out media itself, without ranges; ours can seek.
    handler = "django.test.testcases._MediaFilesHandler._should_handle"
    monkeypatch.setattr(handler, lambda *_: False)
    row = full_episode(2, topics=[(5, "Early"), (40, "Late")], seconds=60)
    row.enclosure.file.save("2.mp3", ContentFile(SILENT_FRAME * 2300))
    browser_page.goto(f"{live_server.url}/podcast/2-episode-2")
    browser_page.get_by_role("link", name="0:40").click()
    assert heard(browser_page, 40, 60) < 45
    browser_page.get_by_role("link", name="0:05").click()
    assert heard(browser_page, 5, 40) < 10


def test_nothing_is_fetched_or_played_before_a_press(address: str, browser_page: Page) -> None:
    requested: list[str] = []
    browser_page.on("request", lambda request: requested.append(request.url))
    browser_page.goto(f"{address}?t=1526")
    browser_page.wait_for_load_state("networkidle")
    assert browser_page.evaluate("document.querySelector('#player audio').paused")
    assert not [url for url in requested if "/audio/" in url]


def test_without_javascript_a_time_is_a_link_to_its_moment(address: str, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="25:26").click()
    expect(page).to_have_title(re.compile("^25:26: Recap of AWS services"))
    expect(page.get_by_role("link", name="Play from 25:26")).to_have_attribute(
        "href", "/audio/podcast-1.mp3#t=1526"
    )
    context.close()
