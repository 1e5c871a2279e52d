"""Feeds made in a test, in the manner of other people's."""

from io import BytesIO, StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from transfer.importers.feed.fetch import OpenedFeed
from transfer.importers.feed.importer import import_feed
from transfer.importers.feed.items import Item, ItemReader
from transfer.importers.feed.validation import found_items, survey
from transfer.importers.report import Report

NEW_YORK = ZoneInfo("America/New_York")
NAMESPACES = " ".join(
    (
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
        'xmlns:podcast="https://podcastindex.org/namespace/1.0"',
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"',
        'xmlns:psc="http://podlove.org/simple-chapters"',
        'xmlns:atom="http://www.w3.org/2005/Atom"',
    )
)
CHANNEL = "<title>A Show</title><link>https://show.example/</link>"
ADDRESS = "https://show.example/feed.xml"


def item(number: int = 1, more: str = "", **parts: str) -> str:
    """An item with all that an episode needs. A part given replaces it; empty, it is left out."""
    url = f"https://show.example/audio/{number}.mp3"
    elements = {
        "title": f"<title>Episode of {number}</title>",
        "link": f"<link>https://show.example/{number}-an-episode</link>",
        "guid": f'<guid isPermaLink="false">guid-{number}</guid>',
        "date": f"<pubDate>Mon, {number:02} Jun 2020 00:00:00 -0400</pubDate>",
        "enclosure": f'<enclosure url="{url}" length="{number}000" type="audio/mpeg"/>',
        "duration": "<itunes:duration>1:00:00</itunes:duration>",
        "notes": "<description>Words about it.</description>",
    } | parts
    return f"<item>{''.join(elements.values())}{more}</item>"


def feed(*items: str, channel: str = CHANNEL, head: str = '<?xml version="1.0"?>') -> bytes:
    lines = [f'{head}<rss version="2.0" {NAMESPACES}><channel>{channel}', *items]
    return "\n".join([*lines, "</channel></rss>"]).encode()


def opened(data: bytes, name: str = "feed.xml", address: str = ADDRESS) -> OpenedFeed:
    return OpenedFeed(BytesIO(data), name, address)


def run(data: bytes, dry_run: bool = False, address: str = ADDRESS, *, theirs: bool = False) -> str:
    """Import; what is printed, the summary last."""
    out = StringIO()
    report = Report(out, dry_run, theirs)
    import_feed(opened(data, address=address), report)
    return out.getvalue() + report.summary()


def run_twice(data: bytes) -> str:
    """Import, then again: the second time nothing may change. What the first printed."""
    first = run(data)
    again = run(data)
    assert " 0 new, 0 changed, " in again, again
    return first


def read(data: bytes) -> list[Item]:
    """The items as read, without a database."""
    file = BytesIO(data)
    surveyed = survey(file, ADDRESS)
    found = found_items(file, surveyed.prefixes)
    return [
        ItemReader(each.node, each.line, ADDRESS, NEW_YORK).read() for each in found if each.node
    ]


def only(data: bytes) -> Item:
    (found,) = read(data)
    return found


def write(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)
