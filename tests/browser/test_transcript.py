"""A transcript is read and heard at once: its times play, and the reader stays."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue, full_episode, transcript
from tests.browser.test_player import WATCH, expect_playing, position, with_sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATH = "/podcast/9-episode-9/transcript"


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    # Django's live server hands out media itself, without ranges; ours can seek.
    monkeypatch.setattr("django.test.testcases._MediaFilesHandler._should_handle", lambda *_: False)
    catalogue(1)
    row = full_episode(9, topics=[(20, "Early days")], seconds=60)
    with_sound(row)
    transcript(row)
    return live_server.url


def test_a_passages_time_plays_it_and_leaves_the_reader_there(site: str, browser_page: Page):
    browser_page.goto(site + PATH)
    browser_page.evaluate(WATCH)
    browser_page.get_by_role("link", name="0:30").click()
    expect_playing(browser_page)
    assert 30 <= position(browser_page) < 35
    expect(browser_page.get_by_role("heading", level=1)).to_contain_text("Transcript")
    expect(browser_page.locator(".topics [aria-current]")).to_contain_text("Sentence 1.")


def test_without_javascript_it_is_a_link_to_the_moment(site: str, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + PATH)
    assert page.locator("main audio track").get_attribute("src") == f"{PATH}.vtt"
    page.get_by_role("link", name="0:30").click()
    expect(page).to_have_url(f"{site}/podcast/9-episode-9?t=30")
    context.close()
