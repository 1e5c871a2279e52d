"""Reads `_posts/**.md`: the front matter of an episode holds its facts, the body its notes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from episodes.models import Episode
from guests.models import Guest
from notes.grammar.draft import Draft, EnclosureFacts, Facts, GuestDraft, GuestFacts
from notes.parse import parse
from text.dates import parse_day
from text.names import SLUG_PATTERN, normalise_name
from text.problems import Problem
from text.timecode import parse_timecode
from text.urls import is_web_url
from transfer.importers.columns import fitting, longest, shown
from transfer.importers.jekyll.front_matter import JekyllFile
from transfer.importers.jekyll.images import Images
from transfer.importers.jekyll.liquid import Liquid
from transfer.importers.jekyll.settings import SiteConfig
from transfer.importers.report import InvalidInput

FILE_NAME = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)-(?P<slug>.+)\.(?:md|markdown)")
NUMBER = re.compile(r"(\d{1,6})-")
KINDS = {"podcast": Episode.Kind.PODCAST, "interviews": Episode.Kind.INTERVIEW}
HANDLE = re.compile(r"[A-Za-z0-9_]{1,50}")
# Keys that the old site's templates read. Another key is reported: it may hold something.
KEYS = {
    "layout", "category", "title", "description", "tags", "mp3_bytes", "mp3_duration",
    "updated_on", "under_review",
    *(f"{guest}{key}" for guest in ("guest", "guest_2")
      for key in ("", "_avatar", "_website", "_website_href", "_twitter", "_title")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Post:
    """One post, read: ready to be written."""

    file: JekyllFile
    draft: Draft
    facts: Facts
    guests: tuple[GuestFacts, ...]
    problems: list[Problem]


def read_post(file: JekyllFile, config: SiteConfig, zone: ZoneInfo, images: Images) -> Post:
    """The post as draft and facts. Raises InvalidInput."""
    name = FILE_NAME.fullmatch(file.path.name)
    day = _date(name["date"]) if name else None
    if not name or day is None or not re.fullmatch(SLUG_PATTERN, name["slug"]):
        message = "Posts are named YYYY-MM-DD-slug.md."
        raise InvalidInput(message, field="file name", value=file.path.name)
    if len(name["slug"]) > (limit := longest(Episode, "slug")):
        message = f"This address is longer than {limit} characters."
        raise InvalidInput(message, field="file name", value=file.path.name)
    category = file.text("category")
    section = category or file.path.parent.name
    if section not in KINDS:
        line, message = file.line_of("category"), "Neither podcast nor interviews."
        raise InvalidInput(message, line, field="category", value=category)
    return PostReader(file, config, zone, images, section, name["slug"], day).read()


def slug_of(path: Path) -> str:
    """The slug in a post's file name; empty if the name has another form."""
    name = FILE_NAME.fullmatch(path.name)
    return name["slug"] if name else ""


def _date(value: str) -> date | None:
    try:
        return parse_day(value)
    except ValueError:
        return None


@dataclass(slots=True)
class FrontMatterReader:
    """Reads parts of one post and collects its problems."""

    file: JekyllFile
    config: SiteConfig
    zone: ZoneInfo
    images: Images
    problems: list[Problem] = field(default_factory=list, kw_only=True)

    def warn(self, message: str, field: str, value: str) -> None:
        self.problems.append(self.file.warning(message, field, value))

    def expanded_body(self, url: str = "") -> tuple[str, list[int]]:
        """The body without Liquid, and for each of its lines the line of the file.

        `url` is the post's own.
        """
        page = {**self.file.values, "url": url}
        images = replace(self.images, problems=[])
        liquid = Liquid(page, self.config.values, images.markdown, images.link)
        text = liquid.expand(self.file.body, self.file.body_line)
        self.problems += liquid.problems + images.problems
        return text, liquid.lines

    def tags(self, key: str = "tags") -> list[str]:
        tags: dict[str, str] = {}
        for tag in self.file.texts(key):
            if normalise_name(tag) in tags:
                self.warn("A technology given twice is listed once.", key, tag)
            tags.setdefault(normalise_name(tag), tag)
        return list(tags.values())

    def size(self, key: str, value: str) -> int | None:
        if value.isascii() and value.isdigit() and len(value) < 16:
            return int(value)
        self.warn("No whole number; left out.", key, value)
        return None

    def seconds(self, key: str, value: str) -> int | None:
        try:
            return parse_timecode(value)
        except ValueError as failure:
            self.warn(f"{failure}; left out.", key, value)
            return None


