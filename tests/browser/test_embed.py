"""An episode's player embedded in another site."""

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Browser, FrameLocator, Page, expect
from pytest_django.live_server_helper import LiveServer

from pages.tests.factories import catalogue, full_episode
from tests.browser import axe
from tests.browser.axe import SCHEMES
from tests.browser.test_moments import SILENT_FRAME
from tests.browser.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATH = "/podcast/9-episode-9"
TOPICS = [(5, "Early days"), (20, "Recap of AWS services"), (40, "Best tips? Ship early")]


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, settings) -> str:
    """Episode 9 is a minute of silence; episode 1's audio can't be reached."""
    monkeypatch.setattr("django.test.testcases._MediaFilesHandler._should_handle", lambda *_: False)
    settings.SITE_URL = live_server.url
    catalogue(1)
    row = full_episode(9, topics=TOPICS, seconds=60)
    row.enclosure.file.save(row.enclosure.name, ContentFile(SILENT_FRAME * 2300))
    return live_server.url


@pytest.fixture
def page(browser_page: Page) -> Iterator[Page]:
    console_messages: list[str] = []
    browser_page.on("console", lambda message: console_messages.append(message.text))
    browser_page.on("pageerror", lambda error: console_messages.append(str(error)))
    yield browser_page
    assert [each for each in console_messages if "Failed to load resource" not in each] == []


class Blog(BaseHTTPRequestHandler):
    """A page on another origin, with a frame of the address after `?`."""

    def do_GET(self) -> None:
        address = self.path.partition("?")[2]
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f'<iframe src="{address}" width="640" height="380"></iframe>'.encode())

    def log_message(self, *_: object) -> None:
        pass


Framed = Callable[[Page, str], FrameLocator]


@pytest.fixture
def framed() -> Iterator[Framed]:
    """Show a page of another site with this address in a frame."""
    blog = ThreadingHTTPServer(("127.0.0.1", 0), Blog)
    threading.Thread(target=blog.serve_forever, daemon=True).start()

    def show(page: Page, address: str) -> FrameLocator:
        page.goto(f"http://127.0.0.1:{blog.server_port}/?{address}")
        return page.frame_locator("iframe")

    yield show
    blog.shutdown()


def wait_for_audio(frame: FrameLocator) -> float:
    """The position, once the audio plays."""
    return frame.locator("audio").evaluate(
        """async (audio) => {
          audio.muted = true;
          while (audio.paused || audio.readyState < 3) await new Promise(requestAnimationFrame);
          return audio.currentTime;
        }"""
    )


def test_chapters_play_in_place(site: str, page: Page, framed: Framed) -> None:
    frame = framed(page, f"{site}{PATH}/embed")
    title = frame.get_by_role("link", name="Episode 9")
    expect(title).to_have_attribute("href", site + PATH)
    frame.get_by_role("link", name="0:20 Recap of AWS services").click()
    assert 20 <= wait_for_audio(frame) < 25
    expect(frame.locator("[aria-current]")).to_have_text(re.compile("0:20 Recap"))
    expect(title).to_have_attribute("href", re.compile(rf"{PATH}\?t=2\d$"))
    frame.get_by_role("link", name="0:40 Best tips").click()
    expect(frame.locator("[aria-current]")).to_have_text(re.compile("0:40 Best"))
    assert page.frames[1].url == f"{site}{PATH}/embed"
    frame.locator("audio").evaluate("audio => { audio.currentTime = 1 }")
    expect(frame.locator("[aria-current]")).to_have_count(0)


def test_it_starts_at_the_moment_in_the_url(site: str, page: Page, framed: Framed) -> None:
    frame = framed(page, f"{site}{PATH}/embed?t=20")
    expect(frame.get_by_text("From 0:20: Recap of AWS services")).to_be_visible()
    frame.locator("audio").evaluate("audio => { audio.muted = true; audio.play() }")
    assert 20 <= wait_for_audio(frame) < 25


def test_the_setting_lasts_until_the_next_visit(site: str, page: Page, framed: Framed) -> None:
    frame = framed(page, f"{site}{PATH}/embed")
    expect(frame.get_by_role("heading", name="Episode 9")).to_be_visible()
    page.reload()
    expect(frame.get_by_role("heading", name="Episode 9")).to_be_visible()


def test_no_other_page_is_framed(site: str, browser_page: Page, framed: Framed) -> None:
    refusals: list[str] = []
    browser_page.on("console", lambda message: refusals.append(message.text))
    frame = framed(browser_page, site + PATH)
    wait_until(browser_page, lambda: refusals)
    wait_until(browser_page, lambda: browser_page.frames[1].url.startswith("chrome-error:"))
    expect(frame.get_by_role("heading", name="Episode 9")).to_have_count(0)
    assert "frame-ancestors 'none'" in refusals[0]


def test_unreachable_audio_is_reported(site: str, page: Page, framed: Framed) -> None:
    frame = framed(page, f"{site}/podcast/1-episode-1/embed")
    frame.get_by_role("link", name=re.compile("Why Django")).click()
    expect(frame.get_by_role("link", name="Try the episode’s own page")).to_be_visible()


def test_without_scripts_a_chapter_is_a_link_to_itself(
    site: str, browser: Browser, framed: Framed
) -> None:
    context = browser.new_context(java_script_enabled=False)
    frame = framed(context.new_page(), f"{site}{PATH}/embed")
    frame.get_by_role("link", name=re.compile("Recap")).click()
    expect(frame.locator("audio")).to_have_attribute("src", re.compile(r"\.mp3#t=20$"))
    expect(frame.locator("[aria-current]")).to_have_text(re.compile("0:20 Recap"))
    context.close()


@pytest.mark.parametrize("width", [280, 640])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    site: str, browser_page: Page, width: int
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 380})
    page.goto(f"{site}{PATH}/embed?t=20")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert [(each["id"], each["nodes"]) for each in axe.run(page)] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
