"""An item of a feed, read: what it says of an episode, and what is wrong with it. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from mimetypes import guess_type
from typing import Any, TypeVar
from urllib.parse import unquote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from notes.grammar.draft import EnclosureFacts, TopicDraft
from notes.grammar.lines import clean, one_line
from text.names import SLUG_PATTERN
from text.problems import Problem, warning
from text.urls import is_web_url
from transfer.importers.feed.html_to_markdown import escaped
from transfer.importers.feed.values import (
    read_date,
    read_duration,
    read_start,
    read_truth,
    read_whole,
)
from transfer.importers.feed.xml_tree import Node

DATES = ("pubdate", "dc:date", "atom:published", "published", "atom:updated", "date")
NOTES = ("content:encoded", "description", "itunes:summary", "googleplay:description")
TYPES = {"full", "trailer", "bonus"}
MOST_NUMBER, MOST_SEASON, MOST_BYTES = 999_999, 32_767, 10**12
LONGEST_NOTES = 200_000
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str
    href: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A file that an item links: chapters or a transcript."""

    url: str
    type: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What an item states; None or empty where it states nothing that can be read."""

    line: int
    guid: str = ""
    title: str = ""
    link: str = ""
    published: datetime | None = None
    summary: str = ""
    notes: str = ""
    enclosure: EnclosureFacts | None = None
    number: int | None = None
    season: int | None = None
    type: str | None = None
    explicit: bool | None = None
    image: str = ""
    people: tuple[Person, ...] = ()
    chapters: tuple[TopicDraft, ...] = ()
    chapters_file: Linked | None = None
    transcripts: tuple[Linked, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    @property
    def slug(self) -> str | None:
        """The end of the link's path, where that can be an address here."""
        return slug_of(self.link)


def slug_of(link: str) -> str | None:
    path = urlsplit(link).path if is_web_url(link) else ""
    last = unquote(path.rstrip("/").rpartition("/")[2]).removesuffix(".html")
    return last if re.fullmatch(SLUG_PATTERN, last) and len(last) <= 150 else None


def identity(node: Node, base: str = "") -> str:
    """What apps know the item by: its GUID, without one its enclosure's address, else its link."""
    guid = node.value("guid", "atom:id", "id")
    address = guid or node.attribute("enclosure", "url") or link_of(node)
    return address if guid else absolute(address, base)


def link_of(node: Node) -> str:
    return (
        node.value("link") or node.attribute("atom:link", "href") or node.attribute("link", "href")
    )


def absolute(address: str, base: str) -> str:
    """An address as it stands, or, where it is relative or has spaces, as it is meant."""
    address = address.strip().replace(" ", "%20")
    if is_web_url(address) or not address:
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def read_item(node: Node, line: int, base: str, zone: ZoneInfo) -> Item:
    """Read one item. `base` is what relative addresses begin from, `zone` the show's."""
    return _Reader(node, line, base, zone).read()


