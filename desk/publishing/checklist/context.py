"""All that the checks look at, read once."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from PIL import Image, UnidentifiedImageError

from episodes.models import Episode
from feeds.enclosures import is_on_this_site
from feeds.items import enclosure_url
from feeds.shownotes import full_summary
from pages.metadata import summary_of
from show.models import Show
from text.affiliates import HREF
from topics.chapters import Chapter, chapters


@dataclass(frozen=True, slots=True)
class Audio:
    """As the feed states it. `is_missing`: no file, and its address is one of ours."""

    address: str
    type: str
    bytes: int | None
    seconds: int | None
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """As its file says: pixels, colours as Pillow names them, kind such as PNG."""

    width: int
    height: int
    mode: str
    format: str


@dataclass(frozen=True, slots=True)
class Linked:
    """An address the notes link to, and where on the form."""

    url: str
    place: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One episode. `picture` is "unreadable" where its file can't be read."""

    title: str
    description: str = ""  # as apps get it, uncut
    summary: str = ""  # as search engines get it
    number: int | None = None
    language: str = ""  # of its own; else it is the show's
    is_interview: bool = False
    audio: Audio | None = None
    picture: Picture | str | None = None
    topics: tuple[Chapter, ...] = ()
    links: tuple[Linked, ...] = ()


def read_sheet(episode: Episode, show: Show) -> Sheet:
    """The sheet of an episode fetched by `kept_episode`; no query. Opens its picture, if any."""
    return Sheet(
        title=episode.title,
        description=full_summary(episode),
        summary=summary_of(episode),
        number=episode.number,
        language=episode.language,
        is_interview=episode.is_interview,
        audio=_audio(episode, show),
        picture=read_picture(episode.image) if episode.image else None,
        topics=tuple(chapters(list(episode.topics.all()))),
        links=tuple(_links(episode)),
    )


def _audio(episode: Episode, show: Show) -> Audio | None:
    if not hasattr(episode, "enclosure"):
        return None
    audio = episode.enclosure
    missing = not audio.file and (not audio.url or is_on_this_site(audio.url))
    address = enclosure_url(audio, show)
    return Audio(address, audio.type, audio.bytes, audio.seconds, missing)


def read_picture(file: object) -> Picture | str:
    """What the file's first bytes tell of a picture; "unreadable" when they can't be read."""
    try:
        with Image.open(file) as picture:  # type: ignore[arg-type]
            return Picture(picture.width, picture.height, picture.mode, picture.format or "")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return "unreadable"


def _links(episode: Episode) -> Iterator[Linked]:
    yield from _within(episode.introduction_html, "#id_introduction")
    for row, topic in enumerate(episode.topics.all()):
        yield from _within(topic.html, f"#topics-{row}")
    for row, reference in enumerate(episode.references.all()):
        yield Linked(reference.url, f"#references-{row}")
    for row, library in enumerate(episode.library_uses.all()):
        yield Linked(library.url, f"#library_uses-{row}")


def _within(html: str, place: str) -> Iterator[Linked]:
    for tag in html.split("<a")[1:]:
        address = HREF.search(tag)
        if address:
            yield Linked(unescape(address[1]), place)
