"""Links to an episode for other sites: its URL, the code that embeds its player, oEmbed."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

from episodes.addresses import absolute_url
from episodes.models import Episode
from pages.moments import Moment, moment_query
from pages.redirects import resolve_redirect
from text.timecode import parse_span

WIDTH, HEIGHT = 640, 380  # pixels: title, player and the first chapters
EMBED = "/embed"
PAGE = re.compile(r"/podcast/([-\w]+)(?:\?t=(\d+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ShareLinks:
    """What an episode's page offers for sharing; `code` and `oembed` are empty without audio."""

    url: str
    code: str
    oembed: str


def share_links(episode: Episode, moment: Moment | None) -> ShareLinks:
    """Links to the episode, at the moment that the page shows."""
    url = absolute_url(episode.get_absolute_url()) + moment_query(moment)
    if not hasattr(episode, "enclosure"):
        return ShareLinks(url, "", "")
    query = urlencode({"format": "json", "url": url})
    code = iframe(episode, moment_query(moment))
    return ShareLinks(url, code, f"{absolute_url(reverse('oembed'))}?{query}")


def iframe(episode: Episode, moment: str, width: int | str = "100%", height: int = HEIGHT) -> str:
    """HTML of a frame with the episode's player; `moment` is `?t=…` if it plays one."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" frameborder="0" loading="lazy">'
        "</iframe>",
        absolute_url(reverse("embed", args=[episode.slug])) + moment,
        episode.title,
        width,
        height,
    )


def parse_episode_url(url: str) -> tuple[str, str] | None:
    """Slug and moment (`?t=…`, or nothing) of an episode's URL in any of its spellings.

    Moved addresses, short ones (`/37/25:26`), the player's; moments as `?t=`, `#t=` and `#25:26`.
    None for other pages and sites.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.netloc != urlsplit(settings.SITE_URL).netloc or "\0" in path:
        return None
    match = PAGE.fullmatch(resolve_redirect(path.removesuffix(EMBED)) or "")
    if match is None:
        return None
    times = [*parse_qs(parts.query).get("t", []), parts.fragment.removeprefix("t="), match[2] or ""]
    return match[1], next(filter(None, map(_moment, times)), "")


def _moment(time: str) -> str:
    try:
        start, end = parse_span(time)
    except ValueError:
        return ""
    return f"?t={start}" if end is None else f"?t={start},{end}"
