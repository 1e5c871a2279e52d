"""Reads one post: front matter as of Jekyll, Hugo or our own export, and notes below it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from episodes.models import Enclosure
from notes.grammar.draft import Draft, EnclosureFacts, Facts, GuestDraft
from notes.grammar.lines import clean, one_line
from notes.parse import parse
from text.dates import checked_day, parse_day
from text.names import normalise_name
from text.problems import Problem, warning
from text.timecode import format_timecode
from text.urls import is_web_url
from transfer.importers.columns import fitting, shown
from transfer.importers.feed.notes import with_topics
from transfer.importers.jekyll.front_matter import TextLoader, end_of_front_matter, split_file
from transfer.importers.jekyll.images import UnavailableImages
from transfer.importers.jekyll.posts import FrontMatterReader, Post
from transfer.importers.jekyll.settings import SiteConfig
from transfer.importers.pasted.html import looks_like_html, read_fragment

FIRST_KEY = re.compile(r"[\w-]+:(?:\s|$)")
KEY = re.compile(r"(.+?):(?:\s|$)")
TITLE = re.compile(r"title:\s*\S")
ZONE = re.compile(r"\s+([+-]\d\d:?\d\d|Z)$")
# What sites call the same thing; the first key that is stated counts.
SUMMARY = ("description", "summary", "subtitle", "excerpt")
TECHNOLOGIES = ("tags", "technologies", "stack")
AUDIO = ("enclosure", "audio", "audio_url", "audio_file", "mp3", "mp3_url", "podcast_file")
BYTES = ("mp3_bytes", "audio_bytes", "bytes", "length", "size")
LENGTH = ("mp3_duration", "audio_duration", "duration", "seconds")
ADDRESS = ("url", "href", "src", "link")
WORDS = ("text", "title", "label", "topic", "name")
TIMES = ("time", "timestamp", "start", "at", "seconds")
LISTS = {
    "topics": ("## Topics Include", ("topics", "timestamps", "chapters")),
    "references": ("### References", ("references", "links", "resources")),
    "libraries": ("### Libraries Used", ("libraries",)),
}
GUESTS = ("guest", "guest_2", "guests")
TEXTS = ("title", "date", "guest_title", "guest_2_title", "guests_title")
TAKEN = {*TECHNOLOGIES, *GUESTS, *(key for _, keys in LISTS.values() for key in keys)}
SAYS_NOTHING = {"layout", "draft", "published"}  # pasted notes become a draft


def has_front_matter(text: str) -> bool:
    """Whether the text opens with YAML that has a title, rather than with rulers."""
    if not text.lstrip("\ufeff").startswith("---"):
        return False
    end = end_of_front_matter(clean(text))
    if end is None:
        return False
    lines = [line for line in clean(text).split("\n")[1:end] if line.strip() and line[0] != "#"]
    return bool(lines and FIRST_KEY.match(lines[0]) and any(map(TITLE.match, lines)))


def without_front_matter(text: str) -> str:
    """The text with blank lines in place of front matter: line numbers stay."""
    if not has_front_matter(text):
        return text
    text = clean(text)
    end = end_of_front_matter(text) or 0
    return "\n".join([""] * (end + 1) + text.split("\n")[end + 1 :])


def read_pasted_post(text: str, zone: ZoneInfo, show_title: str = "", host: str = "") -> Post:
    """The post as draft and facts. Raises InvalidInput."""
    text = clean(text)
    file = split_file(text, end_of_front_matter(text) or 0, Path("pasted"), "", _PastedLoader)
    config, images = SiteConfig({}, "", ""), UnavailableImages(Path())
    reader = _PastedPostReader(file, config, zone, images, show_title, host)
    return reader.read()


class _PastedLoader(TextLoader):
    """Refuses aliases: some bytes of them stand for any number of values."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.composer.ComposerError(None, None, "aliases (*name) aren’t read", mark)
        return super().compose_node(parent, index)


