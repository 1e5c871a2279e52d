"""Drafts, which hold what notes say, and facts, which notes can't say: plain values.

Every source becomes these. Text fields hold Markdown, NFC-normalised and trimmed.
"""

from dataclasses import dataclass, field, fields
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class TopicDraft:
    """One line of “Topics Include”: a time in whole seconds and what is talked about then."""

    seconds: int
    text: str


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """A reference or library: its URL, the words of its link, and a note in brackets."""

    url: str
    label: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class GuestDraft:
    """Someone on the show, with the title they had when it was recorded."""

    name: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """All that one episode's (or interview's) notes hold."""

    title: str = ""
    summary: str = ""
    introduction: str = ""
    guests: tuple[GuestDraft, ...] = ()
    topics: tuple[TopicDraft, ...] = ()
    references: tuple[LinkDraft, ...] = ()
    technologies: tuple[str, ...] = ()
    libraries: tuple[LinkDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class EnclosureFacts:
    """An episode's audio as its source states it. The feed states `url` verbatim."""

    url: str
    bytes: int | None = None
    seconds: int | None = None
    type: str | None = None  # "audio/mpeg" where no source states it


@dataclass(frozen=True, slots=True)
class SponsorFacts:
    name: str
    url: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the notes' text can't say. None: the source doesn't state it, so nothing changes."""

    kind: str | None = None  # "podcast" or "interview"
    number: int | None = None
    slug: str | None = None
    guid: str | None = None
    status: str | None = None  # "draft", "published" or "withdrawn"
    published_at: datetime | None = None
    type: str | None = None  # "full", "trailer" or "bonus"
    season: int | None = None
    language: str | None = None
    explicit: bool | None = None
    image_url: str | None = None
    notice: str | None = None  # shown instead of a withdrawn episode
    correction: str | None = None
    updated_on: datetime | None = None
    enclosure: EnclosureFacts | None = None
    sponsor: SponsorFacts | None = None


# Facts that are columns of the episode itself.
EPISODE_FACTS = tuple(
    each.name for each in fields(Facts) if each.name not in ("enclosure", "sponsor")
)


@dataclass(frozen=True, slots=True)
class GuestFacts:
    """A guest's own particulars, where a source states them."""

    name: str
    website: str = ""
    website_href: str = ""  # the address behind the shown one, where they differ
    twitter: str = ""  # without the @
    avatar_source: str = ""  # the picture's file in the source


@dataclass(frozen=True, slots=True)
class Parsed:
    """One episode's notes as read from a text, with what the text says beside the draft."""

    draft: Draft
    problems: list = field(default_factory=list)  # of text.problems.Problem
    dated: date | None = None  # “Jun 29, 2020” above the title
    minutes: int | None = None  # “46min” beside it: rounded, so for checking only
    first_line: int = 1  # where these notes begin in their file


@dataclass(frozen=True, slots=True)
class ShowDraft:
    """The show's own header and its “Support the Show” block, in a file of several episodes."""

    title: str = ""
    author: str = ""
    author_title: str = ""  # “Full stack developer”
    description: str = ""
    support: str = ""


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A file of notes: the show's part, the episodes in order, problems placed by line."""

    episodes: tuple[Parsed, ...] = ()
    show: ShowDraft | None = None
    problems: list = field(default_factory=list)
