"""The crawler finds what is broken, and leaves alone what it is asked to."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.crawl import crawl

NAMED = "https://show.example"
SITEMAP = (
    f"""<urlset><url><loc>{NAMED}/</loc></url><url><loc>{NAMED}/only-here</loc></url></urlset>"""
)
FEED = f"""<rss><channel><link>{NAMED}/in-feed</link><item>
<description>&lt;p&gt;&lt;a href="/in-notes"&gt;x&lt;/a&gt;&lt;/p&gt;</description>
<enclosure url="{NAMED}/audio/1.mp3" length="1" type="audio/mpeg"/></item></channel></rss>"""
HOME = """<link rel="stylesheet" href="/style.css"><link rel="canonical" href="https://show.example/">
<script type="application/ld+json">{"url": "https://show.example/in-data", "target":
"https://show.example/search?q={words}"}</script>
<h1 id="top">x</h1><a href="#top">x</a><a href="#nowhere">x</a><a href="#1:02:03">x</a>
<a href="page?x=1">x</a><a href="/missing">x</a><a href="/one">x</a><a href="/private/1">x</a>
<a href="/private/open">x</a>
<a href="/list?a=1&amp;b=2">x</a><a rel="nofollow" href="/endless">x</a><a href="/left?t=1">x</a>
<a href="https://elsewhere.example/">x</a><a href="mailto:host@example.org">x</a>
<img src="/a.png" srcset="/b.png 2x"><a href="/feed.xml">x</a>"""

SITE: dict[str, tuple[int, str, str]] = {
    "/": (200, "text/html", HOME),
    "/robots.txt": (
        200,
        "text/plain",
        "User-agent: Bad\nDisallow: /page\n\nUser-agent: *\nDisallow: /private/\n"
        "Allow: /private/open\n"
        f"Disallow: /*&b=\nDisallow: /a.pn$\n\nSitemap: {NAMED}/sitemap.xml\n",
    ),
    "/sitemap.xml": (200, "application/xml", SITEMAP),
    "/feed.xml": (200, "application/rss+xml", FEED),
    "/style.css": (200, "text/css", "@import '/more.css'; i { background: url(c.svg) }"),
    "/more.css": (200, "text/css", ""),
    "/broken.json": (200, "application/json", "{"),
    "/page?x=1": (200, "text/html", '<a href="/broken.json">x</a>'),
    "/one": (301, "/two", ""),
    "/two": (302, f"{NAMED}/three", ""),
    "/audio/1.mp3": (302, "https://store.example/1.mp3", ""),
}  # fmt: skip
PLAIN = "/only-here /in-feed /in-notes /in-data /a.png /b.png /c.svg /three /private/open".split()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        plain = (200, "text/html", "") if self.path in PLAIN else (404, "text/html", "")
        status, head, body = SITE.get(self.path, plain)
        self.send_response(status)
        self.send_header("Location" if status in (301, 302) else "Content-Type", head)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_all_that_is_named_is_asked_and_nothing_else(site: str) -> None:
    found = crawl(site, named=NAMED, leave=["/*?t="])
    asked = {address.removeprefix(site) for address in found.answers}
    assert asked == {*SITE, *PLAIN, "/missing"}
    assert found.answers[f"{site}/"].canonical == f"{site}/"


def test_problems_are_told_with_who_names_them(site: str) -> None:
    assert sorted(crawl(site, named=NAMED, leave=["/left"]).problems) == [
        f"{site}/#nowhere: no such place, named by {site}/",
        f"{site}/broken.json: can't be read, "
        "Expecting property name enclosed in double quotes: line 1 column 2 (char 1), "
        f"named by {site}/page?x=1",
        f"{site}/missing: 404, named by {site}/",
        f"{site}/one: redirects to a redirect, {site}/two, named by {site}/",
    ]


def test_a_trap_without_end_is_noticed(site: str) -> None:
    with pytest.raises(OverflowError, match="More than 5 addresses"):
        crawl(site, named=NAMED, most=5)
