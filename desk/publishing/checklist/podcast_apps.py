"""What podcast apps and directories refuse or cut (Apple's RSS requirements, support/823 and
5482; Spotify's help for creators; the Podcasting 2.0 namespace)."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from desk.publishing.checklist.context import Audio, Picture, Sheet
from desk.publishing.checklist.items import Finding
from feeds.shownotes import SUMMARY_BYTES
from show.models import Show
from text.languages import LANGUAGE_RULE, is_language

# By the ending of an enclosure's address, the types that may go with it.
TYPES = {
    ".mp3": ("audio/mpeg",),
    ".m4a": ("audio/mp4", "audio/x-m4a"),
    ".mp4": ("video/mp4",),
    ".m4v": ("video/x-m4v", "video/mp4"),
    ".mov": ("video/quicktime",),
}
SMALLEST, LARGEST = 1400, 3000  # pixels of Apple's artwork
MODES = ("RGB", "L", "P")  # no transparency
FEWEST_CHAPTERS = 3  # of which Apple and Spotify make chapters
NUMBERED = re.compile(r"^(?:ep(?:isode)?\.?\s*)?#?\d+\s*[:.–—-]", re.IGNORECASE)
AUDIO, TITLE, SUMMARY, IMAGE, TOPICS = (
    "#enclosure-group", "#id_title", "#id_summary", "#id_image", "#topics-group",
)  # fmt: skip


def check_for_apps(sheet: Sheet, show: Show) -> Iterator[Finding]:
    """Of one episode; of an interview only what its feed carries."""
    yield from _words(sheet, show)
    if sheet.language and not is_language(sheet.language):
        yield Finding("error", LANGUAGE_RULE % {"value": sheet.language}, "#id_language")
    if sheet.picture:
        yield from check_image(sheet.picture, IMAGE)
    if sheet.is_interview:
        return
    if show.type == Show.Type.SERIAL and not sheet.number:
        message = "The show is a serial: Apple orders it by numbers, and takes none below 1."
        yield Finding("error", message, "#id_number")
    if sheet.audio is None:
        yield Finding("error", "It has no audio: apps list nothing that can’t be heard.", AUDIO)
    else:
        yield from _audio(sheet.audio)
    if 0 < len(sheet.topics) < FEWEST_CHAPTERS:
        message = f"Apple and Spotify make chapters of {FEWEST_CHAPTERS} topics or more."
        yield Finding("warning", message, TOPICS)


def _words(sheet: Sheet, show: Show) -> Iterator[Finding]:
    if not sheet.description:
        message = "It has neither summary nor introduction: apps show nothing beside its title."
        yield Finding("warning", message, SUMMARY)
    if len(sheet.description.encode()) > SUMMARY_BYTES:
        message = f"Apps get the first {SUMMARY_BYTES} bytes of the description, Apple’s limit."
        yield Finding("warning", message, SUMMARY)
    if NUMBERED.match(sheet.title):
        message = "The title begins with a number. Apple asks for titles without: apps add it."
        yield Finding("warning", message, TITLE)
    if show.title.casefold() in sheet.title.casefold():
        message = f"The title contains “{show.title}”. Apple asks for titles without the show’s."
        yield Finding("warning", message, TITLE)


def _audio(audio: Audio) -> Iterator[Finding]:
    path = PurePosixPath(urlsplit(audio.address).path)
    types = TYPES.get(path.suffix.lower())
    if audio.is_missing:
        yield Finding("error", "The recording isn’t here: hand in its file.", AUDIO)
    if types is None:
        message = f"Apple takes files that end in {', '.join(TYPES)}. This is “{path.name}”."
        yield Finding("error", message, AUDIO)
    elif audio.type not in types:
        message = f"A file ending in {path.suffix} is {' or '.join(types)}, not {audio.type}."
        yield Finding("error", message, AUDIO)
    if not audio.address.isascii():
        yield Finding("error", "Apple takes ASCII letters in a file’s address only.", AUDIO)
    if not audio.bytes:
        yield Finding("warning", "Its size in bytes isn’t known. Apple asks for it.", AUDIO)
    if not audio.seconds:
        yield Finding(
            "warning", "Its length isn’t known: apps show none, nor where topics end.", AUDIO
        )


def check_image(picture: Picture | str, place: str) -> Iterator[Finding]:
    """Of an episode's or the show's artwork."""
    if isinstance(picture, str):
        yield Finding("error", "The picture’s file can’t be read.", place)
        return
    if picture.format not in ("JPEG", "PNG"):
        yield Finding("error", f"Apple takes JPEG and PNG, not {picture.format}.", place)
    size = f"{picture.width} × {picture.height}"
    if picture.width != picture.height:
        yield Finding("error", f"Apple takes square pictures. This one is {size}.", place)
    elif not SMALLEST <= picture.width <= LARGEST:
        message = f"Apple takes {SMALLEST} to {LARGEST} pixels a side. This one is {size}."
        yield Finding("error", message, place)
    if picture.mode not in MODES:
        message = f"Apple takes RGB colours without transparency. This one is {picture.mode}."
        yield Finding("warning", message, place)
