"""Chromium plays and reads public audio from a page of another site, with and without nginx."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from desk.models import PreviewLink
from episodes.models import Episode
from episodes.tests import factories
from pages.tests.factories import catalogue, full_episode
from tests.browser.test_moments import SILENT_FRAME
from tests.nginx_harness import Deployment
from tests.production import behind_nginx, database_url, eventually
from tests.test_cross_origin import card_path

pytestmark = [
    pytest.mark.production, pytest.mark.browser, pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]  # fmt: skip

PATH = "/podcast/9-episode-9"
LENGTH = 1000 * len(SILENT_FRAME)  # bytes
PLAY = """async ([url, crossorigin]) => {
  const audio = document.createElement("audio");
  if (crossorigin) audio.crossOrigin = "anonymous";
  audio.muted = true;
  audio.src = url;
  document.body.append(audio);
  try { await audio.play(); } catch (error) { return String(error); }
  while (audio.currentTime === 0) await new Promise(requestAnimationFrame);
  audio.pause();
  return "plays";
}"""
FETCH = """async ([url, options]) => {
  try {
    const answer = await fetch(url, options);
    const body = await answer.arrayBuffer();
    const names = ["content-range", "accept-ranges", "content-length", "etag"];
    return [answer.status, body.byteLength, names.map((name) => answer.headers.get(name))];
  } catch (error) { return String(error); }
}"""
IMAGE = """async ([url, crossorigin]) => {
  const image = new Image();
  if (crossorigin) image.crossOrigin = "anonymous";
  image.src = url;
  try { await image.decode(); } catch (error) { return String(error); }
  return image.naturalWidth;
}"""


class Player(BaseHTTPRequestHandler):
    """An empty page of another site, or one with a frame of the address after `?`."""

    def do_GET(self) -> None:
        address = self.path.partition("?")[2]
        frame = f'<iframe src="{address}" width="640" height="380"></iframe>' if address else ""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>Player</title><body>{frame}".encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def programs(collected: str, settings: Any, tmp_path: Path) -> Iterator[Deployment]:
    """Episode 9 is half a minute of silence."""
    catalogue(1)
    env = behind_nginx(database_url(), collected, tmp_path)
    settings.MEDIA_ROOT = Path(env["MEDIA_ROOT"])
    row = full_episode(9, seconds=60)
    row.enclosure.file.save(row.enclosure.name, ContentFile(SILENT_FRAME * 1000))
    with Deployment(tmp_path / "deployment", env) as running:
        eventually(lambda: running.get(PATH).status == 200)
        yield running


@pytest.fixture
def sites(programs: Deployment) -> tuple[str, str]:
    """Where the site answers: behind nginx, and without."""
    ports = (programs.port, programs.site_ports[0])
    behind, without = (f"http://127.0.0.1:{port}" for port in ports)
    return behind, without


@pytest.fixture
def page(browser_page: Page) -> Iterator[Page]:
    """A page of another site: another host and port."""
    player = ThreadingHTTPServer(("127.0.0.1", 0), Player)
    threading.Thread(target=player.serve_forever, daemon=True).start()
    browser_page.goto(f"http://localhost:{player.server_port}/")
    yield browser_page
    player.shutdown()


def recording() -> str:
    return str(Episode.objects.get(number=9).enclosure.file.url)


def test_audio_plays_and_is_read_from_any_site(sites: tuple[str, str], page: Page) -> None:
    paths = ("/audio/podcast-9.mp3", "/assets/podcast/podcast-9.mp3", recording())
    for url in (site + path for site in sites for path in paths):
        for crossorigin in (False, True):
            assert page.evaluate(PLAY, [url, crossorigin]) == "plays", (url, crossorigin)
        # Browsers send the first range at once, and ask first about the second and the header.
        for sent, first, last in (("bytes=0-99", 0, 99), ("bytes=-50", LENGTH - 50, LENGTH - 1)):
            answer = page.evaluate(FETCH, [url, {"headers": {"Range": sent}}])
            length = last - first + 1
            assert answer[:2] == [206, length], (url, answer)
            assert answer[2][0] == f"bytes {first}-{last}/{LENGTH}"
            assert answer[2][2] == str(length) and answer[2][3]
        whole = page.evaluate(FETCH, [url, {"headers": {"If-None-Match": '"another"'}}])
        assert whole[:2] == [200, LENGTH]


def test_texts_and_images_are_read_from_any_site(
    sites: tuple[str, str], page: Page, programs: Deployment
) -> None:
    for site in sites:
        for path in (f"{PATH}/chapters.json", "/podcast/feed.xml", "/search.json?q=queues"):
            assert page.evaluate(FETCH, [site + path, {}])[0] == 200, path
        card = card_path(programs.get(PATH).body.decode())
        for crossorigin in (False, True):
            assert page.evaluate(IMAGE, [site + card, crossorigin]) == 1200


def test_pages_and_previews_are_not(sites: tuple[str, str], page: Page) -> None:
    draft = factories.episode("Unannounced", 10, status=Episode.Status.DRAFT)
    draft.enclosure.file.save("10.mp3", ContentFile(SILENT_FRAME * 1000))
    tomorrow = timezone.now() + timedelta(days=1)
    link = PreviewLink.objects.create(episode=draft, expires_at=tomorrow, recipient="Ann")
    preview = f"/preview/{link.token}"
    paths = (PATH, "/admin/login/", preview, f"{preview}/audio")
    for url in (site + path for site in sites for path in paths):
        for mode in ("cors", "no-cors"):
            assert "TypeError" in page.evaluate(FETCH, [url, {"mode": mode}]), (url, mode)
    for site in sites:
        for crossorigin in (False, True):
            played = page.evaluate(PLAY, [f"{site}{preview}/audio", crossorigin])
            assert "NotSupportedError" in played


def test_the_player_goes_on_in_a_frame(sites: tuple[str, str], page: Page) -> None:
    player = page.url
    for site in sites:
        page.goto(f"{player}?{site}{PATH}/embed")
        frame = page.frame_locator("iframe")
        expect(frame.get_by_role("link", name="Episode 9")).to_be_visible()
        assert frame.locator("audio").evaluate(
            """async (audio) => {
              audio.muted = true;
              await audio.play();
              while (audio.currentTime === 0) await new Promise(requestAnimationFrame);
              return audio.paused;
            }"""
        ) is False  # fmt: skip
