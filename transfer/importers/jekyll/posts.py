"""`_posts/**.md`: an episode or interview; its front matter holds the facts, its body the notes."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from episodes.models import Episode
from guests.models import Guest
from notes.grammar.draft import Draft, EnclosureFacts, Facts, GuestDraft, GuestFacts
from notes.parse import parse
from text.dates import parse_day
from text.names import SLUG_PATTERN, normalise_name
from text.problems import Problem, error, warning
from text.timecode import parse_timecode
from text.urls import is_web_url
from transfer.importers.column_limits import fitting, longest
from transfer.importers.jekyll.front_matter import JekyllFile, shown
from transfer.importers.jekyll.images import Pictures
from transfer.importers.jekyll.liquid import Liquid
from transfer.importers.jekyll.settings import SiteConfig

FILE_NAME = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)-(?P<slug>.+)\.(?:md|markdown)")
NUMBER = re.compile(r"(\d{1,6})-")
KINDS = {"podcast": Episode.Kind.PODCAST, "interviews": Episode.Kind.INTERVIEW}
HANDLE = re.compile(r"[A-Za-z0-9_]{1,50}")
# Keys the old site's templates read. Another key is reported: it may hold something.
KNOWN_KEYS = {
    "layout", "category", "title", "description", "tags", "mp3_bytes", "mp3_duration",
    "updated_on", "under_review",
    *(f"{guest}{key}" for guest in ("guest", "guest_2")
      for key in ("", "_avatar", "_website", "_website_href", "_twitter", "_title")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Post:
    """One post, read: ready to be written."""

    draft: Draft
    facts: Facts
    guests: tuple[GuestFacts, ...]
    problems: list[Problem]


def read_post(
    file: JekyllFile, config: SiteConfig, zone: ZoneInfo, pictures: Pictures
) -> Post | list[Problem]:
    """The post as draft and facts, or the errors that keep it out."""
    name = FILE_NAME.fullmatch(file.path.name)
    day = _date(name["date"]) if name else None
    if not name or day is None or not re.fullmatch(SLUG_PATTERN, name["slug"]):
        message = "Posts are named YYYY-MM-DD-slug.md."
        return [error(message, field="file name", value=file.path.name, file=file.name)]
    if len(name["slug"]) > (limit := longest(Episode, "slug")):
        message = f"This address is longer than {limit} characters."
        return [error(message, field="file name", value=file.path.name, file=file.name)]
    kind = KINDS.get(file.text("category") or file.path.parent.name)
    if kind is None:
        value = file.text("category")
        line = file.line_of("category")
        message = "Neither podcast nor interviews."
        return [error(message, line, field="category", value=value, file=file.name)]
    reader = _PostReader(file, config, zone, pictures, kind, name["slug"], day)
    return reader.read()


def _date(value: str) -> date | None:
    try:
        return parse_day(value)
    except ValueError:
        return None


class _PostReader:
    """Reads one file; what it finds odd gathers in `problems`."""

    def __init__(
        self,
        file: JekyllFile,
        config: SiteConfig,
        zone: ZoneInfo,
        pictures: Pictures,
        kind: str,
        slug: str,
        day: date,
    ) -> None:
        self.file, self.config, self.zone, self.pictures = file, config, zone, pictures
        self.kind, self.slug, self.day = kind, slug, day
        self.section = "podcast" if kind == Episode.Kind.PODCAST else "interviews"
        self.problems: list[Problem] = []

    def read(self) -> Post:
        for key in self.file.values.keys() - KNOWN_KEYS:
            self.warn("A key that isn't known; left out.", key, shown(self.file.values[key]))
        withdrawn = self.file.text("under_review").lower() == "true"
        guests = self.guests()
        text, lines = self.expanded_body()
        if withdrawn:
            # The body of such a post is the notice that stands in the episode's place.
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
        return Post(draft, facts, tuple(more for _, more in guests), self.problems)

    def warn(self, message: str, field: str, value: str, repair: str | None = None) -> None:
        """A warning at the first line that holds the value, else the key."""
        line = self.file.line_of(value) if value else None
        line = line or self.file.line_of(f"{field}:")
        self.problems.append(
            warning(message, line, field=field, value=value, repair=repair, file=self.file.name)
        )

    def expanded_body(self) -> tuple[str, list[int]]:
        """The body without Liquid, and the line of the file that each of its lines comes from."""
        page = {**self.file.values, "url": f"/{self.section}/{self.slug}"}
        pictures = replace(self.pictures, problems=[])
        liquid = Liquid(page, self.config.values, pictures.markdown, pictures.link)
        text = liquid.expand(self.file.body, self.file.body_line)
        self.problems += [p.at(self.file.name) for p in (*liquid.problems, *pictures.problems)]
        return text, liquid.lines

    def parsed(self, text: str, lines: list[int]) -> Draft:
        if self.kind == Episode.Kind.INTERVIEW:
            return Draft(introduction=text.strip())
        parsed = parse(text)
        for problem in parsed.problems:
            line = lines[problem.line - 1] if problem.line else None
            self.problems.append(replace(problem, line=line, file=self.file.name))
        return parsed.draft

    def tags(self) -> list[str]:
        tags: dict[str, str] = {}
        for tag in self.file.texts("tags"):
            if normalise_name(tag) in tags:
                self.warn("A technology given twice is listed once.", "tags", tag)
            tags.setdefault(normalise_name(tag), tag)
        return list(tags.values())

    def facts(self, withdrawn: bool, notice: str | None) -> Facts:
        number = NUMBER.match(self.slug)
        return Facts(
            kind=self.kind,
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
        if not (size or length):
            return None
        url = f"{self.config.audio_prefix}{number}.mp3"
        if not is_web_url(url):
            return None
        return EnclosureFacts(url, self.whole("mp3_bytes", size), self.duration(length))

    def whole(self, field: str, value: str) -> int | None:
        if value.isascii() and value.isdigit() and len(value) < 16:
            return int(value)
        self.warn("No whole number; left out.", field, value)
        return None

    def duration(self, value: str) -> int | None:
        try:
            return parse_timecode(value)
        except ValueError as failure:
            self.warn(f"{failure}; left out.", "mp3_duration", value)
            return None

    def guests(self) -> list[tuple[GuestDraft, GuestFacts]]:
        found = []
        for prefix in ("guest", "guest_2"):
            name = self.file.text(prefix)
            if not name:
                continue
            draft = GuestDraft(name, self.file.text(f"{prefix}_title"))
            found.append((draft, self.guest_facts(name, prefix)))
        return found

    def guest_facts(self, name: str, prefix: str) -> GuestFacts:
        stated = {
            "website": self.web_url(f"{prefix}_website"),
            "website_href": self.web_url(f"{prefix}_website_href"),
            "twitter": self.handle(f"{prefix}_twitter"),
            "avatar_source": _with_ending(self.file.text(f"{prefix}_avatar")),
        }
        kept, problems = fitting(Guest, stated)
        for problem in problems:
            self.warn(problem.message, f"{prefix}_{problem.field}", problem.value)
        return GuestFacts(name, **kept)

    def web_url(self, key: str) -> str:
        value = self.file.text(key)
        if value and not is_web_url(value):
            self.warn("No web address; left out.", key, value)
            return ""
        return value

    def handle(self, key: str) -> str:
        value = self.file.text(key).lstrip("@")
        if value and not HANDLE.fullmatch(value):
            self.warn("No handle; left out.", key, value)
            return ""
        return value


def _with_ending(avatar: str) -> str:
    """Avatars are named with and without `.jpg` for the same file."""
    return f"{avatar}.jpg" if avatar and not Path(avatar).suffix else avatar
