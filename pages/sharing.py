"""Where others take an episode along: its player in a frame of their page, and how they ask for it.

The frame's code is what people copy and what oEmbed hands to programs.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

from episodes.models import Episode
from pages.addresses import absolute
from pages.moments import Moment
from pages.redirects import destination
from text.timecode import parse_timecode

WIDTH, HEIGHT = 640, 380  # pixels: title, player and the first chapters
EMBED = "/embed"
PAGE = re.compile(r"/podcast/([-\w]+)(?:\?t=(\d+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sharing:
    """What an episode's page offers to take along; `code` and `oembed` are empty without audio."""

    link: str
    code: str
    oembed: str


def sharing(episode: Episode, moment: Moment | None) -> Sharing:
    """The page's link, with the moment it shows, and the player from there."""
    start = moment.seconds if moment else None
    link = absolute(episode.get_absolute_url()) + at(start)
    if not hasattr(episode, "enclosure"):
        return Sharing(link, "", "")
    asked = urlencode({"format": "json", "url": link})
    return Sharing(link, iframe(episode, start), f"{absolute(reverse('oembed'))}?{asked}")


def iframe(
    episode: Episode, start: int | None, width: int | str = "100%", height: int = HEIGHT
) -> str:
    """HTML of a frame with the episode's player, which is at `start` seconds."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" frameborder="0" loading="lazy">'
        "</iframe>",
        absolute(reverse("embed", args=[episode.slug])) + at(start),
        episode.title,
        width,
        height,
    )


def at(start: int | None) -> str:
    """What an address says of a moment at these seconds."""
    return "" if start is None else f"?t={start}"


def asked_episode(url: str) -> tuple[str, int | None] | None:
    """Slug and second that an address of ours means, by whichever of its spellings.

    Moved addresses, short ones (`/37/25:26`), players' own; moments as `?t=` and `#25:26`. None
    for addresses of other sites and pages.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.netloc != urlsplit(settings.SITE_URL).netloc or "\0" in path:
        return None
    match = PAGE.fullmatch(destination(path.removesuffix(EMBED)) or "")
    if match is None:
        return None
    times = [*parse_qs(parts.query).get("t", []), parts.fragment, match[2] or ""]
    return match[1], next((start for start in map(_seconds, times) if start is not None), None)


def _seconds(time: str) -> int | None:
    try:
        return parse_timecode(time)
    except ValueError:
        return None