@dataclass(slots=True)
class _PastedPostReader(FrontMatterReader):
    """Reads a post without its file's name and its site's settings."""

    show_title: str = ""
    host: str = ""
    key_lines: dict[str, int] = field(
        init=False
    )  # the line that states each key of the front matter

    def __post_init__(self) -> None:
        lines = self.file.source.split("\n")[: self.file.body_line - 1]
        stated = [(key[1], n) for n, line in enumerate(lines, 1) if (key := KEY.match(line))]
        self.key_lines = dict(reversed(stated))

    def read(self) -> Post:
        guests = self.guests()
        text, lines = self.notes()
        parsed = parse(text, self.show_title, self.host)
        self.problems += self.placed(parsed.problems, text.split("\n"), lines)
        draft = self.with_front_matter(parsed.draft, guests)
        summary = next((key for key in SUMMARY if self.file.text(key)), "")
        audio, keys = self.audio()
        facts = Facts(published_at=self.date(), enclosure=audio)
        taken = TAKEN | SAYS_NOTHING | {summary, *keys}
        taken |= {key for key in TEXTS if self.file.text(key)}
        for key, value in self.file.values.items():
            if value and key not in taken and (key, value) != ("category", "podcast"):
                self.warn(f"“{key}” isn’t taken from a pasted post.", key, shown(value))
        draft = replace(draft, summary=self.file.text(summary))
        return Post(self.file, draft, facts, (), self.problems)

    def warn(self, message: str, field: str, value: str) -> None:
        self.problems.append(warning(message, self.line_of(field), field=field, value=value))

    def line_of(self, key: str) -> int | None:
        return self.key_lines.get(key)

    def placed(
        self, problems: list[Problem], text: list[str], lines: list[int]
    ) -> Iterator[Problem]:
        """The problems on the post's lines; with a repair if that is the line that was read."""
        source = self.file.source.split("\n")
        for problem in problems:
            if problem.line is None or problem.line > len(lines):
                yield replace(problem, line=None, repair=None)
                continue
            line = lines[problem.line - 1]
            same = source[line - 1] == text[problem.line - 1]
            yield replace(problem, line=line, repair=problem.repair if same else None)

    def with_front_matter(self, draft: Draft, guests: tuple[GuestDraft, ...]) -> Draft:
        title = self.file.text("title")
        if draft.title and draft.title != title:
            self.warn("The notes below have another title; left out.", "title", draft.title)
        names: dict[str, str] = {}
        for name in [*(tag for key in TECHNOLOGIES for tag in self.tags(key)), *draft.technologies]:
            names.setdefault(normalise_name(name), name)
        return replace(
            draft, title=title, guests=guests or draft.guests, technologies=tuple(names.values())
        )

    def notes(self) -> tuple[str, list[int]]:
        """The body and the lists of the front matter; for each line, that of the post."""
        text, lines = self.expanded_body()
        if looks_like_html(text):
            html = read_fragment(text)
            text = with_topics(html.text)
            self.problems += [replace(each, line=self.file.body_line) for each in html.problems]
            lines = [self.file.body_line] * (text.count("\n") + 1)
        draft = parse(text).draft
        for name, (heading, keys) in LISTS.items():
            for key in keys:
                if not (items := self.file.values.get(key)):
                    continue
                if getattr(draft, name):
                    self.warn("The notes below have such a list, which counts.", key, shown(items))
                    continue
                added = ["", heading, "", *self.items(key, items)]
                text += "\n" + "\n".join(added)
                lines += [self.line_of(key) or 1] * len(added)
        return text, lines

    def items(self, key: str, items: Any) -> Iterator[str]:
        """Lines of notes from a list of texts, or of mappings such as `{time: …, text: …}`."""
        for item in _listed(items):
            stated = item if isinstance(item, dict) else {}
            address, words = _first(stated, ADDRESS), _first(stated, WORDS)
            at, note = _first(stated, TIMES), _first(stated, ("note",))
            if isinstance(item, str):
                yield f"- {one_line(item)}"
            elif at and words:
                at = (
                    format_timecode(int(at))
                    if at.isascii() and at.isdigit() and len(at) < 8
                    else at
                )
                yield f"- {at} -- {words}"
            elif address:
                link = f"[{words}]({address})" if words else f"<{address}>"
                yield f"- {link}{f' ({note})' * bool(note)}"
            else:
                self.warn(f"An item of “{key}” that can’t be read; left out.", key, shown(item))

    def guests(self) -> tuple[GuestDraft, ...]:
        """Names, or mappings with name and title."""
        found = []
        for key in GUESTS:
            for item in _listed(self.file.values.get(key)):
                name = item if isinstance(item, str) else _first(item, ("name",))
                title = _first(item, ("title", "role")) or self.file.text(f"{key}_title")
                if one_line(name):
                    found.append(GuestDraft(one_line(name), title))
                else:
                    self.warn("A guest without a name; left out.", key, shown(item))
        return tuple(found)

    def tags(self, key: str = "tags") -> list[str]:
        for item in _listed(self.file.values.get(key)):
            if not isinstance(item, str):
                self.warn("Not a technology’s name; left out.", key, shown(item))
        # The explicit form: a dataclass with slots is made anew, which `super()` doesn't know.
        return FrontMatterReader.tags(self, key)

    def date(self) -> datetime | None:
        value = self.file.text("date")
        try:
            return _moment(value, self.zone) if value else None
        except ValueError:
            self.warn("No date such as 2019-11-19 or 2019-11-19 10:00; left out.", "date", value)
            return None

    def audio(self) -> tuple[EnclosureFacts | None, set[str]]:
        """The audio, and the keys that state it."""
        key = next((key for key in AUDIO if self.file.values.get(key)), "")
        if not key:
            return None, set()
        value = self.file.values[key]
        stated = value if isinstance(value, dict) else {ADDRESS[0]: value}
        url = _first(stated, ADDRESS)
        fits, _ = fitting(Enclosure, {"url": url})
        if not is_web_url(url) or not fits:
            self.warn("No web address of audio; left out.", key, shown(value))
            return None, {key}
        inside = stated.keys() & {*BYTES, *LENGTH}
        source = stated if inside else self.file.values
        size, length = (
            next((name for name in names if isinstance(source.get(name), str)), "")
            for names in (BYTES, LENGTH)
        )
        facts = EnclosureFacts(
            url,
            self.size(size, one_line(source[size])) if size else None,
            self.length(length, one_line(source[length])) if length else None,
        )
        return facts, {key} if inside else {key, size, length}

    def length(self, key: str, value: str) -> int | None:
        """In seconds, from `46:03` or `2763`."""
        return self.size(key, value) if value.isdigit() else self.seconds(key, value)


def _listed(value: Any) -> list[Any]:
    """A list's items; another value is a list of one, and none of nothing."""
    return value if isinstance(value, list) else [value] if value else []


def _first(stated: Any, keys: tuple[str, ...]) -> str:
    """The first text that is stated under one of the keys; empty if there is none."""
    if not isinstance(stated, dict):
        return ""
    values = (stated.get(key) for key in keys)
    return next((one_line(value) for value in values if isinstance(value, str) and value), "")


def _moment(value: str, zone: ZoneInfo) -> datetime:
    """Raises ValueError. A day begins at midnight in the show's zone."""
    if len(value) == len("2019-11-19"):
        return datetime.combine(parse_day(value), time(), zone)
    moment = datetime.fromisoformat(ZONE.sub(r"\1", value.replace(" UTC", "Z")))
    checked_day(moment.date())
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