class _Reader:
    def __init__(self, node: Node, line: int, base: str, zone: ZoneInfo) -> None:
        self.node, self.line, self.base, self.zone = node, line, base, zone
        self.problems: list[Problem] = []

    def read(self) -> Item:
        node = self.node
        return Item(
            line=self.line,
            guid=identity(node, self.base),
            title=plain(node.value("title", "itunes:title")),
            link=absolute(link_of(node), self.base),
            published=self.published(),
            summary=self.summary(),
            notes=self.notes(),
            enclosure=self.enclosure(),
            number=self.whole(MOST_NUMBER, "itunes:episode", "podcast:episode"),
            season=self.whole(MOST_SEASON, "itunes:season", "podcast:season"),
            type=self.type(),
            explicit=read_truth(node.value("itunes:explicit", "googleplay:explicit")),
            image=self.address(node.attribute("itunes:image", "href"), "image"),
            people=people(node),
            chapters=self.chapters(),
            chapters_file=next(iter(self.linked("podcast:chapters")), None),
            transcripts=tuple(self.linked("podcast:transcript")),
            problems=self.problems,
        )

    def warn(self, message: str, field: str, value: str) -> None:
        self.problems.append(warning(message, self.line, field=field, value=value[:200]))

    def tried(self, read: Callable[..., Read], value: str, field: str, *more: Any) -> Read | None:
        """The value read; where that fails, a warning that says why."""
        try:
            return read(value, *more)
        except ValueError as wrong:
            self.warn(f"{wrong}; left out.", field, value)
            return None

    def published(self) -> datetime | None:
        value = self.node.value(*DATES)
        return self.tried(read_date, value, "pubDate", self.zone) if value else None

    def whole(self, most: int, *names: str) -> int | None:
        return self.tried(read_whole, self.node.value(*names), names[0].split(":")[1], most)

    def address(self, value: str, field: str) -> str:
        address = absolute(value, self.base)
        if address and not is_web_url(address):
            self.warn("No web address; left out.", field, address)
            return ""
        return address

    def type(self) -> str | None:
        value = self.node.value("itunes:episodetype").lower()
        if value and value not in TYPES:
            self.warn("Neither full, trailer nor bonus; left out.", "episodeType", value)
        return value if value in TYPES else None

    def notes(self) -> str:
        value = self.node.value(*NOTES)
        if len(value) > LONGEST_NOTES:
            self.warn(f"Longer than {LONGEST_NOTES:,} characters; cut.", "notes", value)
        return value[:LONGEST_NOTES]

    def summary(self) -> str:
        """The short text beside the notes; nothing where it only repeats how they begin."""
        notes = words(self.notes_without_warning())
        for name in ("description", "itunes:summary", "itunes:subtitle"):
            value = words(self.node.value(name))
            if value and len(value) <= 4000 and not notes.startswith(value.rstrip("…. ")):
                return value
        return ""

    def notes_without_warning(self) -> str:
        return self.node.value(*NOTES)[:LONGEST_NOTES]

    def enclosure(self) -> EnclosureFacts | None:
        nodes = [*self.node.all("enclosure"), *self.node.all("media:content")]
        nodes = [node for node in nodes if node.attributes.get("url", "").strip()]
        if not nodes:
            return None
        # Some items carry their picture as an enclosure, too.
        sounding = [n for n in nodes if not n.attributes.get("type", "").startswith("image/")]
        values = (sounding or nodes)[0].attributes
        url = absolute(values["url"], self.base)
        if not is_web_url(url):
            self.warn("No web address; the episode comes without audio.", "enclosure", url)
            return None
        size = values.get("length") or values.get("filesize") or ""
        seconds = self.node.value("itunes:duration") or values.get("duration", "")
        return EnclosureFacts(
            url=url,
            bytes=self.tried(read_whole, size, "length", MOST_BYTES) or None,
            seconds=self.tried(read_duration, seconds, "duration"),
            type=values.get("type", "").strip() or guess_type(urlsplit(url).path)[0],
        )

    def chapters(self) -> tuple[TopicDraft, ...]:
        """Podlove Simple Chapters within the item."""
        nodes = [c for outer in self.node.all("psc:chapters") for c in outer.all("psc:chapter")]
        found = []
        for node in nodes:
            title = plain(node.attributes.get("title", ""))
            seconds = self.tried(read_start, node.attributes.get("start", ""), "chapter")
            if title and seconds is not None:
                found.append(TopicDraft(seconds, escaped(title)))
        return tuple(sorted(found, key=lambda topic: topic.seconds))

    def linked(self, name: str) -> list[Linked]:
        nodes = (node.attributes for node in self.node.all(name))
        found = (
            Linked(absolute(values.get("url", ""), self.base), values.get("type", "").lower(),
                   values.get("language", ""))
            for values in nodes
        )  # fmt: skip
        return [file for file in found if is_web_url(file.url)]


def people(node: Node) -> tuple[Person, ...]:
    """The persons of an item or channel; one without a role is a host (podcast namespace)."""
    return tuple(
        Person(
            plain(person.text),
            person.attributes.get("role", "").strip().lower() or "host",
            person.attributes.get("href", "").strip(),
        )
        for person in node.all("podcast:person")
        if person.text and person.attributes.get("group", "cast").strip().lower() in ("", "cast")
    )


def plain(value: str) -> str:
    """One line of words; entities that were escaped twice are read twice."""
    return one_line(clean(unescape(value)))


def words(value: str) -> str:
    """The words of HTML or plain text, on one line."""
    return plain(re.sub(r"<[^<>]*>", " ", value))
