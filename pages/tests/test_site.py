"""A crawl of the sample from the home page: every link, every head."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.test import Client
from protego import Protego

SITE = "https://show.example.org"
FIXTURES = Path(project.BASE_DIR) / "fixtures"
CLICKS = 4
# Files that no view serves in tests; `tests/clients` asks a running site for them.
ELSEWHERE = ("/static/", "/media/")


@dataclass
class Head(HTMLParser):
    """A page's links and metadata."""

    links: list[tuple[str, set[str]]] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    is_title: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        rel = set(given.get("rel", "").split())
        self.is_title = tag == "title" and "title" not in self.metadata
        if tag == "meta" and ("name" in given or "property" in given):
            self.metadata[given.get("name") or given["property"]] = given["content"]
        elif tag == "link" and "canonical" in rel:
            self.metadata["canonical"] = given["href"]
        else:
            named = {given.get("href", ""), given.get("src", "")} - {""}
            self.links += [(each, rel) for each in named]

    def handle_data(self, data: str) -> None:
        if self.is_title:
            self.metadata["title"] = data
        self.is_title = False


@dataclass
class Crawl:
    """Pages by path, their distance in clicks, and errors."""

    heads: dict[str, Head] = field(default_factory=dict)
    clicks: dict[str, int] = field(default_factory=dict)
    moments: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def indexed(self) -> Iterator[tuple[str, Head]]:
        """Pages that search engines may list under their own URL."""
        for path, head in self.heads.items():
            own = head.metadata.get("canonical") == SITE + path
            if own and "noindex" not in head.metadata.get("robots", ""):
                yield path, head


def crawl(client: Client) -> Crawl:
    rules = Protego.parse(client.get("/robots.txt").content.decode())
    found = Crawl(clicks={"/": 0})
    waiting = ["/"]
    for path in waiting:
        response = client.get(path)
        if response.status_code != 200:
            found.faults.append(f"{path}: {response.status_code}")
        if not response.headers["Content-Type"].startswith("text/html"):
            continue
        head = found.heads[path] = Head()
        head.feed(response.content.decode())
        for link, rel in head.links:
            target = urlsplit(urljoin(SITE + path, link))
            address = target.path + (f"?{target.query}" if target.query else "")
            if f"{target.scheme}://{target.netloc}" != SITE or address.startswith(ELSEWHERE):
                continue
            if not rules.can_fetch(SITE + address, "Googlebot"):
                if "nofollow" not in rel:
                    found.faults.append(f"{path} links {address}, which robots.txt forbids")
                continue
            if address.startswith("/audio/"):  # the sample has no recordings
                continue
            if target.query.startswith("t=") and urlsplit(path).path == target.path:
                # One moment of an episode represents all.
                if found.moments.setdefault(target.path, address) != address:
                    continue
            elif target.query.startswith("t="):
                address = target.path
            if "nofollow" not in rel and address not in found.clicks:
                found.clicks[address] = found.clicks[path] + 1
                waiting.append(address)
    return found


def load_sample() -> None:
    for name in ("show", "technologies", "questions"):
        call_command("loaddata", FIXTURES / f"{name}.json", verbosity=0)
    call_command(
        "import_show_notes", str(FIXTURES / "show-notes.txt"),
        facts=FIXTURES / "audio.tsv", stdout=StringIO(), stderr=StringIO(),
    )  # fmt: skip


def sitemap(client: Client) -> set[str]:
    def locations(path: str) -> list[str]:
        tree = ET.fromstring(client.get(path).content)
        return [(each.text or "").removeprefix(SITE) for each in tree.iterfind(".//{*}loc")]

    return {page for section in locations("/sitemap.xml") for page in locations(section)}


@pytest.mark.slow
@pytest.mark.django_db
def test_the_sample(client: Client, settings) -> None:
    """One crawl for all tests: it is slow."""
    settings.SITE_URL = SITE
    load_sample()
    found = crawl(client)
    assert len(found.heads) > 150
    assert found.faults == []
    indexed = dict(found.indexed())
    listed = sitemap(client)
    assert set(indexed) == listed
    assert {path for path in listed if found.clicks[path] > CLICKS} == set()
    for name in ("title", "description", "og:title", "og:url"):
        assert repeated(indexed, name) == {}
    assert [path for path in found.heads if not is_consistent(found, path)] == []


def repeated(heads: dict[str, Head], name: str) -> dict[str, list[str]]:
    """Texts that several pages share."""
    by_words: dict[str, list[str]] = {}
    for path, head in heads.items():
        by_words.setdefault(head.metadata[name], []).append(path)
    return {words: paths for words, paths in by_words.items() if len(paths) > 1}


def is_consistent(found: Crawl, path: str) -> bool:
    """Whether the canonical page is its own canonical, and og:url is right."""
    metadata = found.heads[path].metadata
    named = metadata["canonical"].removeprefix(SITE)
    if found.heads[named].metadata["canonical"] != SITE + named:
        return False
    if path.endswith("/embed"):  # other sites frame it; visitors share its episode
        return "og:url" not in metadata
    moment = re.search(r"\?t=\d+$", path)
    return metadata["og:url"] == SITE + named + (moment[0] if moment else "")
