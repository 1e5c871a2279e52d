"""A site for clients to visit: it runs, it knows its own address, and its audio can be heard."""

from urllib.request import urlopen

import pytest
from django.core.files.base import ContentFile
from pytest_django.live_server_helper import LiveServer

from episodes.models import Episode
from pages.tests.factories import catalogue
from tests.browser.test_moments import SILENT_FRAME
from tests.crawl import crawl

FRAMES_A_SECOND = 44_100 / 1152


@pytest.fixture
def running(
    live_server: LiveServer, settings, transactional_db, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The address of a running site without rows."""
    settings.SITE_URL = live_server.url
    # The test server's own way to serve uploads knows no ranges; ours does.
    monkeypatch.setattr("django.test.testcases._MediaFilesHandler._should_handle", lambda *_: False)
    return live_server.url


@pytest.fixture
def site(running: str) -> str:
    """The address of a site of three episodes, whose audio is 10, 20 and 30 seconds long."""
    for row in catalogue(3):
        store_audio(row, seconds=10 * (row.number or 0))
    return running


def store_audio(row: Episode, seconds: int) -> None:
    """Give the episode an MP3 file of silence, as if the host had uploaded it."""
    content = SILENT_FRAME * round(seconds * FRAMES_A_SECOND)
    audio = row.enclosure
    audio.imported_url, audio.url = "", ""
    audio.bytes, audio.seconds = len(content), seconds
    audio.file.save(audio.name, ContentFile(content))


@pytest.fixture
def feeds(site: str) -> dict[str, bytes]:
    """Every feed that the site names anywhere, by its address."""
    found = crawl(site, leave=["/*?t=", "/*&"]).answers
    addresses = [address for address, answer in found.items() if "rss" in answer.type]
    return {address: fetch(address) for address in addresses}


def fetch(address: str) -> bytes:
    with urlopen(address, timeout=30) as response:
        return response.read()
