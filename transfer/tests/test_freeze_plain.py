"""A frozen copy works under a file server that has no rules, as `python -m http.server`."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urldefrag

import feedparser
import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from deploy.local.prepare import load_sample
from episodes.models import Enclosure, Episode
from show.models import Redirect
from tests.crawl import OPENER, Crawl, crawl
from transfer.tests.factories import frozen_catalogue

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Serve = Callable[[], str]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a plain file server of this folder."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def freeze(tmp_path: Path, settings) -> Iterator[Serve]:
    """Freezes the database and serves the copy, from files alone."""
    settings.STATIC_ROOT = tmp_path / "static"
    call_command("collectstatic", interactive=False, verbosity=0)
    with ExitStack() as stack:

        def frozen() -> str:
            call_command("freeze", str(tmp_path / "copy"))
            Episode.with_deleted.all().delete()
            shutil.rmtree(settings.MEDIA_ROOT)
            return stack.enter_context(served(tmp_path / "copy" / "site"))

        yield frozen


def crawl_all(site: str, named: str) -> Crawl:
    """Also what crawlers are asked to leave alone: people click on it."""
    found = crawl(site, named=named)
    links = [link.address for answer in found.answers.values() for link in answer.links]
    own = {urldefrag(link).url for link in links if link.startswith(f"{site}/")}
    rest = crawl(site, named=named, start=sorted(link.removeprefix(site) for link in own))
    found.answers |= rest.answers
    found.named_by |= rest.named_by
    return found


def text(address: str) -> str:
    with OPENER.open(address, timeout=10) as answer:
        return answer.read().decode()


def test_no_link_of_the_frozen_sample_is_broken(freeze: Serve, settings):
    load_sample()
    site = freeze()
    found = crawl_all(site, settings.SITE_URL)
    assert found.problems == []
    assert len(found.answers) > 1000
    asked = {address.removeprefix(site) for address in found.answers}
    assert "/follow/feed=/stack/flask/feed.xml/" in asked
    # A server of files answers no query; a time is for the page's script.
    assert [address for address in asked if "?" in address and "?t=" not in address] == []


def test_every_kind_of_address_leads_to_its_file(freeze: Serve, settings):
    frozen_catalogue()
    Enclosure.objects.filter(name="podcast-25.mp3").update(imported_url="")
    Redirect.objects.create(old_path="/old-feed.xml", new_path="/podcast/feed.xml")
    Redirect.objects.create(old_path="/blog/one.html", new_path="/podcast/1-number-1?t=60")
    site = freeze()
    assert crawl_all(site, settings.SITE_URL).problems == []

    second = text(f"{site}/podcast/page=2/")
    assert "Number 1<" in second
    assert "Number 25<" not in second
    assert 'href="/podcast/page=2/"' in text(f"{site}/podcast/")
    assert "<h1>Follow Flask</h1>" in text(f"{site}/follow/feed=/stack/flask/feed.xml/")
    assert "This is an archived copy" in text(f"{site}/search/")

    assert text(f"{site}/old-feed.xml") == text(f"{site}/podcast/feed.xml")
    for path, target in {
        "/25/": "/podcast/25-number-25",
        "/podcast/25/": "/podcast/25-number-25",
        "/tags/flask/": "/stack/flask",
        "/podcast/old-one/": "/podcast/1-number-1",
        "/blog/one.html": "/podcast/1-number-1?t=60",
    }.items():
        assert f'content="0; url={target}"' in text(site + path), path

    page = text(f"{site}/podcast/25-number-25/")
    assert text(f"{site}/audio/podcast-25.mp3") == "sound" * 1000
    assert "/audio/podcast-25.mp3" in page
    feed = feedparser.parse(text(f"{site}/podcast/feed.xml"))
    assert feed.entries[0].enclosures[0].href == f"{settings.SITE_URL}/audio/podcast-25.mp3"
    # Nothing redirects here: audio elsewhere is named by its own address.
    assert 'data-audio="https://audio.example.org/podcast-1.mp3"' in text(
        f"{site}/podcast/1-number-1/"
    )


@pytest.mark.browser
def test_a_link_to_a_moment_offers_to_play_it(freeze: Serve, browser_page: Page):
    frozen_catalogue()
    site = freeze()
    browser_page.goto(f"{site}/podcast/25-number-25?t=1526")
    button = browser_page.locator("main .listen [data-play]").first
    expect(button).to_contain_text("Play from 25:26: Backups")
    expect(browser_page.locator(".topics [aria-current]")).to_contain_text("Backups")
    browser_page.goto(f"{site}/podcast/")
    browser_page.get_by_role("link", name="Older", exact=True).click()
    expect(browser_page.get_by_role("link", name="Number 1", exact=True)).to_be_visible()
