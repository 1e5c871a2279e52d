"""The site with one playable episode, open in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue, full_episode
from tests.browser.player.playback import PATH, TOPICS, WATCH, with_audio


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """Episode 9 has a minute of silence, the others audio that can't be reached."""
    # Django's live server hands out media itself, without ranges; ours can seek.
    monkeypatch.setattr("django.test.testcases._MediaFilesHandler._should_handle", lambda *_: False)
    catalogue(3)
    with_audio(full_episode(9, topics=TOPICS, seconds=60))
    return live_server.url


@pytest.fixture
def page(site: str, browser_page: Page) -> Iterator[Page]:
    console_messages: list[str] = []
    browser_page.on("console", lambda message: console_messages.append(message.text))
    browser_page.on("pageerror", lambda error: console_messages.append(str(error)))
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto(site + PATH)
    browser_page.evaluate(WATCH)
    yield browser_page
    assert [each for each in console_messages if "Failed to load resource" not in each] == []
