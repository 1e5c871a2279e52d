"""Every feed as libraries read it that apps, directories and aggregators are made of."""

import calendar
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import podcastparser
import pytest

from episodes.models import Episode
from tests.clients.conftest import fetch
from tests.clients.programs import ask_node, npm_module

pytestmark = pytest.mark.clients

# The library's log goes to the standard output too; what it read is the last line.
READ = """
const { readFileSync } = require("node:fs");
const [library, ...files] = process.argv.slice(1);
const { parseFeed } = require(library);
console.log("\\n" + JSON.stringify(files.map((file) => parseFeed(readFileSync(file, "utf8")))));
"""


@dataclass(frozen=True, slots=True)
class Item:
    """What an app makes of an episode. Times are Unix times; empty and 0 without audio."""

    guid: str
    title: str
    link: str
    published: int
    audio: str
    bytes: int
    seconds: int


def expected(row: Episode, site: str) -> Item:
    audio = getattr(row, "enclosure", None)
    return Item(
        row.guid,
        row.title,
        site + row.get_absolute_url(),
        int(row.published_at.timestamp()),
        site + audio.path if audio else "",
        audio.bytes if audio else 0,
        row.seconds or 0,
    )


def by_feedparser(contents: list[bytes], folder: Path) -> list[list[Item]]:
    def items(content: bytes) -> list[Item]:
        read = feedparser.parse(content)
        assert not read.bozo, read.bozo_exception
        return [
            Item(
                entry.id,
                entry.title,
                entry.link,
                calendar.timegm(entry.published_parsed),
                entry.enclosures[0].href if entry.enclosures else "",
                int(entry.enclosures[0].length) if entry.enclosures else 0,
                int(entry.get("itunes_duration", 0)),
            )
            for entry in read.entries
        ]

    return [items(content) for content in contents]


def by_podcastparser(contents: list[bytes], folder: Path) -> list[list[Item]]:
    def item(read: dict[str, Any]) -> Item:
        audio = (read["enclosures"] or [{"url": "", "file_size": 0}])[0]
        words = (read["guid"], read["title"], read["link"], read["published"])
        return Item(*words, audio["url"], audio["file_size"], read["total_time"])

    feeds = [podcastparser.parse("https://unused.example", BytesIO(each)) for each in contents]
    return [[item(each) for each in feed["episodes"]] for feed in feeds]


def by_feedsmith(contents: list[bytes], folder: Path) -> list[list[Item]]:
    def item(read: dict[str, Any]) -> Item:
        audio = read.get("enclosures", [{"url": "", "length": 0}])[0]
        published = int(parsedate_to_datetime(read["pubDate"]).timestamp())
        words = (read["guid"]["value"], read["title"], read["link"], published)
        return Item(*words, audio["url"], audio["length"], read["itunes"].get("duration", 0))

    feeds = read_by_node("feedsmith", contents, folder)
    return [[item(each) for each in feed["feed"]["items"]] for feed in feeds]


def by_partytime(contents: list[bytes], folder: Path) -> list[list[Item]]:
    def item(read: dict[str, Any]) -> Item:
        audio = read["enclosure"]
        published = int(datetime.fromisoformat(read["pubDate"]).timestamp())
        words = (read["guid"], read["title"], read["link"], published)
        return Item(*words, audio["url"], audio["length"], read["duration"])

    feeds = read_by_node("podcast-partytime", contents, folder)
    return [[item(each) for each in feed["items"]] for feed in feeds]


def read_by_node(library: str, contents: list[bytes], folder: Path) -> list[dict[str, Any]]:
    npm_module(library)
    files = [folder / f"{number}.xml" for number in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    return json.loads(ask_node(READ, library, *files).splitlines()[-1])


Reader = Callable[[list[bytes], Path], list[list[Item]]]


@pytest.mark.parametrize(
    "readers",
    [[by_feedparser, by_podcastparser], [by_feedsmith, by_partytime]],
    ids=["python", "node"],
)
def test_every_feed_is_read_as_it_is_meant(
    readers: list[Reader], site: str, feeds: dict[str, bytes], tmp_path: Path
) -> None:
    rows = {row.guid: expected(row, site) for row in Episode.objects.select_related("enclosure")}
    for read in readers:
        # partytime keeps only items with audio.
        sent = "item/enclosure/../guid" if read is by_partytime else "item/guid"
        for address, items in zip(feeds, read([*feeds.values()], tmp_path), strict=True):
            channel = ElementTree.fromstring(feeds[address]).find("channel")
            assert items == [rows[guid.text or ""] for guid in channel.findall(sent)], address
    assert {f"{site}/podcast/feed.xml", f"{site}/interviews/feed.xml"} < {*feeds}


def test_podcasting_20_is_understood(site: str, tmp_path: Path) -> None:
    feed = [fetch(f"{site}/podcast/feed.xml")]
    party = read_by_node("podcast-partytime", feed, tmp_path)[0]
    assert party["medium"] == "podcast"
    newest = party["items"][0]
    assert newest["podcastChapters"]["url"] == f"{site}/podcast/3-episode-3/chapters.json"
    people = [(each["name"], each["role"]) for each in newest["podcastPeople"]]
    assert people == [("Nick Janetakis", "Host"), ("Guest 3", "Guest"), ("Ann Other", "Guest")]

    smith = read_by_node("feedsmith", feed, tmp_path)[0]["feed"]["items"][0]
    assert smith["podcast"]["episode"] == {"number": 3}
    assert [each["title"] for each in smith["psc"]["chapters"]][1:] == [
        "Why Django and Redis", "Recap of AWS services", "Best tips? Ship <early>"
    ]  # fmt: skip