@dataclass(slots=True)
class PostReader(FrontMatterReader):
    """Reads one post of a site: its file's name and the site's settings say what it leaves out."""

    section: str
    slug: str
    day: date

    def read(self) -> Post:
        for key in self.file.values.keys() - KEYS:
            self.warn("A key that isn't known; left out.", key, shown(self.file.values[key]))
        withdrawn = self.file.text("under_review").lower() == "true"
        guests = self.guests()
        text, lines = self.expanded_body(f"/{self.section}/{self.slug}")
        if withdrawn:
            # The body of such a post is the notice in place of the episode.
            draft, notice = Draft(), text.replace("<br />", "").strip()
        else:
            draft, notice = self.parsed(text, lines), None
        draft = replace(
            draft,
            title=self.file.text("title"),
            summary=self.file.text("description"),
            guests=tuple(guest for guest, _ in guests),
            technologies=tuple(self.tags()),
        )
        facts = self.facts(withdrawn, notice)
        details = tuple(details for _, details in guests)
        return Post(self.file, draft, facts, details, self.problems)

    def parsed(self, text: str, lines: list[int]) -> Draft:
        if KINDS[self.section] == Episode.Kind.INTERVIEW:
            return Draft(introduction=text.strip())
        parsed = parse(text)
        for problem in parsed.problems:
            line = lines[problem.line - 1] if problem.line else None
            self.problems.append(replace(problem, line=line))
        return parsed.draft

    def facts(self, withdrawn: bool, notice: str | None) -> Facts:
        number = NUMBER.match(self.slug)
        return Facts(
            kind=KINDS[self.section],
            number=int(number[1]) if number else None,
            slug=self.slug,
            guid=f"{self.config.url}/{self.section}/{self.slug}",
            status=Episode.Status.WITHDRAWN if withdrawn else Episode.Status.PUBLISHED,
            published_at=datetime.combine(self.day, time(), self.zone),
            notice=notice,
            updated_on=self.updated_on(),
            enclosure=self.enclosure(number[1] if number else ""),
        )

    def updated_on(self) -> datetime | None:
        value = self.file.text("updated_on")
        day = _date(value)
        if value and day is None:
            self.warn("No date such as 2019-11-19; left out.", "updated_on", value)
        return datetime.combine(day, time(), self.zone) if day else None

    def enclosure(self, number: str) -> EnclosureFacts | None:
        size, length = self.file.text("mp3_bytes"), self.file.text("mp3_duration")
        url = f"{self.config.audio_prefix}{number}.mp3"
        if not (size or length) or not is_web_url(url):
            return None
        return EnclosureFacts(
            url, self.size("mp3_bytes", size), self.seconds("mp3_duration", length)
        )

    def guests(self) -> list[tuple[GuestDraft, GuestFacts]]:
        return [
            (GuestDraft(name, self.file.text(f"{key}_title")), self.guest_facts(name, key))
            for key in ("guest", "guest_2")
            if (name := self.file.text(key))
        ]

    def guest_facts(self, name: str, key: str) -> GuestFacts:
        avatar = self.file.text(f"{key}_avatar")
        if avatar and not Path(avatar).suffix:
            avatar = f"{avatar}.jpg"  # the old site takes both spellings for the same file
        stated = {
            "website": self.valid(f"{key}_website", is_web_url, "web address"),
            "website_href": self.valid(f"{key}_website_href", is_web_url, "web address"),
            "twitter": self.valid(f"{key}_twitter", HANDLE.fullmatch, "handle"),
            "avatar_source": avatar,
        }
        fits, problems = fitting(Guest, stated)
        for problem in problems:
            self.warn(problem.message, f"{key}_{problem.field}", problem.value)
        return GuestFacts(name, **fits)

    def valid(self, key: str, is_valid: Callable[[str], object], kind: str) -> str:
        value = self.file.text(key).lstrip("@")
        if value and not is_valid(value):
            self.warn(f"No {kind}; left out.", key, value)
            return ""
        return value
