"""Reads an item of a feed: its values, and the problems in it. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from mimetypes import guess_type
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from notes.grammar.draft import EnclosureFacts, TopicDraft
from text.names import SLUG_PATTERN
from text.problems import Problem, warning
from text.urls import is_web_url
from transfer.importers.feed import values
from transfer.importers.feed.boilerplate import Boilerplate
from transfer.importers.feed.chapters import in_order
from transfer.importers.feed.people import Person, read_people
from transfer.importers.feed.titles import clean_title
from transfer.importers.feed.values import absolute, letters, plain, words
from transfer.importers.feed.xml_tree import Node
from transfer.importers.html_to_markdown import linked

DATES = ("pubdate", "dc:date", "atom:published", "published", "atom:updated", "date")
NOTES = ("content:encoded", "description", "itunes:summary", "googleplay:description")
SUMMARIES = ("description", "itunes:summary", "itunes:subtitle")
EPISODE, SEASON = ("itunes:episode", "podcast:episode"), ("itunes:season", "podcast:season")
TYPES = {"full", "trailer", "bonus"}
MOST_NUMBER, MOST_SEASON, MOST_BYTES = 999_999, 32_767, 10**12
LONGEST_NOTES = 200_000
LONGER = 1.2  # a text that is so many times longer isn't only spelt otherwise
Read = TypeVar("Read")


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
    blocked: bool = False
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
        number = self.whole(EPISODE, MOST_NUMBER, "episode")
        return Item(
            line=self.line,
            guid=identity(node, self.base),
            title=self.title(number),
            link=absolute(link_of(node), self.base),
            published=self.published(),
            summary=self.summary(notes),
            notes=notes,
            enclosure=self.enclosure(),
            number=number,
            season=self.whole(SEASON, MOST_SEASON, "season"),
            type=self.type(),
            explicit=values.read_boolean(node.value("itunes:explicit", "googleplay:explicit")),
            blocked=values.read_boolean(node.value("itunes:block", "googleplay:block")) is True,
            image=self.address(node.attribute("itunes:image", "href"), "image"),
            people=read_people(node),
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

    def whole(self, names: tuple[str, ...], most: int, name: str) -> int | None:
        value = self.node.value(*names)
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

    def title(self, number: int | None) -> str:
        """iTunes's title, which has no number; the other is no loss if it says the same."""
        titles = [node for node in self.node.look("itunes:title", "title") if node.text]
        if not titles:
            return ""
        chosen = letters(titles[0].take().text)
        for other in titles[1:]:
            other.taken = chosen in letters(other.text)
        return clean_title(plain(titles[0].text), number)

    def notes(self) -> str:
        """The first of the texts that may be the notes, or one that says far more."""
        chosen: Node | None = None
        for node in self.node.look(*NOTES):
            if chosen is None or len(letters(node.text)) > LONGER * len(letters(chosen.text)):
                chosen = node
        value = chosen.take().text if chosen else ""
        self.take_repeating(value)
        if len(value) > LONGEST_NOTES:
            self.warn(f"Longer than {LONGEST_NOTES:,} characters; cut.", "notes", value)
        return value[:LONGEST_NOTES]

    def summary(self, notes: str) -> str:
        """A text other than the notes; one that only repeats their beginning doesn't count."""
        notes = words(notes)
        for node in self.node.look(*SUMMARIES):
            value = Boilerplate().without(words(node.text))
            if value and len(value) <= 4000 and not notes.startswith(value.rstrip("…. []")):
                self.take_repeating(node.take().text)
                return value
        return ""

    def take_repeating(self, text: str) -> None:
        """Take the texts that say no more than this one."""
        for node in self.node.look(*NOTES, "itunes:subtitle"):
            said = letters(Boilerplate().without(words(node.text)))
            node.taken = node.taken or said in letters(text)

    def enclosure(self) -> EnclosureFacts | None:
        nodes = self.node.look("enclosure", "media:content")
        nodes = [node for node in nodes if node.attributes.get("url", "").strip()]
        if not nodes:
            return None
        # Some items have their image as an enclosure, too.
        audio = [n for n in nodes if not n.attributes.get("type", "").startswith("image/")]
        chosen = (audio or nodes)[0].take()
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
                found.append(TopicDraft(seconds, linked(title, node.get("href"))))
        return in_order(found)

    def linked(self, name: str) -> list[LinkedFile]:
        return [
            LinkedFile(url, node.get("type").lower())
            for node in self.node.all(name)
            if is_web_url(url := absolute(node.get("url"), self.base))
        ]
