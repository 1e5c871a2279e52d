"""Old addresses replayed against the site."""

import gzip
import threading
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError

from episodes.tests import factories
from media import views
from net.tests.servers import send, server
from show.models import Redirect
from transfer.tests.checkouts import run
from transfer.tests.feeds import CHANNEL, feed, item

pytestmark = pytest.mark.django_db

SITEMAP = """<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <url><loc>https://show.example/podcast/</loc></url>
  <url><loc> https://www.show.example/podcast/1-a-site </loc></url>
  <url><loc>https://show.example/podcast/nothing?a=1&amp;b=2</loc></url>
  <url><loc>https://elsewhere.example/nothing</loc></url>
</urlset>
"""
LINE = '203.0.113.9 - - [01/Jun/2020:04:00:00 +0000] "{} HTTP/1.1" {} 512'
LOG = "\n".join(
    [
        LINE.format("GET /podcast/1-a-site", 200) + ' "https://a.example/" "An app"',
        LINE.format("GET /podcast/1-a-site.html?utm_source=x", 200),
        LINE.format("HEAD /old-1", 301),
        LINE.format("GET /old-2", 200),
        LINE.format("GET /old-2", 200),
        LINE.format("GET /wp-login.php", 404),
        LINE.format("POST /form", 200),
        "not a line of a log at all \x00",
    ]
)


@pytest.fixture(autouse=True)
def site(settings) -> None:
    settings.SITE_URL = "http://show.example"
    settings.ALLOWED_HOSTS = ["show.example"]
    factories.show(website="https://show.example")
    factories.episode(number=1, slug="1-a-site")
    Redirect.objects.create(old_path="/old-1", new_path="/podcast/1-a-site")
    Redirect.objects.create(old_path="/gone", new_path="")
    Redirect.objects.create(old_path="/into-nothing", new_path="/never-was")


def check(tmp_path: Path, text: str) -> str:
    file = tmp_path / "addresses"
    file.write_text(text)
    return run("check_urls", str(file))


def test_a_sitemap(tmp_path: Path):
    out = check(tmp_path, SITEMAP)
    assert out == (
        "/podcast/nothing?a=1&b=2: 404\n"
        "3 addresses: 2 answer, 0 redirect once, 0 are gone for good, 1 fail\nexit 1"
    )


def test_a_feed(tmp_path: Path):
    names = """<rss><channel><link>https://show.example/</link>
      <itunes:image href="https://show.example/assets/cover.png"/>
      <item><link>https://show.example/podcast/1-a-site</link><description>
      &lt;a href="https://show.example/podcast/?page=1&amp;amp;x=2">&lt;/a> See
      https://show.example/podcast/1-a-site.</description></item></channel></rss>"""
    out = check(tmp_path, names)
    assert out.startswith("/assets/cover.png: 404\n4 addresses: ")


def test_an_access_log_asks_what_the_old_site_answered(tmp_path: Path):
    out = check(tmp_path, LOG)
    assert "/old-2: 404 (2 times)\n" in out
    assert "4 addresses: 1 answer, 2 redirect once, 0 are gone for good, 1 fail" in out


def test_a_list(tmp_path: Path):
    out = check(tmp_path, "# ours\n/gone\nhttps://show.example/into-nothing\n/podcast/1-a-site\n")
    assert "/into-nothing: 301 to /never-was, which answers 404\n" in out
    assert "3 addresses: 1 answer, 0 redirect once, 1 are gone for good, 1 fail" in out


def test_audio_is_followed_to_where_it_lies(tmp_path: Path):
    row = factories.episode(number=2, slug="2-another")
    row.enclosure.file.save("2.mp3", ContentFile(b"audio"))
    out = check(tmp_path, f"/audio/{row.enclosure.name}")
    assert out == "1 addresses: 0 answer, 1 redirect once, 0 are gone for good, 0 fail\n"


def test_more_recordings_than_may_stream_at_once(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(views, "streams", threading.BoundedSemaphore(1))
    paths = []
    for number in (2, 3):
        row = factories.episode(number=number, slug=f"{number}-long")
        row.enclosure.file.save(f"{number}.mp3", ContentFile(bytes(views.SMALL + 1)))
        paths += [f"/audio/{row.enclosure.name}", row.enclosure.file.url]
    out = check(tmp_path, "\n".join(paths))
    assert out == "4 addresses: 2 answer, 2 redirect once, 0 are gone for good, 0 fail\n"


@pytest.mark.parametrize("command", ["check_urls", "compare_feed"])
def test_without_static_files_it_says_what_to_do(tmp_path: Path, settings, command: str):
    settings.STATIC_ROOT = tmp_path / "none"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "media.storages.HashedStaticFiles"}
    }
    (tmp_path / "old").write_text("https://show.example/")
    with pytest.raises(CommandError, match="manage collectstatic"):
        run(command, str(tmp_path / "old"))


def test_a_file_that_names_no_address_of_ours(tmp_path: Path):
    with pytest.raises(Exception, match=r"no address on show\.example in it"):
        check(tmp_path, "https://elsewhere.example/x")


def test_a_log_in_gzip(tmp_path: Path):
    file = tmp_path / "access.log.gz"
    file.write_bytes(gzip.compress(LOG.encode()))
    assert "/old-2: 404 (2 times)\n" in run("check_urls", str(file))


def test_all_pages_of_a_feed_at_its_address():
    link = "<link>https://show.example/podcast/{}</link>"
    pages = {
        "/feed.xml": feed(
            item(2, link=link.format("new")),
            channel=f'{CHANNEL}<atom:link rel="next" href="?page=2"/>',
        ),
        "/feed.xml?page=2": feed(item(1, link=link.format("oldest"))),
    }

    def answering(handler) -> None:
        send(handler, pages[handler.path])

    with server(answering) as origin:
        out = run("check_urls", f"{origin}/feed.xml")
    assert "/podcast/new: 404" in out and "/podcast/oldest: 404" in out


def test_of_a_feed_in_a_file_that_has_more_pages_it_says_so(tmp_path: Path):
    data = feed(item(1), channel=f'{CHANNEL}<atom:link rel="next" href="https://a.example/2"/>')
    assert "warning: This is one page of a feed" in check(tmp_path, data.decode())
