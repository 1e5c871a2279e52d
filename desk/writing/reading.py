"""Reads the text in the box: show notes, or a post whose front matter says more than notes can."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.timezone import get_current_timezone

from episodes.models import Episode
from notes.grammar.draft import Draft, Facts
from notes.parse import parse, parse_document
from text.problems import Problem, error, warning
from transfer.importers.pasted.post import (
    has_front_matter,
    read_pasted_post,
    without_front_matter,
)
from transfer.importers.report import InvalidInput

ONLY_TEXT = Q(status=Episode.Status.DRAFT, edit_number=0)  # as is_only_text()
TOML_TITLE = re.compile(r"^title\s*=", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TextReading:
    """The draft and facts of a text. `notes` is the text without its front matter, line by line."""

    draft: Draft
    problems: list[Problem]
    facts: Facts
    notes: str
    is_post: bool = False


def is_only_text(episode: Episode) -> bool:
    """Whether no edit was finished on this draft yet."""
    return episode.status == Episode.Status.DRAFT and episode.edit_number == 0


def read_text(text: str, show_title: str = "", host: str = "") -> TextReading:
    """Days begin in the current time zone, which is the show's at the desk. Never raises."""
    if not has_front_matter(text):
        parsed = parse(text, show_title, host)
        problems = [*_toml(text), *_several(text), *parsed.problems]
        return TextReading(parsed.draft, problems, Facts(), text)
    notes = without_front_matter(text)
    try:
        zone = ZoneInfo(str(get_current_timezone()))
        post = read_pasted_post(text, zone, show_title, host)
    except InvalidInput as invalid:
        return TextReading(Draft(), [invalid.problem], Facts(), notes, is_post=True)
    return TextReading(post.draft, post.problems, post.facts, notes, is_post=True)


def unapplied_facts(facts: Facts, episode: Episode) -> Iterator[Problem]:
    """A warning for each fact that differs: notes don't change an episode's date or audio."""
    if facts.published_at and facts.published_at != episode.published_at:
        message = "The date stays: it is changed in the episode’s form."
        yield warning(message, field="date", value=f"{facts.published_at:%Y-%m-%d %H:%M}")
    audio = getattr(episode, "enclosure", None)
    if facts.enclosure and (
        audio is None or facts.enclosure.url not in (audio.url, audio.imported_url)
    ):
        message = "The audio stays: it is changed under “Audio”."
        yield warning(message, field="audio", value=facts.enclosure.url)


def _several(text: str) -> Iterator[Problem]:
    """An error at each further episode: else its lines would become the first one's."""
    for each in parse_document(text).episodes[1:]:
        draft, line = each.draft, each.first_line
        if draft.topics or draft.technologies:  # a date alone begins none
            message = f"Another episode begins here. Delete all from line {line}, or all above it."
            yield error(message, line, field="title", value=draft.title or "none")


def _toml(text: str) -> Iterator[Problem]:
    if text.startswith("+++\n") and "\n+++" in text and TOML_TITLE.search(text):
        message = "Front matter in TOML isn’t read: write it as YAML, between two --- lines."
        yield error(message, 1, field="front matter", value="+++")
