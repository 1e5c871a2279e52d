"""The data that checks need, read once."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from PIL import Image, UnidentifiedImageError

from episodes.models import Episode
from feeds.enclosures import is_on_this_site
from feeds.items import enclosure_url
from feeds.shownotes import full_summary
from notes.id3_chapters import are_chapters_stale
from pages.metadata import summary_of
from show.models import Show
from text.affiliates import HREF
from topics.chapters import Chapter, chapters


@dataclass(frozen=True, slots=True)
class FeedAudio:
    """Audio as in the feed. `is_missing`: its address is on this site, but it has no file."""

    address: str
    type: str
    bytes: int | None
    seconds: int | None
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """Size in pixels; mode and format in Pillow's terms."""

    width: int
    height: int
    mode: str
    format: str


@dataclass(frozen=True, slots=True)
class PlacedLink:
    """A link in the notes, and where it is on the form."""

    url: str
    place: str


@dataclass(frozen=True, slots=True)
class CheckContext:
    """The data of one episode. `image` is "unreadable" if its file can't be read."""

    title: str
    description: str = ""  # uncut, for apps
    summary: str = ""  # for search engines
    number: int | None = None
    language: str = ""  # empty: the show's
    is_interview: bool = False
    audio: FeedAudio | None = None
    image: ImageInfo | str | None = None
    topics: tuple[Chapter, ...] = ()
    stale_chapters: str = ""  # where to write them into the file again, if they have changed
    links: tuple[PlacedLink, ...] = ()


def read_context(episode: Episode, show: Show) -> CheckContext:
    """The context of an episode fetched with its relations. No query."""
    return CheckContext(
        title=episode.title,
        description=full_summary(episode),
        summary=summary_of(episode),
        number=episode.number,
        language=episode.language,
        is_interview=episode.is_interview,
        audio=_audio(episode, show),
        image=read_image(episode.image) if episode.image else None,
        topics=tuple(chapters(list(episode.topics.all()))),
        stale_chapters=_stale_chapters(episode),
        links=tuple(_links(episode)),
    )


def _audio(episode: Episode, show: Show) -> FeedAudio | None:
    if not hasattr(episode, "enclosure"):
        return None
    audio = episode.enclosure
    is_missing = not audio.file and (not audio.url or is_on_this_site(audio.url))
    address = enclosure_url(audio, show)
    return FeedAudio(address, audio.type, audio.bytes, audio.seconds, is_missing)


def _stale_chapters(episode: Episode) -> str:
    audio, topics = getattr(episode, "enclosure", None), list(episode.topics.all())
    if audio is None or not are_chapters_stale(episode, topics, audio):
        return ""
    return "audio"


def read_image(file: object) -> ImageInfo | str:
    """Read the image's header; "unreadable" if that fails."""
    try:
        with Image.open(file) as image:  # type: ignore[arg-type]
            return ImageInfo(image.width, image.height, image.mode, image.format or "")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return "unreadable"


def _links(episode: Episode) -> Iterator[PlacedLink]:
    yield from _links_in(episode.introduction_html, "#id_introduction")
    for row, topic in enumerate(episode.topics.all()):
        yield from _links_in(topic.html, f"#topics-{row}")
    for row, reference in enumerate(episode.references.all()):
        yield PlacedLink(reference.url, f"#references-{row}")
    for row, library in enumerate(episode.library_uses.all()):
        yield PlacedLink(library.url, f"#library_uses-{row}")


def _links_in(html: str, place: str) -> Iterator[PlacedLink]:
    for tag in html.split("<a")[1:]:
        if address := HREF.search(tag):
            yield PlacedLink(unescape(address[1]), place)
