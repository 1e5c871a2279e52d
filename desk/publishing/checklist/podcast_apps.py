"""What podcast apps and directories reject or cut.

Sources: Apple's RSS requirements (podcasters.apple.com/support/823 and 5482), Spotify's help for
creators, the Podcasting 2.0 namespace.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from desk.publishing.checklist.context import CheckContext, FeedAudio, ImageInfo
from desk.publishing.checklist.items import ChecklistItem
from feeds.shownotes import SUMMARY_BYTES
from show.models import Show
from text.names import LANGUAGE_RULE, is_language

# Types that Apple accepts, by the extension of an enclosure's address.
TYPES = {
    ".mp3": ("audio/mpeg",),
    ".m4a": ("audio/mp4", "audio/x-m4a"),
    ".mp4": ("video/mp4",),
    ".m4v": ("video/x-m4v", "video/mp4"),
    ".mov": ("video/quicktime",),
}
SMALLEST, LARGEST = 1400, 3000  # pixels of Apple's artwork
MODES = ("RGB", "L", "P")  # without transparency
FEWEST_CHAPTERS = 3  # that Apple and Spotify show
NUMBERED = re.compile(r"^(?:ep(?:isode)?\.?\s*)?#?\d+\s*[:.–—-]", re.IGNORECASE)
RECORDING, TITLE, SUMMARY, IMAGE, TOPICS = (
    "audio#id_file", "#id_title", "#id_summary", "#id_image", "#topics-group",
)  # fmt: skip
# What can be typed of a recording that is stored elsewhere.
AUDIO = "#id_enclosure-0-"


def check_podcast_apps(context: CheckContext, show: Show) -> Iterator[ChecklistItem]:
    """Check the episode for podcast apps; of an interview only what its feed contains."""
    yield from _check_text(context, show)
    if context.language and not is_language(context.language):
        yield ChecklistItem("error", LANGUAGE_RULE % {"value": context.language}, "#id_language")
    if context.image:
        yield from check_image(context.image, IMAGE)
    if context.is_interview:
        return
    if show.type == Show.Type.SERIAL and not context.number:
        message = "The show is a serial: Apple sorts episodes by number and requires at least 1."
        yield ChecklistItem("error", message, "#id_number")
    if context.audio is None:
        yield ChecklistItem(
            "error", "The episode has no audio. Apps list only episodes with audio.", RECORDING
        )
    else:
        yield from _check_audio(context.audio)
    if 0 < len(context.topics) < FEWEST_CHAPTERS:
        message = f"Apple and Spotify show chapters only for {FEWEST_CHAPTERS} topics or more."
        yield ChecklistItem("warning", message, TOPICS)


def _check_text(context: CheckContext, show: Show) -> Iterator[ChecklistItem]:
    if not context.description:
        message = "The episode has neither summary nor introduction. Apps show only its title."
        yield ChecklistItem("warning", message, SUMMARY)
    if len(context.description.encode()) > SUMMARY_BYTES:
        message = f"Apps get only the first {SUMMARY_BYTES} bytes of the description."
        yield ChecklistItem("warning", message, SUMMARY)
    if NUMBERED.match(context.title):
        message = "The title begins with a number. Apple asks you to omit it: apps add it."
        yield ChecklistItem("warning", message, TITLE)
    if show.title.casefold() in context.title.casefold():
        message = f"The title contains “{show.title}”. Apple asks you to omit the show’s title."
        yield ChecklistItem("warning", message, TITLE)


def _check_audio(audio: FeedAudio) -> Iterator[ChecklistItem]:
    path = PurePosixPath(urlsplit(audio.address).path)
    types = TYPES.get(path.suffix.lower())
    if audio.is_missing:
        yield ChecklistItem("error", "The recording is missing. Upload its file.", RECORDING)
    if types is None:
        message = f"Apple accepts files ending in {', '.join(TYPES)}. This is “{path.name}”."
        yield ChecklistItem("error", message, f"{AUDIO}name")
    elif audio.type not in types:
        message = f"A file ending in {path.suffix} is {' or '.join(types)}, not {audio.type}."
        yield ChecklistItem("error", message, f"{AUDIO}type")
    if not audio.address.isascii():
        message = "Apple accepts only ASCII characters in a file’s address."
        yield ChecklistItem("error", message, f"{AUDIO}name")
    if not audio.bytes:
        yield ChecklistItem(
            "warning", "The size in bytes is unknown. Apple requires it.", f"{AUDIO}bytes"
        )
    if not audio.seconds:
        message = (
            "The length is unknown. Apps can show neither the length nor the end of the last topic."
        )
        yield ChecklistItem("warning", message, f"{AUDIO}seconds")


def check_image(image: ImageInfo | str, place: str) -> Iterator[ChecklistItem]:
    """Check the artwork of an episode or of the show."""
    if isinstance(image, str):
        yield ChecklistItem("error", "The image can’t be read.", place)
        return
    if image.format not in ("JPEG", "PNG"):
        yield ChecklistItem("error", f"Apple accepts JPEG and PNG, not {image.format}.", place)
    size = f"{image.width} × {image.height}"
    if image.width != image.height:
        yield ChecklistItem("error", f"Apple requires a square image. This one is {size}.", place)
    elif not SMALLEST <= image.width <= LARGEST:
        message = f"Apple requires {SMALLEST} to {LARGEST} pixels a side. This one is {size}."
        yield ChecklistItem("error", message, place)
    if image.mode not in MODES:
        message = f"Apple requires RGB colours without transparency. This image is {image.mode}."
        yield ChecklistItem("warning", message, place)
