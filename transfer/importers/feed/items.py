"""Reads an item of a feed: its values, and the problems in it. Pure."""

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
from transfer.importers.feed import values
from transfer.importers.feed.xml_tree import Node
from transfer.importers.html_to_markdown import escaped

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
class LinkedFile:
    """A file that an item links: chapters or a transcript."""

    url: str
    type: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item's values; None or empty where it states nothing that can be read."""

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
    chapters_file: LinkedFile | None = None
    transcripts: tuple[LinkedFile, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    @property
    def slug(self) -> str | None:
        """The last part of the link's path, if it can be a slug here."""
        return slug_of(self.link)


def slug_of(link: str) -> str | None:
    path = urlsplit(link).path if is_web_url(link) else ""
    last = unquote(path.rstrip("/").rpartition("/")[2]).removesuffix(".html")
    return last if re.fullmatch(SLUG_PATTERN, last) and len(last) <= 150 else None


def identity(node: Node, base: str = "") -> str:
    """What identifies the item for apps: its GUID, else its enclosure's address, else its link."""
    guid = node.value("guid", "atom:id", "id")
    address = guid or node.attribute("enclosure", "url") or link_of(node)
    return address if guid else absolute(address, base)


def link_of(node: Node) -> str:
    attributes = (node.attribute(name, "href") for name in ("atom:link", "link"))
    return node.value("link") or next(filter(None, attributes), "")


def absolute(address: str, base: str) -> str:
    """The address; a relative one is joined to `base`, and spaces are encoded."""
    address = address.strip().replace(" ", "%20")
    if is_web_url(address) or not address:
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


@dataclass(slots=True)
class ItemReader:
    """Reads one item. `base` is for relative addresses, `zone` the show's."""

    node: Node
    line: int
    base: str
    zone: ZoneInfo
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Item:
        node, notes = self.node, self.notes()
        return Item(
            line=self.line,
            guid=identity(node, self.base),
            title=plain(node.value("title", "itunes:title")),
            link=absolute(link_of(node), self.base),
            published=self.published(),
            summary=self.summary(notes),
            notes=notes,
            enclosure=self.enclosure(),
            number=self.whole(MOST_NUMBER, "episode"),
            season=self.whole(MOST_SEASON, "season"),
            type=self.type(),
            explicit=values.read_boolean(node.value("itunes:explicit", "googleplay:explicit")),
            image=self.address(node.attribute("itunes:image", "href"), "image"),
            people=people(node),
            chapters=self.chapters(),
            chapters_file=next(iter(self.linked("podcast:chapters")), None),
            transcripts=tuple(self.linked("podcast:transcript")),
            problems=self.problems,
        )

    def warn(self, message: str, field: str, value: str) -> None:
        self.problems.append(warning(message, self.line, field=field, value=value[:200]))

    def try_read(
        self, read: Callable[..., Read], value: str, field: str, *more: Any
    ) -> Read | None:
        """What `read` returns; None and a warning where it raises ValueError."""
        try:
            return read(value, *more)
        except ValueError as wrong:
            self.warn(f"{wrong}; left out.", field, value)
            return None

    def published(self) -> datetime | None:
        value = self.node.value(*DATES)
        return self.try_read(values.read_date, value, "pubDate", self.zone) if value else None

    def whole(self, most: int, name: str) -> int | None:
        value = self.node.value(f"itunes:{name}", f"podcast:{name}")
        return self.try_read(values.read_whole, value, name, most)

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

    def summary(self, notes: str) -> str:
        """A text other than the notes; one that only repeats their beginning doesn't count."""
        notes = words(notes)
        for name in ("description", "itunes:summary", "itunes:subtitle"):
            value = words(self.node.value(name))
            if value and len(value) <= 4000 and not notes.startswith(value.rstrip("…. ")):
                return value
        return ""

    def enclosure(self) -> EnclosureFacts | None:
        nodes = [*self.node.all("enclosure"), *self.node.all("media:content")]
        nodes = [node for node in nodes if node.get("url")]
        if not nodes:
            return None
        # Some items have their image as an enclosure, too.
        audio = [n for n in nodes if not n.get("type").startswith("image/")]
        chosen = (audio or nodes)[0]
        url = absolute(chosen.get("url"), self.base)
        if not is_web_url(url):
            self.warn("No web address; the episode comes without audio.", "enclosure", url)
            return None
        size = chosen.get("length") or chosen.get("filesize")
        seconds = self.node.value("itunes:duration") or chosen.get("duration")
        return EnclosureFacts(
            url=url,
            bytes=self.try_read(values.read_whole, size, "length", MOST_BYTES) or None,
            seconds=self.try_read(values.read_duration, seconds, "duration"),
            type=chosen.get("type") or guess_type(urlsplit(url).path)[0],
        )

    def chapters(self) -> tuple[TopicDraft, ...]:
        """The item's Podlove Simple Chapters."""
        nodes = [c for outer in self.node.all("psc:chapters") for c in outer.all("psc:chapter")]
        found = []
        for node in nodes:
            title = plain(node.get("title"))
            seconds = self.try_read(values.read_start, node.get("start"), "chapter")
            if title and seconds is not None:
                found.append(TopicDraft(seconds, escaped(title)))
        return tuple(sorted(found, key=lambda topic: topic.seconds))

    def linked(self, name: str) -> list[LinkedFile]:
        return [
            LinkedFile(url, node.get("type").lower())
            for node in self.node.all(name)
            if is_web_url(url := absolute(node.get("url"), self.base))
        ]


def people(node: Node) -> tuple[Person, ...]:
    """The cast of an item or channel; the default role is host (podcast namespace)."""
    return tuple(
        Person(plain(person.text), person.get("role").lower() or "host", person.get("href"))
        for person in node.all("podcast:person")
        if person.text and person.get("group").lower() in ("", "cast")
    )


def plain(value: str) -> str:
    """The text on one line; entities that were escaped twice are unescaped twice."""
    return one_line(clean(unescape(value)))


def words(value: str) -> str:
    """The words of HTML or plain text, on one line."""
    return plain(re.sub(r"<[^<>]*>", " ", value))
